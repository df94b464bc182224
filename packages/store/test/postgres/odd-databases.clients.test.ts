/** Databases that are not set up, or not left, as a core expects. */
import { expect, it } from 'vitest'
import { DatabaseConnection } from '../../src/postgres/database-connection.ts'
import { connectionOf, ledStores } from './led-stores.ts'

const { cluster, open } = ledStores()

/** A database that a leader kept something in, and left. */
async function usedDatabase(): Promise<string> {
  const url = await cluster().newDatabase()
  const store = await open(url)
  store.records.put('kind', 'a', 'a')
  store.commit()
  await store.close()
  return url
}

it('a database whose encoding cannot keep every text is refused at the start', async () => {
  const url = await cluster().newDatabase()
  const make = (name: string, encoding: string): Promise<unknown> =>
    cluster().query(
      url,
      `CREATE DATABASE ${name} ENCODING '${encoding}' TEMPLATE template0 LOCALE 'C'`,
    )
  await make('latin', 'LATIN1')
  const latin = url.replace(/[^/]+$/, 'latin')
  await expect(open(latin)).rejects.toThrow('/latin cannot be used: its encoding is LATIN1')
  // One that knows no encoding keeps what it is given.
  await make('bytes', 'SQL_ASCII')
  const bytes = url.replace(/[^/]+$/, 'bytes')
  const store = await open(bytes)
  store.records.put('kind', 'a', '\u{1F600}')
  store.commit()
  await store.close()
  expect((await open(bytes)).records.get('kind', 'a')).toBe('\u{1F600}')
})

it('a database without the leader’s row is refused, and does not pass for an empty one', async () => {
  const url = await usedDatabase()
  await cluster().query(url, 'DELETE FROM muster.leader')
  await expect(open(url)).rejects.toThrow('cannot be used: muster.leader has no row')
})

it('a database whose tables were changed is refused by name', async () => {
  const url = await usedDatabase()
  await cluster().query(url, 'ALTER TABLE muster.records DROP COLUMN value_bytes')
  await expect(open(url)).rejects.toThrow(/^the database postgres:.* cannot be used: column/)
})

it.each([
  ['off', 'on'],
  ['remote_apply', 'remote_apply'],
])('synchronous_commit %s is %s for a core', async (configured, used) => {
  const url = await cluster().newDatabase()
  const { database } = connectionOf(url)
  await cluster().query(url, `ALTER DATABASE ${database} SET synchronous_commit = ${configured}`)
  const connection = await DatabaseConnection.open(connectionOf(url))
  expect(await connection.rows('SHOW synchronous_commit')).toEqual([[used]])
  await connection.close()
})
