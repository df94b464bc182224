/** Data that somebody damaged, took away or never had: told with its file, and never passed over. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CreateJobCommand } from '@aws-sdk/client-iot'
import { createDevice, startTestServer, type TestServer } from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { startServer } from '../src/index.ts'

/** A server with data, closed in good order; its folder stays until the test is done. */
async function closedServer(): Promise<{ readonly server: TestServer; readonly data: string }> {
  const server = await startTestServer()
  onTestFinished(() => server.close())
  const { thingArn } = await createDevice(server.iot, 'T1')
  await server.iot.send(new CreateJobCommand({ jobId: 'J1', targets: [thingArn], document: '{}' }))
  await server.advance(1)
  return { server, data: server.options.dataDir ?? '' }
}

function damage(data: string, sql: string): void {
  const database = new DatabaseSync(join(data, 'muster.db'))
  database.exec(sql)
  database.close()
}

it.each([
  ['a record', "UPDATE records SET value = '{' WHERE kind = 'thing'", 'record thing T1'],
  ['a record', "UPDATE records SET value = 'null' WHERE kind = 'thing'", 'record thing T1'],
  ['a record', "UPDATE records SET value = '' WHERE kind = 'thing'", 'record thing T1'],
  [
    'a retained message',
    "INSERT INTO records VALUES ('mqtt-retained', 't', '[')",
    'record mqtt-retained t',
  ],
  ['a message', "INSERT INTO records VALUES ('mqtt-message', '1', x'00')", 'record mqtt-message 1'],
  ['an execution', "UPDATE executions SET details = 'null'", 'execution 1 of job J1 on T1'],
])('%s that is damaged is named with the folder it lies in', async (_what, sql, named) => {
  const { server, data } = await closedServer()
  damage(data, sql)
  const { restart } = server
  await expect(restart()).rejects.toThrow(named)
  await expect(startServer(server.options)).rejects.toThrow(data)
})

it('a database that is gone beside its authority is told, and nothing starts empty', async () => {
  const { server, data } = await closedServer()
  await server.stop()
  rmSync(join(data, 'muster.db'))
  await expect(startServer(server.options)).rejects.toThrow(
    `the database ${join(data, 'muster.db')} is missing, but there was one`,
  )
  // Who takes the mark away too means it; it is told all the same.
  rmSync(join(data, 'muster.db-mark'))
  const empty = await startServer(server.options)
  expect(empty.notes.join()).toContain('but there was no database: the account starts empty')
  await empty.close()
})

it('a server whose log was taken away while nobody ran says what may be lost, until a reset', async () => {
  const { server, data } = await closedServer()
  await server.stop()
  // As a killed server leaves it, but for the log.
  writeFileSync(join(data, 'muster.db-mark'), 'open\n')
  const again = await startServer(server.options)
  onTestFinished(() => again.close())
  expect(again.notes.join()).toContain('something is lost: its log')
  const health = async (): Promise<unknown> =>
    (await fetch(`http://127.0.0.1:${again.httpPort}/_muster/health`)).json()
  expect(await health()).toMatchObject({ status: 'degraded', setAside: [{ name: 'the store' }] })
  await fetch(`http://127.0.0.1:${again.httpPort}/_muster/reset`, { method: 'POST' })
  expect(await health()).toMatchObject({ status: 'ok' })
})
