/** A write that the disk refuses: nobody is told that it was done, and the server must stop. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CreateThingCommand } from '@aws-sdk/client-iot'
import { connectMqtt, createDevice, OPEN_POLICY, startTestServer } from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'
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
  const asked = faults.length
  expect(asked).toBeGreaterThan(0)
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
  expect(faults.length).toBeGreaterThan(asked)
  expect(String(faults[0])).toContain('disk')
})
