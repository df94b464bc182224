/** What sources leave open or spread over pages, on the wire of one real server. */
import {
  AttachPolicyCommand,
  CancelJobCommand,
  CreateJobCommand,
  DescribeEndpointCommand,
  RegisterCertificateWithoutCACommand,
} from '@aws-sdk/client-iot'
import { createAuthority, createDeviceKeyAndCsr, issueDeviceCertificate } from '@muster/pki'
import {
  createDevice,
  OPEN_POLICY,
  requestHttps,
  startTestServer,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { signedFetch } from './http/signed-fetch.ts'
import { handshake, rawClient, type RawClient } from './listeners-fixture.ts'

let server: TestServer
let worker: TestDevice
beforeAll(async () => {
  server = await startTestServer()
  worker = await createDevice(server.iot, 'worker', { policyDocument: OPEN_POLICY })
})
afterAll(() => server.close())

const notifyNext = '$aws/things/worker/jobs/notify-next'

function createJob(jobId: string): Promise<unknown> {
  return server.iot.send(
    new CreateJobCommand({ jobId, targets: [worker.thingArn], document: '{"do":"it"}' }),
  )
}

async function listening(device: TestDevice, filters: readonly string[]): Promise<RawClient> {
  const client = rawClient(await handshake(server, device), { clientId: device.thingName })
  expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 0 })
  if (filters.length > 0) {
    const subscriptions = filters.map((filter) => ({ topic: filter, qos: 1 as const }))
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions })
    expect(await client.next()).toMatchObject({ cmd: 'suback' })
  }
  return client
}

/** Everything that the server wrote before a ping is answered. */
async function heard(client: RawClient): Promise<string[]> {
  client.send({ cmd: 'pingreq' })
  const topics: string[] = []
  for (;;) {
    const packet = await client.next()
    if (packet.cmd === 'pingresp') return topics
    if (packet.cmd === 'publish') topics.push(packet.topic)
  }
}

it('gateway G49, jobs J6: notifications go to whoever subscribed and may receive, to nobody else', async () => {
  const arn = (resource: string): string => `arn:aws:iot:us-east-1:123456789012:${resource}`
  const may = (...Action: string[]): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: ['iot:Connect', 'iot:Subscribe'], Resource: '*' },
        ...Action.map((action) => ({
          Effect: 'Allow',
          Action: action,
          Resource: arn('topic/$aws/things/worker/jobs/*'),
        })),
      ],
    })
  const watcher = await createDevice(server.iot, 'watcher', { policyDocument: may('iot:Receive') })
  const deaf = await createDevice(server.iot, 'deaf', { policyDocument: may() })
  const clients = [
    await listening(watcher, [notifyNext]),
    await listening(deaf, [notifyNext]),
    await listening(worker, []),
  ] as const
  await createJob('told')
  expect(await Promise.all(clients.map(heard))).toEqual([[notifyNext], [], []])
  for (const { socket } of clients) socket.destroy()
  await server.iot.send(new CancelJobCommand({ jobId: 'told', force: true }))
})

it('gateway G15, jobs J47: the data endpoint serves the Jobs data plane to devices', async () => {
  const { endpointAddress } = await server.iot.send(
    new DescribeEndpointCommand({ endpointType: 'iot:Data-ATS' }),
  )
  expect(endpointAddress).toBe('localhost')
  const answer = await requestHttps(server, worker, 'GET', '/things/worker/jobs')
  expect([answer.status, answer.body]).toEqual([200, { inProgressJobs: [], queuedJobs: [] }])
})

it.each([
  '$aws/events/thing/T/created',
  '$aws/things/worker/jobs/get',
  '$aws/things/worker/shadow/update',
  '$aws/rules/R/t',
  '$SYS/x',
])('gateway A7: %s is refused over HTTPS, with a certificate and with SigV4', async (reserved) => {
  const url = `/topics/${encodeURIComponent(reserved)}?qos=1`
  const device = await requestHttps(server, worker, 'POST', url, 'x')
  const init = { url, method: 'POST', body: 'x', service: 'iotdata' }
  const operator = await signedFetch(server.httpUrl, init)
  expect([device.status, device.headers['x-amzn-errortype'], operator.status]).toEqual([
    400,
    'InvalidRequestException',
    400,
  ])
})

it('jobs D11: force is read from the query; in the body it is tolerated and means nothing', async () => {
  await createJob('forced')
  await requestHttps(server, worker, 'PUT', '/things/worker/jobs/$next', '{}')
  const cancel = async (url: string): Promise<unknown> => {
    await signedFetch(server.httpUrl, { url, method: 'PUT', body: '{"force":true}' })
    const path = '/things/worker/jobs/forced'
    const reply = await signedFetch(server.httpUrl, { url: path })
    return (reply.json()['execution'] as { status: string }).status
  }
  expect(await cancel('/jobs/forced/cancel')).toBe('IN_PROGRESS')
  expect(await cancel('/jobs/forced/cancel?force=true')).toBe('CANCELED')
})

it('gateway G6, G14: endpoints in AWS’s form are names that the server answers to', async () => {
  const aws = await startTestServer({ awsEndpointForm: true, legacyEndpoints: true })
  onTestFinished(() => aws.close())
  const device = await createDevice(aws.iot, 'dev', { policyDocument: OPEN_POLICY })
  for (const endpointType of ['iot:Data-ATS', 'iot:Data', 'iot:Jobs', 'iot:CredentialProvider']) {
    const { endpointAddress } = await aws.iot.send(new DescribeEndpointCommand({ endpointType }))
    const socket = await handshake(aws, device, { servername: endpointAddress ?? '' })
    const client = rawClient(socket, { clientId: 'dev' })
    expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 0 })
    socket.destroy()
  }
})

it('gateway G71: a certificate that is attached to nothing connects and runs jobs', async () => {
  const loose = await createDevice(server.iot, 'loose', {
    policyDocument: OPEN_POLICY,
    attached: false,
  })
  const client = await listening(loose, ['$aws/things/loose/jobs/#'])
  await server.iot.send(
    new CreateJobCommand({ jobId: 'loose', targets: [loose.thingArn], document: '{}' }),
  )
  for (const [request, payload] of [
    ['start-next', '{}'],
    ['loose/update', '{"status":"SUCCEEDED"}'],
  ] as const) {
    const topic = `$aws/things/loose/jobs/${request}`
    client.send({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false })
    expect(await heard(client)).toContain(`${topic}/accepted`)
  }
  client.socket.destroy()
})

it('gateway A1: a certificate in SNI_ONLY mode needs a host name in the handshake', async () => {
  const nowMs = Date.now()
  const { privateKeyPem, csrPem } = createDeviceKeyAndCsr({ commonName: 'sni' })
  const issued = issueDeviceCertificate(await createAuthority({ nowMs }), csrPem, { nowMs })
  if (!issued.ok) throw new Error(issued.error.message)
  const { certificatePem } = issued.value
  const { certificateArn = '' } = await server.iot.send(
    new RegisterCertificateWithoutCACommand({ certificatePem, status: 'ACTIVE' }),
  )
  await server.iot.send(
    new AttachPolicyCommand({ policyName: 'worker-policy', target: certificateArn }),
  )
  const identity = { certificatePem, privateKeyPem }
  const named = rawClient(await handshake(server, identity), { clientId: 'sni' })
  expect(await named.next()).toMatchObject({ cmd: 'connack', returnCode: 0 })
  named.socket.destroy()
  const options = { servername: '', checkServerIdentity: () => undefined }
  const nameless = rawClient(await handshake(server, identity, options), { clientId: 'sni' })
  expect(await nameless.closed()).toEqual([])
})
