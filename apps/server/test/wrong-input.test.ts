/**
 * Wrong input from devices and operators: each kind gets its exact answer (README's promises).
 * Every case uses a real client against one real server.
 */
import {
  CreateJobCommand,
  CreateThingCommand,
  IoTClient,
  ListThingsCommand,
} from '@aws-sdk/client-iot'
import {
  connectMqtt,
  createDevice,
  mqttOptions,
  OPEN_POLICY,
  requestHttps,
  startTestServer,
  TEST_CREDENTIALS,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import { createAuthority, createDeviceKeyAndCsr, issueDeviceCertificate } from '@muster/pki'
import mqtt from 'mqtt'
import { afterAll, beforeAll, expect, it } from 'vitest'

let server: TestServer
let device: TestDevice

beforeAll(async () => {
  server = await startTestServer()
  device = await createDevice(server.iot, 'T1')
})
afterAll(() => server.close())

/** Connects and waits for the end; tells whether a CONNACK came before. */
function connectAndClose(
  options: mqtt.IClientOptions,
): Promise<'closed without a packet' | 'connack'> {
  return new Promise((resolve) => {
    const client = mqtt.connect({ ...options, reconnectPeriod: 0 })
    client.on('packetreceive', () => {
      client.end(true)
      resolve('connack')
    })
    client.on('error', () => {})
    client.on('close', () => resolve('closed without a packet'))
  })
}

it('a device with its own certificate and client ID connects', async () => {
  const client = await connectMqtt(server, device)
  await client.endAsync()
})

it('gateway G10: a connection without a client certificate is closed without a packet', async () => {
  const { cert: _cert, key: _key, ...options } = mqttOptions(server, device)
  expect(await connectAndClose(options)).toBe('closed without a packet')
})

it('gateway G10: an unknown certificate is closed without a packet', async () => {
  const authority = await createAuthority({ nowMs: Date.now() })
  const { csrPem, privateKeyPem } = createDeviceKeyAndCsr({ commonName: 'stranger' })
  const issued = issueDeviceCertificate(authority, csrPem, { nowMs: Date.now() })
  if (!issued.ok) throw new Error(issued.error.message)
  const stranger = { ...device, certificatePem: issued.value.certificatePem, privateKeyPem }
  expect(await connectAndClose(mqttOptions(server, stranger))).toBe('closed without a packet')
  const answer = await requestHttps(server, stranger, 'GET', '/things/T1/jobs')
  expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([403, 'ForbiddenException'])
})

it('gateway A12: HTTPS without a client certificate is 401 UnauthorizedException', async () => {
  const answer = await requestHttps(server, undefined, 'GET', '/things/T1/jobs')
  expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([
    401,
    'UnauthorizedException',
  ])
})

it('authz G7: publishing on another thing’s topic ends an MQTT 3.1.1 connection', async () => {
  const client = await connectMqtt(server, device)
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
  client.publish('$aws/things/T2/jobs/start-next', '{}', { qos: 1 })
  await closed
  client.end(true)
  const reply = await server.admin('GET', 'decisions?effect=deny&limit=1')
  const { decisions } = (await reply.json()) as { decisions: Record<string, unknown>[] }
  expect(decisions[0]).toMatchObject({
    action: 'iot:Publish',
    resource: 'arn:aws:iot:us-east-1:123456789012:topic/$aws/things/T2/jobs/start-next',
    effect: 'implicitDeny',
  })
})

it('gateway G129: a wrong secret is InvalidSignatureException', async () => {
  const iot = new IoTClient({
    endpoint: server.httpUrl,
    region: 'us-east-1',
    credentials: { ...TEST_CREDENTIALS, secretAccessKey: 'wrong' },
  })
  await expect(iot.send(new ListThingsCommand({}))).rejects.toMatchObject({
    name: 'InvalidSignatureException',
    $metadata: { httpStatusCode: 403 },
  })
})

it('gateway G129: an unknown access key is UnrecognizedClientException', async () => {
  const iot = new IoTClient({
    endpoint: server.httpUrl,
    region: 'us-east-1',
    credentials: { ...TEST_CREDENTIALS, accessKeyId: 'AKIDNOBODY' },
  })
  await expect(iot.send(new ListThingsCommand({}))).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
    $metadata: { httpStatusCode: 403 },
  })
})

it('gateway G129: a request without a signature is MissingAuthenticationTokenException', async () => {
  const answer = await fetch(`${server.httpUrl}/things`)
  expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([
    403,
    'MissingAuthenticationTokenException',
  ])
})

it('gateway G129: a request signed for another region names the right one', async () => {
  const iot = new IoTClient({
    endpoint: server.httpUrl,
    region: 'eu-west-1',
    credentials: TEST_CREDENTIALS,
  })
  await expect(iot.send(new ListThingsCommand({}))).rejects.toThrow('us-east-1')
})

it('gateway G67: a thing name outside the pattern is InvalidRequestException', async () => {
  await expect(
    server.iot.send(new CreateThingCommand({ thingName: 'no spaces' })),
  ).rejects.toMatchObject({ name: 'InvalidRequestException', $metadata: { httpStatusCode: 400 } })
})

it('jobs J66: a job for a thing that does not exist is ResourceNotFoundException', async () => {
  const create = new CreateJobCommand({
    jobId: 'J1',
    targets: ['arn:aws:iot:us-east-1:123456789012:thing/nobody'],
    document: '{}',
  })
  await expect(server.iot.send(create)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    $metadata: { httpStatusCode: 404 },
  })
})

it('jobs J10: a payload that is no JSON gets InvalidJson, and the connection stays', async () => {
  const client = await connectMqtt(server, device)
  const reply = new Promise<[string, unknown]>((resolve) =>
    client.once('message', (topic, payload) => resolve([topic, JSON.parse(payload.toString())])),
  )
  client.publish('$aws/things/T1/jobs/get', '{"clientToken":', { qos: 1 })
  const [topic, body] = await reply
  expect(topic).toBe('$aws/things/T1/jobs/get/rejected')
  expect(body).toMatchObject({ code: 'InvalidJson' })
  expect(body).not.toHaveProperty('clientToken')
  expect(client.connected).toBe(true)
  await client.endAsync()
})

it('gateway G128: a device’s HTTPS body that is no JSON is 400', async () => {
  const policy = await createDevice(server.iot, 'T3', { policyDocument: OPEN_POLICY })
  const https = await requestHttps(server, policy, 'PUT', '/things/T3/jobs/$next', '{"a":')
  expect([https.status, https.headers['x-amzn-errortype']]).toEqual([
    400,
    'InvalidRequestException',
  ])
})
