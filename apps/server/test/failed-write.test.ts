/** A write that the disk refuses: nobody is told that it was done, and the server must stop. */
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CreateThingCommand, IoTClient } from '@aws-sdk/client-iot'
import {
  connectMqtt,
  createDevice,
  OPEN_POLICY,
  startServerProcess,
  startTestServer,
  TEST_CREDENTIALS,
} from '@muster/server/testkit'
import { expect, it, onTestFinished, vi } from 'vitest'
import { handshake, rawClient } from './listeners-fixture.ts'

it('a request and a publish whose writes fail are not acknowledged, and the server is told to stop', async () => {
  const faults: unknown[] = []
  const server = await startTestServer({ onCommitFailed: (cause) => faults.push(cause) })
  onTestFinished(() => server.close())
  const device = await createDevice(server.iot, 'T1', { policyDocument: OPEN_POLICY })
  const waiting = await connectMqtt(server, device, { clientId: 'waiting', clean: false })
  await waiting.subscribeAsync('t', { qos: 1 })
  await waiting.endAsync()
  const sender = rawClient(await handshake(server, device), { clientId: 'sender' })
  expect((await sender.next()).cmd).toBe('connack')

  const disk = new DatabaseSync(join(server.options.dataDir ?? '', 'muster.db'))
  disk.exec("CREATE TRIGGER no BEFORE INSERT ON records BEGIN SELECT RAISE(ABORT, 'disk'); END")
  disk.close()
  await expect(
    server.iot.send(new CreateThingCommand({ thingName: 'lost' })),
  ).rejects.toMatchObject({ name: 'InternalFailureException' })
  await vi.waitUntil(() => faults.length > 0)
  const asked = faults.length
  sender.send({
    cmd: 'publish',
    topic: 't',
    payload: 'x',
    qos: 1,
    messageId: 1,
    dup: false,
    retain: false,
  })
  expect(await sender.closed()).toEqual([])
  await vi.waitUntil(() => faults.length > asked)
  expect(String(faults[0])).toContain('disk')
})

it('a server that must stop answers whoever waits before it does', async () => {
  const data = mkdtempSync(join(tmpdir(), 'muster-failed-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  const server = await startServerProcess(['--data', data])
  onTestFinished(() => server.kill('SIGKILL'))
  const iot = new IoTClient({
    endpoint: `http://127.0.0.1:${server.httpPort}`,
    region: 'us-east-1',
    credentials: TEST_CREDENTIALS,
    maxAttempts: 1,
  })
  await iot.send(new CreateThingCommand({ thingName: 'kept' }))
  const disk = new DatabaseSync(join(data, 'muster.db'))
  disk.exec("CREATE TRIGGER no BEFORE INSERT ON records BEGIN SELECT RAISE(ABORT, 'disk'); END")
  disk.close()
  const create = (thingName: string): Promise<unknown> =>
    iot.send(new CreateThingCommand({ thingName }))
  const answers = await Promise.allSettled(['lost-1', 'lost-2', 'lost-3'].map(create))
  for (const answer of answers) {
    const reason: unknown = answer.status === 'rejected' ? answer.reason : undefined
    expect(reason).toMatchObject({ name: 'InternalFailureException' })
  }
  expect(await server.ended).toBe(1)
})

it.each([
  ['the folder', (data: string) => rmSync(data, { recursive: true })],
  ['the database', (data: string) => rmSync(join(data, 'muster.db'))],
  ['its log', (data: string) => rmSync(join(data, 'muster.db-wal'))],
  [
    'another file in its place',
    (data: string) => {
      writeFileSync(join(data, 'other'), readFileSync(join(data, 'muster.db')))
      renameSync(join(data, 'other'), join(data, 'muster.db'))
    },
  ],
])(
  'a server whose data is taken away while it runs (%s) acknowledges nothing more',
  async (...how) => {
    const [, take] = how
    const faults: unknown[] = []
    const server = await startTestServer({ onCommitFailed: (cause) => faults.push(cause) })
    onTestFinished(() => server.close().catch(() => {}))
    await server.iot.send(new CreateThingCommand({ thingName: 'kept' }))
    take(server.options.dataDir ?? '')
    await expect(
      server.iot.send(new CreateThingCommand({ thingName: 'lost' })),
    ).rejects.toMatchObject({ name: 'InternalFailureException' })
    await vi.waitUntil(() => faults.length > 0)
    expect(String(faults[0])).toContain('was removed or replaced while it was open')
  },
)
