/** Rules of the device gateway on the wire of one real server, as MQTT.js meets them. */
import { CreateThingTypeCommand, UpdateThingCommand } from '@aws-sdk/client-iot'
import {
  connectMqtt,
  createDevice,
  OPEN_POLICY,
  startTestServer,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import type { MqttClient } from 'mqtt'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'

let server: TestServer
let sensor: TestDevice
let watcher: TestDevice
beforeAll(async () => {
  server = await startTestServer()
  sensor = await createDevice(server.iot, 'sensor', { policyDocument: OPEN_POLICY })
  watcher = await createDevice(server.iot, 'watcher', { policyDocument: OPEN_POLICY })
})
afterAll(() => server.close())

async function connected(device: TestDevice, protocolVersion: 4 | 5): Promise<MqttClient> {
  const client = await connectMqtt(server, device, { protocolVersion })
  onTestFinished(() => client.endAsync(true))
  return client
}

/** What the next event of this name says. */
function event(client: MqttClient, name: 'close' | 'disconnect' | 'message'): Promise<unknown[]> {
  return new Promise((resolve) => client.once(name, (...said: unknown[]) => resolve(said)))
}

it.each([4, 5] as const)(
  'gateway G41, A6: MQTT.js of version %i that subscribes to nine filters is cut',
  async (version) => {
    const client = await connected(sensor, version)
    const ended = event(client, 'close')
    const disconnect = version === 5 ? event(client, 'disconnect') : undefined
    const nine = Array.from({ length: 9 }, (_, index) => `t/${index}`)
    client.subscribe(nine, () => {})
    await ended
    if (disconnect !== undefined) expect(await disconnect).toMatchObject([{ reasonCode: 151 }])
    const again = await connected(sensor, version)
    expect(await again.subscribeAsync(nine.slice(1))).toHaveLength(8)
  },
)

it('gateway G131: an agent with shadow, tunnel, metrics and streams beside Jobs keeps its session', async () => {
  const client = await connected(sensor, 4)
  const topics = [
    'shadow/get/accepted',
    'shadow/name/x/update/delta',
    'tunnels/notify',
    'defender/metrics/json/accepted',
    'streams/s/data/json',
    'jobs/notify-next',
  ].map((topic) => `$aws/things/sensor/${topic}`)
  const granted = await client.subscribeAsync(topics, { qos: 1 })
  expect(granted.map(({ qos }) => qos)).toEqual(topics.map(() => 1))
  await client.publishAsync('$aws/things/sensor/defender/metrics/json', '{}', { qos: 1 })
  const { decisions } = (await (await server.admin('GET', 'decisions?clientId=sensor')).json()) as {
    readonly decisions: readonly { readonly reason?: string; readonly summary?: string }[]
  }
  const told = decisions.find(({ reason }) => reason === 'NOT_IMPLEMENTED')
  expect(told?.summary).toContain('no part of Device Defender')
})

it('gateway G132, neighbours N174, N175: what a device publishes carries what its thing type propagates', async () => {
  const propagatingAttributes = [
    { userPropertyKey: 'site', thingAttribute: 'site' },
    { userPropertyKey: 'client', connectionAttribute: 'iot:ClientId' },
  ]
  await server.iot.send(
    new CreateThingTypeCommand({
      thingTypeName: 'located',
      thingTypeProperties: { mqtt5Configuration: { propagatingAttributes } },
    }),
  )
  const locate = (site: string): Promise<unknown> =>
    server.iot.send(
      new UpdateThingCommand({
        thingName: 'sensor',
        thingTypeName: 'located',
        attributePayload: { attributes: { site } },
      }),
    )
  const listener = await connected(watcher, 5)
  await listener.subscribeAsync('readings')
  const device = await connected(sensor, 4)
  for (const site of ['north', 'south']) {
    await locate(site)
    const heard = event(listener, 'message')
    await device.publishAsync('readings', '21', { qos: 1 })
    const [, , packet] = await heard
    expect(packet).toMatchObject({ properties: { userProperties: { site, client: 'sensor' } } })
  }
  const shadow = '$aws/things/sensor/shadow/get'
  await listener.subscribeAsync([shadow, `${shadow}/#`])
  const heard: unknown[] = []
  const answered = new Promise<void>((resolve) =>
    listener.on('message', (topic, _payload, { properties }) => {
      heard.push([topic, properties?.userProperties])
      if (topic !== shadow) resolve()
    }),
  )
  await device.publishAsync(shadow, '', { qos: 1 })
  await answered
  expect(heard).toEqual([
    [shadow, expect.objectContaining({ site: 'south', client: 'sensor' })],
    [`${shadow}/rejected`, undefined],
  ])
})
