/** Device shadows on the wire: MQTT and HTTPS with a certificate, HTTPS with SigV4. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DeleteThingCommand, DetachThingPrincipalCommand } from '@aws-sdk/client-iot'
import {
  DeleteThingShadowCommand,
  GetThingShadowCommand,
  IoTDataPlaneClient,
  ListNamedShadowsForThingCommand,
  UpdateThingShadowCommand,
} from '@aws-sdk/client-iot-data-plane'
import {
  connectMqtt,
  createDevice,
  mqttOptions,
  OPEN_POLICY,
  requestHttps,
  startServerProcess,
  startTestServer,
  TEST_CREDENTIALS,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import mqtt, { type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'

const arn = (resource: string): string => `arn:aws:iot:us-east-1:123456789012:${resource}`
const allow = (
  ...statements: readonly (readonly [string | string[], string | string[]])[]
): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map(([Action, Resource]) => ({ Effect: 'Allow', Action, Resource })),
  })
const shadow = '$aws/things/lamp/shadow'

let server: TestServer
let lamp: TestDevice
let watcher: TestDevice
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())
beforeEach(async () => {
  await server.admin('POST', 'reset')
  lamp = await createDevice(server.iot, 'lamp', { policyDocument: OPEN_POLICY })
  watcher = await createDevice(server.iot, 'watcher', { policyDocument: OPEN_POLICY })
})

async function connected(device: TestDevice, more: IClientOptions = {}): Promise<MqttClient> {
  const client = await connectMqtt(server, device, more)
  onTestFinished(() => client.endAsync(true))
  return client
}

/** The next messages of a client, as they come. */
function messages(client: MqttClient, count: number): Promise<[IPublishPacket, unknown][]> {
  const received: [IPublishPacket, unknown][] = []
  return new Promise((resolve) => {
    const take = (_topic: string, payload: Buffer, packet: IPublishPacket): void => {
      received.push([packet, JSON.parse(String(payload))])
      if (received.length < count) return
      client.off('message', take)
      resolve(received)
    }
    client.on('message', take)
  })
}

const update = (thingName: string, state: unknown, shadowName?: string): Promise<unknown> =>
  server.iotData.send(
    new UpdateThingShadowCommand({
      thingName,
      shadowName,
      payload: Buffer.from(JSON.stringify({ state })),
    }),
  )

describe('over MQTT', () => {
  it('neighbours N9, N10, N35: requests and answers are messages of the broker, QoS 1, not retained', async () => {
    const [device, other] = [await connected(lamp), await connected(watcher)]
    await other.subscribeAsync(`${shadow}/#`, { qos: 1 })
    const heard = messages(other, 4)
    const payload = '{"state":{"desired":{"on":true}},"clientToken":"mine"}'
    await device.publishAsync(`${shadow}/update`, payload, { qos: 1 })
    const received = await heard
    expect(received.map(([packet]) => [packet.topic, packet.qos, packet.retain])).toEqual([
      [`${shadow}/update`, 1, false],
      [`${shadow}/update/accepted`, 1, false],
      [`${shadow}/update/delta`, 1, false],
      [`${shadow}/update/documents`, 1, false],
    ])
    expect(received[1]?.[1]).toMatchObject({ version: 1, clientToken: 'mine' })
    const late = await connected(lamp, { clientId: 'late' })
    await late.subscribeAsync([`${shadow}/#`, 'sentinel'], { qos: 1 })
    const next = messages(late, 1)
    await device.publishAsync('sentinel', '1', { qos: 1 })
    expect((await next)[0]?.[0].topic).toBe('sentinel')
  })

  it('neighbours N10: who is away with a session gets the deltas later', async () => {
    const away = await connected(lamp, { clean: false })
    await away.subscribeAsync(`${shadow}/update/delta`, { qos: 1 })
    await away.endAsync()
    await update('lamp', { desired: { a: 1 } })
    await update('lamp', { desired: { a: 2 } })
    const back = mqtt.connect(mqttOptions(server, lamp, { clean: false }))
    onTestFinished(() => back.endAsync(true))
    const waiting = messages(back, 2)
    const deltas = (await waiting).map(([, body]) => (body as { state: unknown }).state)
    expect(deltas).toEqual([{ a: 1 }, { a: 2 }])
  })

  it('neighbours N12: the topic is asked for, and not the shadow action', async () => {
    const topics = ['get', 'get/rejected'].map((topic) => arn(`topic/${shadow}/${topic}`))
    const policyDocument = allow(
      ['iot:Connect', '*'],
      ['iot:Subscribe', '*'],
      [['iot:Publish', 'iot:Receive'], topics],
    )
    const guest = await createDevice(server.iot, 'guest', { policyDocument })
    const client = await connected(guest)
    await client.subscribeAsync([`${shadow}/get/accepted`, `${shadow}/get/rejected`], { qos: 1 })
    const refused = messages(client, 1)
    await client.publishAsync(`${shadow}/get`, '', { qos: 1 })
    expect((await refused)[0]).toMatchObject([
      { topic: `${shadow}/get/rejected` },
      { code: 404, message: "No shadow exists with name: 'lamp'" },
    ])
    await update('lamp', { reported: { a: 1 } })
    // Accepted now, which this one may not receive.
    const heard: string[] = []
    client.on('message', (topic) => heard.push(topic))
    await client.publishAsync(`${shadow}/get`, '', { qos: 1 })
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
    client.publish(`${shadow}/update`, '{"state":{}}', { qos: 1 })
    await closed
    expect(heard).toEqual([])
  })

  it('a rejected request is told to the operator, with what would mend it', async () => {
    const client = await connected(lamp)
    await update('lamp', { reported: { a: 1 } })
    await client.subscribeAsync(`${shadow}/update/rejected`, { qos: 1 })
    const refused = messages(client, 1)
    await client.publishAsync(`${shadow}/update`, '{"state":{},"version":9}', { qos: 1 })
    await refused
    const answer = await server.admin('GET', 'decisions?kind=shadow')
    const { decisions } = (await answer.json()) as { decisions: readonly object[] }
    expect(decisions[0]).toMatchObject({
      action: 'iot:UpdateThingShadow',
      resource: `${shadow}/update`,
      thingName: 'lamp',
      clientId: 'lamp',
      summary: 'ConflictException: Version conflict',
      hint: 'read it again and send the version that it has now',
    })
  })
})

describe('over HTTPS', () => {
  it('neighbours N13, N14, N16: a device asks with its certificate; updates and deletes are heard', async () => {
    const client = await connected(watcher)
    await client.subscribeAsync(`${shadow}/#`, { qos: 1 })
    const heard = messages(client, 4)
    const path = '/things/lamp/shadow'
    const sent = '{"state":{"desired":{"on":true}},"clientToken":"h"}'
    const updated = await requestHttps(server, lamp, 'POST', path, sent)
    expect([updated.status, updated.headers['content-type']]).toEqual([200, 'application/json'])
    const got = await requestHttps(server, lamp, 'GET', path)
    expect(got.body).toMatchObject({ state: { delta: { on: true } }, version: 1 })
    const malformed = await requestHttps(server, lamp, 'POST', path, '{"stat":{}}')
    expect([malformed.status, malformed.headers['x-amzn-errortype'], malformed.body]).toMatchObject(
      [
        400,
        'InvalidRequestException',
        { message: 'Missing required node: state', traceId: expect.any(String) as string },
      ],
    )
    const deleted = await requestHttps(server, lamp, 'DELETE', path)
    expect(deleted.body).toMatchObject({ version: 1 })
    const received = await heard
    expect(received.map(([packet]) => packet.topic)).toEqual([
      `${shadow}/update/accepted`,
      `${shadow}/update/delta`,
      `${shadow}/update/documents`,
      `${shadow}/delete/accepted`,
    ])
    expect(String(received[0]?.[0].payload)).toBe(updated.text)
  })

  it('neighbours N13, authz D5, D6, D13, D14, I2: a certificate needs the action on the shadow', async () => {
    const policyDocument = allow(
      ['iot:*Thing*', [arn('thing/lamp'), arn('thing/lamp/one')]],
      [['iot:Publish', 'iot:Receive'], '*'],
    )
    const guest = await createDevice(server.iot, 'guest', { policyDocument })
    const status = async (method: 'GET' | 'POST', path: string): Promise<unknown> => {
      const body = method === 'POST' ? '{"state":{}}' : undefined
      const answer = await requestHttps(server, guest, method, path, body)
      return answer.status === 403
        ? [answer.headers['x-amzn-errortype'], (answer.body as { message: string }).message]
        : answer.status
    }
    const forbidden = ['ForbiddenException', 'Forbidden']
    const list = '/api/things/shadow/ListNamedShadowsForThing'
    expect(await status('POST', '/things/lamp/shadow')).toBe(200)
    expect(await status('POST', '/things/lamp/shadow?name=one')).toBe(200)
    expect(await status('POST', '/things/lamp/shadow?name=two')).toEqual(forbidden)
    expect(await status('POST', '/things/other/shadow')).toEqual(forbidden)
    expect(await status('GET', `${list}/lamp`)).toBe(200)
    expect(await status('GET', `${list}/other`)).toEqual(forbidden)
  })

  it('neighbours N14, N15, N17: an operator asks through the SDK, of a thing that is none', async () => {
    const text = (payload: Uint8Array | undefined): unknown =>
      JSON.parse(Buffer.from(payload ?? []).toString())
    await update('nobody', { desired: { i: 5 } }, 'cfg')
    await update('nobody', { desired: { i: 6 } }, '$package')
    const named = await server.iotData.send(
      new GetThingShadowCommand({ thingName: 'nobody', shadowName: 'cfg' }),
    )
    expect(text(named.payload)).toMatchObject({ state: { delta: { i: 5 } } })
    const list = new ListNamedShadowsForThingCommand({ thingName: 'nobody', pageSize: 1 })
    const first = await server.iotData.send(list)
    expect(first.results).toEqual(['$package'])
    const { nextToken } = first
    const more = new ListNamedShadowsForThingCommand({ thingName: 'nobody', nextToken })
    expect((await server.iotData.send(more)).results).toEqual(['cfg'])
    const command = new DeleteThingShadowCommand({ thingName: 'nobody' })
    await expect(server.iotData.send(command)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "No shadow exists with name: 'nobody'",
      $metadata: { httpStatusCode: 404 },
    })
    const stale = Buffer.from('{"state":{},"version":7}')
    await expect(
      server.iotData.send(
        new UpdateThingShadowCommand({ thingName: 'nobody', shadowName: 'cfg', payload: stale }),
      ),
    ).rejects.toMatchObject({ name: 'ConflictException', message: 'Version conflict' })
  })
})

it('neighbours N5, N6: deleting the thing leaves its shadow, a reset does not', async () => {
  await update('lamp', { reported: { a: 1 } })
  const { certificateArn: principal, thingName } = lamp
  await server.iot.send(new DetachThingPrincipalCommand({ thingName, principal }))
  await server.iot.send(new DeleteThingCommand({ thingName }))
  const get = new GetThingShadowCommand({ thingName })
  expect(await server.iotData.send(get)).toHaveProperty('payload')
  await server.admin('POST', 'reset')
  await expect(server.iotData.send(get)).rejects.toThrow("No shadow exists with name: 'lamp'")
})

it('neighbours N5: kill -9 loses no update that was answered', async () => {
  const data = mkdtempSync(join(tmpdir(), 'muster-shadows-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  const first = await startServerProcess(['--data', data])
  const open = (httpPort: number): IoTDataPlaneClient =>
    new IoTDataPlaneClient({
      endpoint: `http://127.0.0.1:${httpPort}`,
      region: 'us-east-1',
      credentials: TEST_CREDENTIALS,
    })
  const payload = Buffer.from('{"state":{"desired":{"a":1.0}}}')
  await open(first.httpPort).send(new UpdateThingShadowCommand({ thingName: 'lamp', payload }))
  await first.kill('SIGKILL')
  const second = await startServerProcess(['--data', data])
  onTestFinished(() => second.kill('SIGKILL'))
  const got = await open(second.httpPort).send(new GetThingShadowCommand({ thingName: 'lamp' }))
  expect(Buffer.from(got.payload ?? []).toString()).toContain('"delta":{"a":1.0}')
}, 120_000)
