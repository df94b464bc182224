/**
 * Files of earlier versions move forward with all that they hold, or stay as they were.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeMessage } from '../../broker/src/message-record.ts'
import { openStore, SCHEMA_VERSION } from '../src/index.ts'
import { prepareSchema } from '../src/schema.ts'
import { SCHEMA_VERSIONS } from '../src/schema-versions.ts'
import { sampleExecution, sampleJob } from './state-contract.ts'

/** `N.sql` makes a file as the program of version N left it. */
const versions = new URL('versions/', import.meta.url)

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'schema-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function oldFile(version: number, name: string): string {
  const file = join(folder, `${version}-${name}.db`)
  const database = new DatabaseSync(file)
  database.exec(readFileSync(new URL(`${version}.sql`, versions), 'utf8'))
  database.close()
  return file
}

/** Tables and indexes without their layout. */
function schemaOf(file: string): unknown[] {
  const database = new DatabaseSync(file)
  const rows = database.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all()
  const pragmas = ['user_version', 'application_id'].map((pragma) =>
    database.prepare(`PRAGMA ${pragma}`).get(),
  )
  database.close()
  return [...rows.map(({ name, sql }) => [name, sql]), ...pragmas]
}

it('every version before this one has a file to move', () => {
  const files = readdirSync(versions).map((name) => Number.parseInt(name, 10))
  const wanted = Array.from({ length: SCHEMA_VERSION - 1 }, (_, index) => index + 1)
  expect(files.sort((one, other) => one - other)).toEqual(wanted)
})

describe.each(SCHEMA_VERSIONS.slice(1).map((_, index) => index + 1))('version %i', (version) => {
  it('moves forward with everything it holds', () => {
    const file = oldFile(version, 'kept')
    const store = openStore({ file })
    expect([...store.records.load('thing')]).toEqual([
      { key: 'T1', value: '{"thingName":"T1","version":1}' },
    ])
    expect([...store.records.load('s3LinkKey')]).toEqual([
      { key: 'key', value: new Uint8Array([0, 1, 254, 255]) },
    ])
    const deliveries = [...store.records.load('mqtt-delivery')]
    expect(deliveries.map(({ value }) => JSON.parse(String(value)) as unknown)).toEqual([
      { clientId: 'C1', retain: false, shareFilter: null, message: '0000000000000003' },
      { clientId: 'C2', retain: false, shareFilter: null, message: '0000000000000003' },
    ])
    const messages = [...store.records.load('mqtt-message')]
    expect(messages.map(({ key }) => key)).toEqual(['0000000000000003'])
    expect(decodeMessage(messages[0]?.value ?? '', 'a message')).toEqual({
      topic: 'a/b',
      payload: new Uint8Array(Buffer.from('hé\n')),
      qos: 1,
      retain: false,
      expiresAtMs: Infinity,
      publisherClientId: 'pub',
      properties: { contentType: 'text/plain', correlationData: new Uint8Array([0, 1, 255]) },
    })
    expect(store.jobs.job('J1')?.config).toEqual(sampleJob('J1', { description: "it's" }).config)
    expect(store.jobs.pending('T1', undefined, 10)).toEqual([
      sampleExecution(1, 'J1', 'T1', { statusDetails: { step: '1' } }),
    ])
    expect(store.jobs.latestExecution('J1', 'T2')?.status).toBe('SUCCEEDED')
    expect(store.jobs.nextOrder()).toBe(3)
    expect(store.jobs.takeTargets('J1', 10)).toEqual(['T3', 'T4'])
    expect(store.jobs.nextDueAtMs()).toBe(2000)
    expect(store.jobs.template('P1')).toMatchObject({ description: 'd', document: '{}' })
    if (version >= 4) {
      expect(store.shadows.get('T1', '')).toMatchObject({ state: '{"reported":{"v":1.0}}' })
      expect(store.shadows.get('T1', 'old')).toEqual({ version: 5, deletedAtMs: 1000 })
    }
    if (version >= 5) {
      expect(store.streams.stream('S1')).toMatchObject({ description: "it's ü", otaUpdateId: 'U1' })
      expect(store.streams.otaUpdate('U1')).toMatchObject({ awsIotJobId: 'AFR_OTA-U1' })
    }
    store.close()
  })

  it('has the schema of a new file afterwards, and is not moved twice', () => {
    const file = oldFile(version, 'same')
    const made = join(folder, `${version}-new.db`)
    for (const one of [file, made]) openStore({ file: one }).close()
    expect(schemaOf(file)).toEqual(schemaOf(made))
    openStore({ file }).close()
    expect(schemaOf(file)).toEqual(schemaOf(made))
  })

  it('stays as it was when a step fails', () => {
    const file = oldFile(version, 'failed')
    const before = readFileSync(file)
    const database = new DatabaseSync(file)
    const failing = {
      tables: [],
      move: (open: DatabaseSync): void => open.exec('DROP TABLE jobs; SELECT * FROM nowhere'),
    }
    expect(() => prepareSchema(database, file, [...SCHEMA_VERSIONS, failing])).toThrow('nowhere')
    database.close()
    expect(readFileSync(file)).toEqual(before)
    const store = openStore({ file })
    expect(store.jobs.job('J1')).toBeDefined()
    store.close()
  })
})

it('a file that says to be of this version but does not name Muster is refused', () => {
  const file = join(folder, 'unnamed.db')
  openStore({ file }).close()
  const database = new DatabaseSync(file)
  database.exec('PRAGMA application_id = 1')
  database.close()
  expect(() => openStore({ file })).toThrow('it is a database, but not one of Muster')
})
