/** Data that somebody damaged, took away or never had: told with its file, and never passed over. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CreateJobCommand } from '@aws-sdk/client-iot'
import {
  connectMqtt,
  createDevice,
  OPEN_POLICY,
  startTestServer,
  type TestServer,
} from '@muster/server/testkit'
import type { MqttClient } from 'mqtt'
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

function nextTopic(client: MqttClient): Promise<string> {
  return new Promise((resolve) => client.once('message', (topic) => resolve(topic)))
}

it('a retained message that cannot be encoded costs its receiver the connection, and nobody else', async () => {
  const { server, data } = await closedServer()
  const open = { policyDocument: OPEN_POLICY }
  const message = {
    topic: 'broken/message',
    payload: 'eA==',
    qos: 0,
    retain: true,
    expiresAtMs: null,
    publisherClientId: null,
    properties: { contentType: 5 },
  }
  const record = JSON.stringify({ lastModifiedMs: 0, message })
  damage(data, `INSERT INTO records VALUES ('mqtt-retained', 'broken/message', '${record}')`)
  const again = await server.restart()
  onTestFinished(() => again.close())
  const health = async (): Promise<object> =>
    (await (await again.admin('GET', 'health')).json()) as object
  const reader = await createDevice(again.iot, 'reader', open)
  const other = await connectMqtt(again, await createDevice(again.iot, 'other', open))
  const cut = await connectMqtt(again, reader, { protocolVersion: 5, reconnectPeriod: 0 })
  onTestFinished(() => {
    for (const client of [cut, other]) client.end(true)
  })
  const closed = new Promise<void>((resolve) => cut.once('close', () => resolve()))
  cut.subscribe('broken/message')
  await closed
  expect(await health()).toMatchObject({
    status: 'degraded',
    setAside: [
      {
        name: 'an MQTT delivery',
        message: expect.stringMatching(
          /^a message on `broken\/message` cannot be encoded for `reader`: TypeError/,
        ) as string,
      },
    ],
  })
  expect(await (await again.admin('GET', 'metrics')).text()).toContain('muster_failures_total 1\n')
  const told = nextTopic(other)
  await other.subscribeAsync('whole/message')
  await other.publishAsync('whole/message', 'x')
  expect(await told).toBe('whole/message')
  // The same message over MQTT 3.1.1, which has no properties, is whole.
  const plain = nextTopic(other)
  await other.subscribeAsync('broken/message')
  expect(await plain).toBe('broken/message')
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
