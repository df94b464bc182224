/** The lean clients against a real server. */
import { once } from 'node:events'
import { CreateJobCommand } from '@aws-sdk/client-iot'
import { deviceSecureContext, type DeviceEndpoint } from '@muster/device'
import {
  createDevice,
  OPEN_POLICY,
  startTestServer,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  LeanHttps,
  LeanJobs,
  LeanMqtt,
  packetTypes,
  pubackIn,
  subackIn,
  type LeanAnswer,
  type LeanMqttOptions,
} from '../src/index.ts'

let server: TestServer
let endpoint: DeviceEndpoint
let free: TestDevice
let bound: TestDevice

beforeAll(async () => {
  server = await startTestServer({ clock: 'x30' })
  const { caPem, httpsPort, mqttPort } = server
  endpoint = { host: '127.0.0.1', serverName: 'localhost', mqttPort, httpsPort, caPem }
  free = await createDevice(server.iot, 'free', { policyDocument: OPEN_POLICY })
  bound = await createDevice(server.iot, 'bound')
})
afterAll(() => server.close())

function options(device: TestDevice, protocolVersion: 4 | 5): LeanMqttOptions {
  const secureContext = deviceSecureContext(endpoint, device, {})
  return { endpoint, clientId: device.thingName, secureContext, protocolVersion }
}

it.each([4, 5] as const)('MQTT %i: publishes, subscribes and takes deliveries', async (version) => {
  const seen: (readonly [string, unknown])[] = []
  const done = Promise.withResolvers<void>()
  const client = new LeanMqtt(options(free, version), {
    connected: (it) => it.subscribe(['a/+']),
    packet: (it, type, body) => {
      if (type === packetTypes.suback) {
        seen.push(['suback', subackIn(body, version).codes])
        it.publish('a/b', Buffer.from('hello'), 1)
      } else if (type === packetTypes.puback) seen.push(['puback', pubackIn(body).reason])
    },
    message: (_client, { payload, qos, topic }) => {
      seen.push([topic, `${payload.toString()} ${qos}`])
      done.resolve()
    },
    closed: (_client, cause) => done.reject(cause),
  })
  await done.promise
  expect(seen).toContainEqual(['suback', [1]])
  expect(seen).toContainEqual(['a/b', 'hello 1'])
  expect(client.isOpen).toBe(true)
  client.end()
  await once(client.socket, 'close')
  expect(client.isOpen).toBe(false)
})

it('a denied publish closes MQTT 3.1.1 and is told by the reason of MQTT 5', async () => {
  const closed = await new Promise<Error>((resolve) => {
    const connected = (it: LeanMqtt): void => void it.publish('not/mine', Buffer.from('x'), 1)
    return new LeanMqtt(options(bound, 4), { connected, closed: (_it, cause) => resolve(cause) })
  })
  expect(closed.message).toContain('closed')
  const reason = await new Promise<number>((resolve, reject) => {
    return new LeanMqtt(options(bound, 5), {
      connected: (it) => it.publish('not/mine', Buffer.from('x'), 1),
      packet: (it, _type, body) => {
        resolve(pubackIn(body).reason)
        it.end()
      },
      closed: (_it, cause) => reject(cause),
    })
  })
  expect(reason).toBe(0x87)
})

it('a refused connection of MQTT 5 tells its code', async () => {
  const code = await new Promise<number | undefined>((resolve) => {
    const wrong = { ...options(bound, 5), clientId: 'somebody-else' }
    return new LeanMqtt(wrong, { closed: (_it, _cause, refused) => resolve(refused) })
  })
  expect(code).toBe(0x87)
})

it('a device runs the job it is told of', async () => {
  const told: string[] = []
  const ended = Promise.withResolvers<LeanJobs>()
  await new Promise<void>((resolve, reject) => {
    return new LeanJobs(options(bound, 4), {
      ready: () => resolve(),
      notified: (_it, jobId) => told.push(`notified ${jobId}`),
      finished: (it, jobId) => {
        told.push(`finished ${jobId}`)
        ended.resolve(it)
      },
      closed: (_it, cause) => reject(cause),
    })
  })
  const targets = [bound.thingArn]
  await server.iot.send(new CreateJobCommand({ jobId: 'J1', targets, document: '{}' }))
  const device = await ended.promise
  expect(told).toEqual(['notified J1', 'finished J1'])
  expect(await device.ping()).toBeGreaterThan(0)
  device.end()
})

it('HTTPS: answers, refusals and no answer at all are told apart', async () => {
  const asking = (to: LeanHttps, path: string): Promise<LeanAnswer> =>
    new Promise((resolve) => to.request('GET', path, null, resolve))
  const secureContext = deviceSecureContext(endpoint, free, {})
  let connections = 0
  const client = new LeanHttps({ endpoint, secureContext }, () => connections++)
  const answer = await asking(client, '/things/free/jobs')
  expect(answer.status).toBe(200)
  expect(JSON.parse(answer.body)).toEqual({ inProgressJobs: [], queuedJobs: [] })
  expect(await asking(client, '/things/free/jobs/none')).toMatchObject({
    status: 404,
    errorType: 'ResourceNotFoundException',
  })
  expect([connections, client.isOpen]).toEqual([1, true])
  await client.destroy()
  const other = deviceSecureContext(endpoint, bound, {})
  const denied = new LeanHttps({ endpoint, secureContext: other })
  expect(await asking(denied, '/things/bound/jobs')).toMatchObject({ status: 403 })
  await denied.destroy()
  const nowhere = new LeanHttps({ endpoint: { ...endpoint, httpsPort: 1 }, secureContext })
  expect(await asking(nowhere, '/things/free/jobs')).toMatchObject({
    status: 0,
    cause: { code: 'ECONNREFUSED' },
  })
  await nowhere.destroy()
})
