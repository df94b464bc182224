/** MQTT by the AWS IoT Device SDK for JavaScript v2: native code with TLS of its own. */
import { once } from 'node:events'
import {
  createDevice,
  OPEN_POLICY,
  startTestServer,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import { mqtt, mqtt5 } from 'aws-iot-device-sdk-v2'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { connect311, connect5, connection311, WAYS } from './device-sdk-v2-connections.ts'

let server: TestServer
let device: TestDevice
let powerless: TestDevice
beforeAll(async () => {
  server = await startTestServer()
  device = await createDevice(server.iot, 'native', { policyDocument: OPEN_POLICY })
  powerless = await createDevice(server.iot, 'powerless', { policyDocument: undefined })
})
afterAll(() => server.close())

describe('aws-iot-device-sdk-v2, MQTT 3.1.1', () => {
  it.each(WAYS)('gateway probe 1: connects, subscribes and publishes by %s', async (way) => {
    const connection = await connect311({ server, identity: device, way })
    const received = new Promise((resolve) => {
      const onMessage: mqtt.OnMessageCallback = (topic, payload, _dup, qos) =>
        resolve({ topic, text: Buffer.from(payload).toString(), qos })
      void connection.subscribe('native/#', mqtt.QoS.AtLeastOnce, onMessage).then((granted) => {
        expect(granted).toMatchObject({ topic: 'native/#', qos: 1, error_code: 0 })
        return connection.publish('native/a', 'hello', mqtt.QoS.AtLeastOnce)
      })
    })
    expect(await received).toEqual({ topic: 'native/a', text: 'hello', qos: 1 })
    await connection.unsubscribe('native/#')
  })

  it('gateway G23, G24: a persistent session is resumed', async () => {
    const dial = { server, identity: { ...device, thingName: 'native-311' }, cleanSession: false }
    const first = connection311(dial)
    expect(await first.connect()).toBe(false)
    await first.subscribe('kept/a', mqtt.QoS.AtLeastOnce)
    await first.disconnect()
    const publisher = await connect311({ server, identity: device })
    await publisher.publish('kept/a', 'while away', mqtt.QoS.AtLeastOnce)
    const second = connection311(dial)
    const message = new Promise((resolve) =>
      second.on('message', (_topic, payload) => resolve(Buffer.from(payload).toString())),
    )
    expect(await second.connect()).toBe(true)
    expect(await message).toBe('while away')
    await second.disconnect()
  })

  it('gateway probe 3: a certificate without policy is closed without CONNACK', async () => {
    const connection = connection311({ server, identity: powerless })
    await expect(connection.connect()).rejects.toThrow(/closed/i)
  })
})

describe('aws-iot-device-sdk-v2, MQTT 5', () => {
  it.each(WAYS)('gateway probe 1: connects, subscribes and publishes by %s', async (way) => {
    const { client, connack, settings } = await connect5({ server, identity: device, way })
    // gateway G51
    expect(connack).toMatchObject({
      reasonCode: 0,
      receiveMaximum: 100,
      maximumQos: 1,
      retainAvailable: true,
      maximumPacketSize: 149_504,
      topicAliasMaximum: 8,
      wildcardSubscriptionsAvailable: true,
      subscriptionIdentifiersAvailable: false,
      sharedSubscriptionsAvailable: true,
      serverKeepAlive: 60,
    })
    expect(settings.clientId).toBe('native')
    const message = once(client, 'messageReceived') as Promise<[mqtt5.MessageReceivedEvent]>
    const granted = await client.subscribe({
      subscriptions: [{ qos: mqtt5.QoS.AtLeastOnce, topicFilter: 'native5/+' }],
    })
    expect(granted.reasonCodes).toEqual([1])
    const published = await client.publish({
      qos: mqtt5.QoS.AtLeastOnce,
      topicName: 'native5/a',
      payload: 'hello',
      contentType: 'text/plain',
      responseTopic: 'native5/reply',
      correlationData: Buffer.from('c1'),
      userProperties: [{ name: 'n', value: 'v' }],
    })
    expect(published).toMatchObject({ reasonCode: 0 })
    const [event] = await message
    const received = event.message
    expect(received).toMatchObject({
      topicName: 'native5/a',
      qos: 1,
      contentType: 'text/plain',
      responseTopic: 'native5/reply',
      userProperties: [{ name: 'n', value: 'v' }],
    })
    expect(Buffer.from(received.payload as ArrayBuffer).toString()).toBe('hello')
    await client.unsubscribe({ topicFilters: ['native5/+'] })
  })

  it('gateway G23, G24: a persistent session is resumed', async () => {
    const dial = { server, identity: { ...device, thingName: 'native-5' }, cleanSession: false }
    const first = await connect5(dial)
    expect(first.settings.rejoinedSession).toBe(false)
    await first.close()
    expect((await connect5(dial)).settings.rejoinedSession).toBe(true)
  })

  it('gateway probe 3: policy denial is CONNACK 135', async () => {
    await expect(connect5({ server, identity: powerless })).rejects.toMatchObject({
      cause: { connack: { reasonCode: 135 } },
    })
  })
})

describe('aws-iot-device-sdk-v2, what only this client does', () => {
  it('gateway G52: topic aliases both ways', async () => {
    const identity = { ...device, thingName: 'native-alias' }
    const { client, settings } = await connect5({ server, identity, topicAliases: true })
    expect(settings).toMatchObject({ topicAliasMaximumToServer: 8, topicAliasMaximumToClient: 4 })
    await client.subscribe({
      subscriptions: [{ qos: mqtt5.QoS.AtLeastOnce, topicFilter: 'alias/#' }],
    })
    const topics = Array.from({ length: 30 }, (_, index) => `alias/${index % 12}`)
    const received: string[] = []
    const { promise: whole, resolve } = Promise.withResolvers<void>()
    client.on('messageReceived', ({ message }) => {
      received.push(message.topicName)
      if (received.length === topics.length) resolve()
    })
    for (const topicName of topics) {
      await client.publish({ qos: mqtt5.QoS.AtLeastOnce, topicName, payload: 'x' })
    }
    await whole
    expect(received).toEqual(topics)
  })

  it('gateway G23, G24: it comes back by itself and resumes its session after a restart', async () => {
    const ports = { mqttPort: 0, httpsPort: 0, alpnPort: 0, httpPort: 0 }
    let own = await startTestServer({ ports })
    onTestFinished(() => own.close())
    ports.mqttPort = own.mqttPort
    const thing = await createDevice(own.iot, 'native-back', { policyDocument: OPEN_POLICY })
    const { client } = await connect5({ server: own, identity: thing, cleanSession: false })
    await client.subscribe({
      subscriptions: [{ qos: mqtt5.QoS.AtLeastOnce, topicFilter: 'back' }],
    })
    const again = once(client, 'connectionSuccess') as Promise<[mqtt5.ConnectionSuccessEvent]>
    own = await own.restart()
    expect((await again)[0].settings.rejoinedSession).toBe(true)
  })
})
