/** Shadows by the AWS IoT Device SDK for JavaScript v2: both generations of its client. */
import { once } from 'node:events'
import { UpdateThingShadowCommand } from '@aws-sdk/client-iot-data-plane'
import {
  createDevice,
  OPEN_POLICY,
  startTestServer,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import { iotshadow, mqtt } from 'aws-iot-device-sdk-v2'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { connect311, connect5 } from './device-sdk-v2-connections.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const options = {
  maxRequestResponseSubscriptions: 6,
  maxStreamingSubscriptions: 4,
  operationTimeoutInSeconds: 20,
}
const CLIENTS: readonly (readonly [
  string,
  (device: TestDevice) => Promise<iotshadow.IotShadowClientv2>,
])[] = [
  [
    '3.1.1',
    async (identity) =>
      iotshadow.IotShadowClientv2.newFromMqtt311(await connect311({ server, identity }), options),
  ],
  [
    '5',
    async (identity) =>
      iotshadow.IotShadowClientv2.newFromMqtt5(
        (await connect5({ server, identity })).client,
        options,
      ),
  ],
]

const device = (thingName: string): Promise<TestDevice> =>
  createDevice(server.iot, thingName, { policyDocument: OPEN_POLICY })

const desire = (thingName: string, desired: object, shadowName?: string): Promise<unknown> =>
  server.iotData.send(
    new UpdateThingShadowCommand({
      thingName,
      shadowName,
      payload: Buffer.from(JSON.stringify({ state: { desired } })),
    }),
  )

describe('aws-iot-device-sdk-v2, IotShadowClientv2', () => {
  it.each(CLIENTS)(
    'neighbours N30 to N34, N36, N42: a classic shadow from none to none by MQTT %s',
    async (level, open) => {
      const identity = await device(`s-${level.replaceAll('.', '')}`)
      const { thingName } = identity
      const client = await open(identity)
      onTestFinished(() => client.close())
      await expect(client.getShadow({ thingName })).rejects.toMatchObject({
        modeledError: { code: 404, message: `No shadow exists with name: '${thingName}'` },
      })
      const deltas = client.createShadowDeltaUpdatedStream({ thingName })
      const documents = client.createShadowUpdatedStream({ thingName })
      for (const stream of [deltas, documents]) {
        onTestFinished(() => stream.close())
        const subscribed = once(stream, 'subscriptionStatus')
        stream.open()
        await subscribed
      }
      const documented = once(documents, 'incomingPublish')
      const updated = await client.updateShadow({
        thingName,
        state: { reported: { colour: 'green' } },
      })
      expect(updated).toMatchObject({ version: 1, state: { reported: { colour: 'green' } } })
      expect((await documented)[0].message.current).toMatchObject({
        version: 1,
        state: { reported: { colour: 'green' } },
      })
      const delta = once(deltas, 'incomingPublish')
      await desire(thingName, { colour: 'red' })
      expect((await delta)[0].message).toMatchObject({ version: 2, state: { colour: 'red' } })
      await expect(
        client.updateShadow({ thingName, state: { reported: { colour: 'red' } }, version: 7 }),
      ).rejects.toMatchObject({ modeledError: { code: 409, message: 'Version conflict' } })
      expect(await client.getShadow({ thingName })).toMatchObject({
        version: 2,
        state: { delta: { colour: 'red' } },
      })
      expect(await client.deleteShadow({ thingName })).toMatchObject({ version: 2 })
    },
  )

  it.each(CLIENTS)('neighbours N8: a named shadow by MQTT %s', async (level, open) => {
    const identity = await device(`n-${level.replaceAll('.', '')}`)
    const shadow = { thingName: identity.thingName, shadowName: 'config' }
    const client = await open(identity)
    onTestFinished(() => client.close())
    const deltas = client.createNamedShadowDeltaUpdatedStream(shadow)
    onTestFinished(() => deltas.close())
    const subscribed = once(deltas, 'subscriptionStatus')
    deltas.open()
    await subscribed
    const delta = once(deltas, 'incomingPublish')
    await desire(shadow.thingName, { interval: 5 }, 'config')
    expect((await delta)[0].message).toMatchObject({ version: 1, state: { interval: 5 } })
    expect(
      await client.updateNamedShadow({ ...shadow, state: { reported: { interval: 5 } } }),
    ).toMatchObject({ version: 2 })
    const got = await client.getNamedShadow(shadow)
    expect(got.state).toEqual({ desired: { interval: 5 }, reported: { interval: 5 } })
    expect(await client.deleteNamedShadow(shadow)).toMatchObject({ version: 2 })
  })
})

describe('aws-iot-device-sdk-v2, IotShadowClient', () => {
  it.each(['3.1.1', '5'])(
    'neighbours N30, N31, N33, N36: subscriptions and publishes by MQTT %s',
    async (level) => {
      const identity = await device(`v1-${level.replaceAll('.', '')}`)
      const { thingName } = identity
      const client =
        level === '5'
          ? iotshadow.IotShadowClient.newFromMqtt5Client(
              (await connect5({ server, identity })).client,
            )
          : new iotshadow.IotShadowClient(await connect311({ server, identity }))
      const qos = mqtt.QoS.AtLeastOnce
      const rejected = message<iotshadow.model.ErrorResponse>((take) =>
        client.subscribeToGetShadowRejected({ thingName }, qos, take),
      )
      const updated = message<iotshadow.model.UpdateShadowResponse>((take) =>
        client.subscribeToUpdateShadowAccepted({ thingName }, qos, take),
      )
      const delta = message<iotshadow.model.ShadowDeltaUpdatedEvent>((take) =>
        client.subscribeToShadowDeltaUpdatedEvents({ thingName }, qos, take),
      )
      for (const { subscribed } of [rejected, updated, delta]) await subscribed
      await client.publishGetShadow({ thingName, clientToken: 'g' }, qos)
      expect(await rejected.first).toMatchObject({ code: 404, clientToken: 'g' })
      const state = { desired: { on: true }, reported: { on: false } }
      await client.publishUpdateShadow({ thingName, state, clientToken: 'u' }, qos)
      expect(await updated.first).toMatchObject({ version: 1, clientToken: 'u', state })
      expect(await delta.first).toMatchObject({ version: 1, state: { on: true } })
    },
  )
})

/** What a subscription of the first client brings first. */
function message<T>(subscribe: (take: (error?: Error, response?: T) => void) => Promise<unknown>): {
  subscribed: Promise<unknown>
  first: Promise<T>
} {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const subscribed = subscribe((error, response) =>
    error === undefined ? resolve(response as T) : reject(error),
  )
  return { subscribed, first: promise }
}
