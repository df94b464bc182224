/** The data plane under SigV4 on a whole server, with MQTT clients at the other end. */
import {
  DeleteConnectionCommand,
  GetConnectionCommand,
  GetRetainedMessageCommand,
  ListRetainedMessagesCommand,
  ListSubscriptionsCommand,
  PublishCommand,
  SendDirectMessageCommand,
} from '@aws-sdk/client-iot-data-plane'
import {
  connectMqtt,
  createDevice,
  OPEN_POLICY,
  startTestServer,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import type { IPublishPacket, MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { sendDirect } from '../../src/operations/direct-message.ts'

let server: TestServer
let device: TestDevice
beforeAll(async () => {
  server = await startTestServer()
  device = await createDevice(server.iot, 'T1', { policyDocument: OPEN_POLICY })
})
afterAll(() => server.close())

const text = (payload: Uint8Array | undefined): string => Buffer.from(payload ?? []).toString()

function nextMessage(client: MqttClient): Promise<{ topic: string; packet: IPublishPacket }> {
  return new Promise((resolve) => {
    client.once('message', (topic, _payload, packet) => resolve({ topic, packet }))
  })
}

describe('gateway G59, G60: publish', () => {
  it('reaches an MQTT 5 subscriber with its properties', async () => {
    const client = await connectMqtt(server, device, { protocolVersion: 5 })
    await client.subscribeAsync('a/#', { qos: 1 })
    const message = nextMessage(client)
    await server.iotData.send(
      new PublishCommand({
        topic: 'a/b',
        qos: 1,
        payload: Buffer.from('hello'),
        contentType: 'text/plain',
        responseTopic: 'reply/here',
        messageExpiry: 60,
        payloadFormatIndicator: 'UTF8_DATA',
        correlationData: Buffer.from('c1').toString('base64'),
        userProperties: JSON.stringify([{ a: '1' }, { a: '2' }]),
      }),
    )
    const { topic, packet } = await message
    expect([topic, packet.payload.toString(), packet.qos]).toEqual(['a/b', 'hello', 1])
    expect(packet.properties).toMatchObject({
      contentType: 'text/plain',
      responseTopic: 'reply/here',
      messageExpiryInterval: 60,
      payloadFormatIndicator: true,
      correlationData: Buffer.from('c1'),
      userProperties: { a: ['1', '2'] },
    })
    await client.endAsync()
  })

  it.for([
    ['$aws/things/T/jobs/get', {}],
    ['a/+', {}],
    ['a', { responseTopic: 'r/#' }],
    ['a', { contentType: 'x'.repeat(257) }],
    ['a', { correlationData: 'not base64!' }],
    ['a', { userProperties: '{"a":1}' }],
    ['a', { userProperties: JSON.stringify([{ a: 'x\0' }]) }],
    ['a', { userProperties: JSON.stringify([{ a: 'x'.repeat(8192) }]) }],
    ['a', { contentType: '\0' }],
    ['a', { responseTopic: 'a\0' }],
    ['a', { userProperties: '[{"a":"1","b":"2"}]' }],
    ['a', { messageExpiry: -1 }],
  ] as const)('refuses %s %j', async ([topic, more]) => {
    await expect(server.iotData.send(new PublishCommand({ topic, ...more }))).rejects.toMatchObject(
      {
        name: 'InvalidRequestException',
        $metadata: { httpStatusCode: 400 },
      },
    )
  })
})

describe('gateway G63: retained messages', () => {
  it('are listed in pages and read one by one', async () => {
    const topics = ['r/1', 'r/2', 'r/3', 'r/ü']
    for (const topic of topics) {
      const userProperties = JSON.stringify([{ n: topic }])
      const payload = Buffer.from(topic)
      await server.iotData.send(
        new PublishCommand({ topic, retain: true, payload, userProperties }),
      )
    }
    const seen: (string | undefined)[] = []
    let nextToken: string | undefined
    do {
      const page = await server.iotData.send(
        new ListRetainedMessagesCommand({ maxResults: 3, nextToken }),
      )
      for (const { topic } of page.retainedTopics ?? []) seen.push(topic)
      nextToken = page.nextToken
    } while (nextToken !== undefined)
    expect(seen).toEqual(topics)
    const message = await server.iotData.send(new GetRetainedMessageCommand({ topic: 'r/ü' }))
    expect(message).toMatchObject({ topic: 'r/ü', qos: 0, lastModifiedTime: expect.any(Number) })
    expect(text(message.payload)).toBe('r/ü')
    expect(text(message.userProperties)).toBe('[{"n":"r/ü"}]')
    // An empty payload clears it (G37).
    await server.iotData.send(new PublishCommand({ topic: 'r/ü', retain: true }))
    await expect(
      server.iotData.send(new GetRetainedMessageCommand({ topic: 'r/ü' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  it('gateway G59: a topic of any characters survives the path and the signature', async () => {
    const topics = [
      '/lead',
      'trail/',
      'a//b',
      'a/../b',
      '100%',
      'a%2Fb',
      "q'(o)*!",
      'a=b&c?d',
      '日/😀',
    ]
    const payload = new TextEncoder().encode('x')
    for (const topic of topics) {
      await server.iotData.send(new PublishCommand({ topic, payload, retain: true }))
      const kept = await server.iotData.send(new GetRetainedMessageCommand({ topic }))
      expect(kept.topic).toBe(topic)
      await server.iotData.send(new PublishCommand({ topic, retain: true }))
    }
  })

  it('a token of someone else’s making is refused', async () => {
    const command = new ListRetainedMessagesCommand({ nextToken: 'x' })
    await expect(server.iotData.send(command)).rejects.toMatchObject({
      name: 'InvalidRequestException',
    })
  })
})

describe('gateway G64 to G66: connections', () => {
  it('gateway G65: are described, thing and all, with the socket when asked', async () => {
    const client = await connectMqtt(server, device, { clean: false })
    const clientId = 'T1'
    const plain = await server.iotData.send(new GetConnectionCommand({ clientId }))
    const thingName = 'T1'
    expect(plain).toMatchObject({ clientId, thingName, connected: true, cleanSession: false })
    expect(plain.sourceIp).toBeUndefined()
    const command = new GetConnectionCommand({ clientId, includeSocketInformation: true })
    expect(await server.iotData.send(command)).toMatchObject({
      sourceIp: '127.0.0.1',
      targetPort: server.mqttPort,
    })
    await client.endAsync()
  })

  it('list their subscriptions', async () => {
    const client = await connectMqtt(server, device)
    await client.subscribeAsync({ 'b/#': { qos: 1 }, 'a/+': { qos: 0 } })
    const first = await server.iotData.send(
      new ListSubscriptionsCommand({ clientId: 'T1', maxResults: 1 }),
    )
    expect(first.subscriptions).toEqual([{ topicFilter: 'a/+', qos: 0 }])
    const { nextToken } = first
    const rest = await server.iotData.send(
      new ListSubscriptionsCommand({ clientId: 'T1', nextToken }),
    )
    expect(rest.subscriptions).toEqual([{ topicFilter: 'b/#', qos: 1 }])
    expect(rest.nextToken).toBeUndefined()
    await client.endAsync()
  })

  it('are closed', async () => {
    const client = await connectMqtt(server, device)
    const closed = new Promise((resolve) => client.once('close', () => resolve(true)))
    await server.iotData.send(new DeleteConnectionCommand({ clientId: 'T1', cleanSession: true }))
    expect(await closed).toBe(true)
    const after = await server.iotData.send(new GetConnectionCommand({ clientId: 'T1' }))
    expect(after).toMatchObject({
      connected: false,
      disconnectReason: 'API_INITIATED_DISCONNECT',
    })
  })

  it('that nobody knows are 404', async () => {
    const clientId = 'nobody'
    for (const command of [
      new GetConnectionCommand({ clientId }),
      new DeleteConnectionCommand({ clientId }),
      new ListSubscriptionsCommand({ clientId }),
      new SendDirectMessageCommand({ clientId, topic: 't' }),
    ]) {
      await expect(server.iotData.send(command as GetConnectionCommand)).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
      })
    }
  })
})

describe('gateway G66: direct messages', () => {
  it('reach a client that subscribed to nothing, and are confirmed', async () => {
    const client = await connectMqtt(server, device)
    const message = nextMessage(client)
    const answer = await server.iotData.send(
      new SendDirectMessageCommand({
        clientId: 'T1',
        topic: 'direct/x',
        payload: Buffer.from('hi'),
        confirmation: true,
      }),
    )
    expect(answer).toMatchObject({ message: 'OK', traceId: answer.$metadata.requestId })
    const { topic, packet } = await message
    expect([topic, packet.payload.toString(), packet.qos]).toEqual(['direct/x', 'hi', 1])
    await client.endAsync()
  })

  it('answer 504 when the client does not acknowledge in time', async () => {
    vi.useFakeTimers()
    try {
      const sender = { sendDirect: () => 'sent' as const }
      const answer = sendDirect(sender, { clientId: 'T1', topic: 't', confirmation: true })
      vi.advanceTimersByTime(5000)
      expect(await answer).toMatchObject({ error: { code: 'GatewayTimeoutException' } })
    } finally {
      vi.useRealTimers()
    }
  })

  it('authz D15: need the receiver’s iot:Receive', async () => {
    const policyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'iot:Connect', Resource: '*' }],
    })
    const deaf = await createDevice(server.iot, 'deaf', { policyDocument })
    const client = await connectMqtt(server, deaf)
    const command = new SendDirectMessageCommand({ clientId: 'deaf', topic: 't' })
    await expect(server.iotData.send(command)).rejects.toMatchObject({ name: 'ForbiddenException' })
    await client.endAsync()
  })

  it.for([
    { topic: '$aws/x' },
    { topic: 't', timeout: 16, confirmation: true },
    { topic: 't', timeout: 0, confirmation: true },
  ])('refuses %j', async (input) => {
    const command = new SendDirectMessageCommand({ clientId: 'T1', ...input })
    await expect(server.iotData.send(command)).rejects.toMatchObject({
      name: 'InvalidRequestException',
    })
  })
})
