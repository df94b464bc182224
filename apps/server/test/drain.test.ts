/** A server that is told to stop parts with its clients over time, and says so to those of MQTT 5. */
import { connectMqtt, createDevice, OPEN_POLICY, startTestServer } from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'

it.each([
  ['its own listeners', undefined],
  ['gateways', { kind: 'local', count: 2 } as const],
])('with %s: no client comes any more, each that is there is told', async (_edge, gateways) => {
  const server = await startTestServer({ gateways, drainSeconds: 0.5 })
  onTestFinished(() => server.close())
  const told: (number | undefined)[] = []
  const closed: Promise<void>[] = []
  for (const name of ['one', 'two', 'three', 'four']) {
    const device = await createDevice(server.iot, name, { policyDocument: OPEN_POLICY })
    const client = await connectMqtt(server, device, { protocolVersion: 5 })
    client.once('disconnect', ({ reasonCode }) => told.push(reasonCode))
    closed.push(new Promise((resolve) => client.once('close', resolve)))
  }
  const late = await createDevice(server.iot, 'late', { policyDocument: OPEN_POLICY })
  await server.drain()
  await Promise.all(closed)
  expect(told).toEqual([139, 139, 139, 139])
  await expect(connectMqtt(server, late)).rejects.toThrow()
})
