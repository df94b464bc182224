/** The AWS IoT Device SDK for JavaScript v1: `device`, `jobs` and `thingShadow`, on every listener. */
import { once } from 'node:events'
import { CreateJobCommand, DescribeJobCommand } from '@aws-sdk/client-iot'
import { UpdateThingShadowCommand } from '@aws-sdk/client-iot-data-plane'
import {
  createDevice,
  OPEN_POLICY,
  startTestServer,
  TEST_CREDENTIALS,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import awsIot, { type device, type DeviceOptions, type Job } from 'aws-iot-device-sdk'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'

let server: TestServer
let open: TestDevice
beforeAll(async () => {
  server = await startTestServer()
  open = await createDevice(server.iot, 'first', { policyDocument: OPEN_POLICY })
})
afterAll(() => server.close())

function mutualTls(identity: TestDevice): DeviceOptions {
  return {
    host: 'localhost',
    port: server.mqttPort,
    clientId: identity.thingName,
    privateKey: Buffer.from(identity.privateKeyPem),
    clientCert: Buffer.from(identity.certificatePem),
    caCert: Buffer.from(server.caPem),
  }
}

function alpn(identity: TestDevice): DeviceOptions {
  return { ...mutualTls(identity), port: server.alpnPort, ALPNProtocols: ['x-amzn-mqtt-ca'] }
}

function webSocket(identity: TestDevice): DeviceOptions {
  return {
    host: 'localhost',
    port: server.alpnPort,
    clientId: identity.thingName,
    protocol: 'wss',
    region: 'us-east-1',
    accessKeyId: TEST_CREDENTIALS.accessKeyId,
    secretKey: TEST_CREDENTIALS.secretAccessKey,
    websocketOptions: { ca: server.caPem },
  }
}

async function connected<T extends device>(client: T): Promise<T> {
  onTestFinished(() => new Promise((resolve) => client.end(true, resolve)))
  await once(client, 'connect')
  return client
}

const WAYS = [
  ['port 8883', mutualTls],
  ['ALPN x-amzn-mqtt-ca', alpn],
  ['WebSocket with SigV4', webSocket],
] as const

describe('aws-iot-device-sdk v1', () => {
  it.each(WAYS)('gateway G1, G11, G126: device by %s', async (_way, options) => {
    const client = await connected(new awsIot.device(options(open)))
    const message = once(client, 'message')
    await call((done) => client.subscribe('first/#', { qos: 1 }, done))
    await call((done) => client.publish('first/a', 'hello', { qos: 1 }, done))
    const [topic, payload] = await message
    expect([topic, String(payload)]).toEqual(['first/a', 'hello'])
  })

  it.each(WAYS)('neighbours N30 to N34, N42: thingShadow by %s', async (way, options) => {
    const thing = `shadow-${way.replaceAll(/\W/g, '')}`
    const device = await createDevice(server.iot, thing, { policyDocument: OPEN_POLICY })
    const client = await connected(new awsIot.thingShadow(options(device)))
    await call((done) => client.register(thing, {}, done))
    const none = once(client, 'status')
    const first = client.get(thing)
    expect(await none).toEqual([
      thing,
      'rejected',
      first,
      { code: 404, message: `No shadow exists with name: '${thing}'` },
    ])
    const updated = once(client, 'status')
    const second = client.update(thing, { state: { reported: { colour: 'green' } } })
    expect(await updated).toMatchObject([
      thing,
      'accepted',
      second,
      { state: { reported: { colour: 'green' } } },
    ])
    const delta = once(client, 'delta')
    const payload = Buffer.from('{"state":{"desired":{"colour":"red"}}}')
    await server.iotData.send(new UpdateThingShadowCommand({ thingName: thing, payload }))
    expect(await delta).toMatchObject([thing, { version: 2, state: { colour: 'red' } }])
    const deleted = once(client, 'status')
    const third = client.delete(thing)
    expect(await deleted).toMatchObject([thing, 'accepted', third, { version: 2 }])
  })

  it.each(WAYS)('jobs J5, J9, J25: jobs by %s', async (way, options) => {
    const device = await createDevice(server.iot, `jobs-${way.replaceAll(/\W/g, '')}`)
    const { thingName, thingArn } = device
    const jobId = `job-${thingName}`
    const document = JSON.stringify({ operation: 'reboot', after: 5 })
    await server.iot.send(new CreateJobCommand({ jobId, targets: [thingArn], document }))

    const client = await connected(new awsIot.jobs(options(device)))
    const first = new Promise<Job>((resolve, reject) =>
      client.subscribeToJobs(thingName, 'reboot', (error, job) =>
        error instanceof Error ? reject(error) : resolve(job),
      ),
    )
    await call((done) => client.startJobNotifications(thingName, done))
    const job = await first
    expect(job).toMatchObject({ id: jobId, operation: 'reboot', document: { after: 5 } })
    expect(job.status.status).toBe('QUEUED')
    await call((done) => job.inProgress({ step: 'rebooting' }, done))
    expect(job.status.status).toBe('IN_PROGRESS')
    await call((done) => job.succeeded({ step: 'done' }, done))
    // It publishes at QoS 0, so nobody says when the server has it: what follows is acknowledged.
    const after = `$aws/things/${thingName}/jobs/get`
    await call((done) => client.publish(after, '', { qos: 1 }, done))
    const described = await server.iot.send(new DescribeJobCommand({ jobId }))
    expect(described.job?.status).toBe('COMPLETED')
    await call((done) => client.unsubscribeFromJobs(thingName, 'reboot', done))
  })
})

/** Its callbacks say null, undefined or an error. */
function call(start: (done: (error?: Error) => void) => void): Promise<void> {
  return new Promise((resolve, reject) =>
    start((error) => (error instanceof Error ? reject(error) : resolve())),
  )
}
