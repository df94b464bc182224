/**
 * `muster core` and `muster gateway` over a real NATS, each a process of its own: what is lost when one
 * of them dies, and who comes back to whom.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IoTClient } from '@aws-sdk/client-iot'
import { startNats, type TestNats } from '@muster/link/testkit'
import {
  connectMqtt,
  createDevice,
  OPEN_POLICY,
  startGateway,
  startMuster,
  TEST_CREDENTIALS,
  type ServerProcess,
  type TestDevice,
  type TestGateway,
} from '@muster/server/testkit'
import type { MqttClient } from 'mqtt'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'

const data = mkdtempSync(join(tmpdir(), 'muster-core-'))

let nats: TestNats
let core: ServerProcess
let gateways: TestGateway[]
let lamp: TestDevice
let caPem: string

function startCore(httpPort = 0): Promise<ServerProcess> {
  return startMuster(['core', '--bus', nats.url, '--data', data, '--http-port', String(httpPort)])
}

beforeAll(async () => {
  nats = await startNats()
  core = await startCore()
  caPem = readFileSync(core.caFile, 'utf8')
  gateways = await Promise.all(
    ['g1', 'g2'].map((name) => startGateway(nats.url, ['--name', name, '--drain-seconds', '1'])),
  )
  const iot = new IoTClient({
    endpoint: `http://127.0.0.1:${core.httpPort}`,
    region: 'us-east-1',
    credentials: TEST_CREDENTIALS,
  })
  lamp = await createDevice(iot, 'lamp', { policyDocument: OPEN_POLICY })
  iot.destroy()
})
afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.kill('SIGKILL')))
  await core.kill('SIGKILL')
  await nats.kill('SIGKILL')
  rmSync(data, { recursive: true, force: true })
})

function through(gateway: TestGateway | undefined, more: object = {}): Promise<MqttClient> {
  return connectMqtt({ mqttPort: gateway?.mqttPort ?? 0, caPem }, lamp, more)
}

/** Connects as soon as somebody takes it. */
function again(gateway: TestGateway | undefined, more: object = {}): Promise<MqttClient> {
  return vi.waitFor(() => through(gateway, more))
}

async function gone(client: MqttClient): Promise<void> {
  if (client.connected) await new Promise<void>((resolve) => client.once('close', resolve))
  client.end(true)
}

async function healthOf(port: number): Promise<{ status: string; gateways?: { name: string }[] }> {
  const answer = await fetch(`http://127.0.0.1:${port}/_muster/health`)
  return (await answer.json()) as { status: string; gateways?: { name: string }[] }
}

it('core and gateways tell where they are, and the core’s health covers all', async () => {
  expect(core).toMatchObject({ ready: true, httpPort: expect.any(Number) })
  const names = (await healthOf(core.httpPort)).gateways?.map(({ name }) => name)
  expect(new Set(names)).toEqual(new Set(['g1', 'g2']))
  for (const { healthPort } of gateways) expect((await healthOf(healthPort)).status).toBe('ok')
})

it('a client that comes by another gateway takes its session over', async () => {
  const [first, second] = gateways
  const before = await through(first)
  const after = await through(second)
  await gone(before)
  expect(after.connected).toBe(true)
  await after.endAsync()
})

it('a gateway with another join token is refused, and ends', async () => {
  vi.stubEnv('MUSTER_JOIN_TOKEN', 'another one')
  await expect(startGateway(nats.url, [])).rejects.toThrow(/the join token is not the core’s/)
  vi.unstubAllEnvs()
})

it('kill -9 of the core: clients are cut off, and come back to the next one with their sessions', async () => {
  const [gateway] = gateways
  const client = await through(gateway, { clean: false })
  await client.subscribeAsync('lamp/orders', { qos: 1 })
  await client.publishAsync('lamp/kept', 'acknowledged', { qos: 1, retain: true })
  const { httpPort } = core
  await core.kill('SIGKILL')
  await gone(client)
  await vi.waitFor(async () => {
    expect((await healthOf(gateway?.healthPort ?? 0)).status).toBe('joining')
  })
  await expect(through(gateway)).rejects.toThrow()
  core = await startCore(httpPort)
  const later = await again(gateway, { clean: false })
  const heard = new Promise<string>((resolve) =>
    later.once('message', (topic, payload) => resolve(`${topic}: ${String(payload)}`)),
  )
  await later.publishAsync('lamp/orders', 'the session is there', { qos: 1 })
  expect(await heard).toBe('lamp/orders: the session is there')
  const kept = new Promise<string>((resolve) =>
    later.once('message', (_topic, payload) => resolve(String(payload))),
  )
  await later.subscribeAsync('lamp/kept')
  expect(await kept).toBe('acknowledged')
  await later.endAsync()
})

it('NATS that is killed and started again: gateways join again', async () => {
  const [, gateway] = gateways
  const client = await again(gateway)
  const { port } = new URL(nats.url)
  await nats.kill('SIGKILL')
  await gone(client)
  nats = await startNats(['-a', '127.0.0.1', '-p', port])
  const later = await again(gateway)
  await later.endAsync()
})

it('kill -9 of a gateway: its clients come back by another', async () => {
  const [first, second] = gateways
  const client = await again(first)
  await first?.kill('SIGKILL')
  await gone(client)
  const later = await through(second)
  await later.endAsync()
})

it('a gateway that is told to stop parts with its clients, an MQTT 5 one with its reason', async () => {
  const [, second] = gateways
  const client = await through(second, { protocolVersion: 5 })
  const told = new Promise<number | undefined>((resolve) =>
    client.once('disconnect', ({ reasonCode }) => resolve(reasonCode)),
  )
  await second?.kill('SIGTERM')
  expect(await told).toBe(139)
  client.end(true)
})
