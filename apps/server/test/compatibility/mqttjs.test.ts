/** MQTT.js, both protocol levels, on every listener: a job from notification to the end. */
import { Sha256 } from '@aws-crypto/sha256-js'
import { CreateJobCommand, DescribeJobCommand } from '@aws-sdk/client-iot'
import {
  createDevice,
  mqttOptions,
  startTestServer,
  TEST_CREDENTIALS,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import { HttpRequest } from '@smithy/protocol-http'
import { SignatureV4 } from '@smithy/signature-v4'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

type Dial = (device: TestDevice, more: IClientOptions) => Promise<MqttClient>

const WAYS: readonly (readonly [string, Dial])[] = [
  ['port 8883', (device, more) => mqtt.connectAsync(mqttOptions(server, device, more))],
  [
    'ALPN x-amzn-mqtt-ca',
    (device, more) => {
      const alpn = { port: server.alpnPort, ALPNProtocols: ['x-amzn-mqtt-ca'] }
      return mqtt.connectAsync(mqttOptions(server, device, { ...more, ...alpn }))
    },
  ],
  [
    'WebSocket with SigV4',
    async (device, more) =>
      mqtt.connectAsync(await presigned(), {
        ...more,
        ca: server.caPem,
        clientId: device.thingName,
        reconnectPeriod: 0,
      }),
  ],
]
const CASES = WAYS.flatMap(([way, dial]) =>
  ([4, 5] as const).map((protocolVersion) => ({ way, dial, protocolVersion })),
)

it.each(CASES)(
  'gateway G1, jobs J3, J4, J13: MQTT.js, protocol level $protocolVersion, by $way',
  async ({ way, dial, protocolVersion }) => {
    const thingName = `js-${protocolVersion}-${way.replaceAll(/\W/g, '')}`
    const device = await createDevice(server.iot, thingName)
    const client = await dial(device, { protocolVersion })
    onTestFinished(() => client.endAsync())
    const jobs = `$aws/things/${thingName}/jobs`
    await client.subscribeAsync(`${jobs}/notify-next`, { qos: 1 })

    const announced = answer(client)
    const { thingArn } = device
    const jobId = `job-${thingName}`
    await server.iot.send(
      new CreateJobCommand({ jobId, targets: [thingArn], document: '{"operation":"reboot"}' }),
    )
    expect(await announced).toMatchObject({
      topic: `${jobs}/notify-next`,
      body: { execution: { jobId, status: 'QUEUED', jobDocument: { operation: 'reboot' } } },
    })
    const started = answer(client)
    await client.publishAsync(`${jobs}/start-next`, '{"clientToken":"t"}', { qos: 1 })
    expect(await started).toMatchObject({
      topic: `${jobs}/start-next/accepted`,
      body: { clientToken: 't', execution: { jobId, status: 'IN_PROGRESS' } },
    })
    const update = { status: 'SUCCEEDED', expectedVersion: 2, includeJobExecutionState: true }
    const updated = answer(client)
    await client.publishAsync(`${jobs}/${jobId}/update`, JSON.stringify(update), { qos: 1 })
    expect(await updated).toMatchObject({
      topic: `${jobs}/${jobId}/update/accepted`,
      body: { executionState: { status: 'SUCCEEDED', versionNumber: 3 } },
    })
    const described = await server.iot.send(new DescribeJobCommand({ jobId }))
    expect(described.job?.status).toBe('COMPLETED')
  },
)

function answer(client: MqttClient): Promise<{ topic: string; body: unknown }> {
  return new Promise((resolve) =>
    client.once('message', (topic, payload) =>
      resolve({ topic, body: JSON.parse(payload.toString()) }),
    ),
  )
}

async function presigned(): Promise<string> {
  const host = `localhost:${server.alpnPort}`
  const signer = new SignatureV4({
    service: 'iotdevicegateway',
    region: 'us-east-1',
    credentials: TEST_CREDENTIALS,
    sha256: Sha256,
  })
  const { query = {} } = await signer.presign(
    new HttpRequest({ hostname: 'localhost', path: '/mqtt', headers: { host } }),
    { expiresIn: 300 },
  )
  const pairs = Object.entries(query).map(([name, value]) => [name, String(value)])
  return `wss://${host}/mqtt?${new URLSearchParams(pairs).toString()}`
}
