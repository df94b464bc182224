/**
 * The two policies of the AWS page on authorizing devices for the Jobs data plane, over the wire.
 * The MQTT one grants Subscribe on `topic/` where `topicfilter/` is needed: a faithful server lets
 * the device publish and denies every SUBSCRIBE (authz D3, section 13).
 */
import { CreateJobCommand } from '@aws-sdk/client-iot'
import {
  connectMqtt,
  createDevice,
  requestHttps,
  startTestServer,
  type TestServer,
} from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'

const arn = (resource: string): string => `arn:aws:iot:us-east-1:123456789012:${resource}`
const statement = (action: string | string[], resource: string): object => ({
  Effect: 'Allow',
  Action: action,
  Resource: [arn(resource)],
})
const policy = (...statements: object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements })

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

it('authz D7, D12: the HTTPS policy grants the four calls on its own thing only', async () => {
  const actions = ['Describe', 'GetPending', 'StartNextPending', 'Update'].map(
    (name) => `iotjobsdata:${name}JobExecution${name === 'GetPending' ? 's' : ''}`,
  )
  const device = await createDevice(server.iot, 'H1', {
    policyDocument: policy(statement(actions, 'thing/H1')),
  })
  const other = await createDevice(server.iot, 'H2', { policyDocument: undefined })
  await server.iot.send(
    new CreateJobCommand({
      jobId: 'H',
      targets: [device.thingArn, other.thingArn],
      document: '{}',
    }),
  )
  const calls = (thing: string): Promise<number>[] =>
    (
      [
        ['GET', `/things/${thing}/jobs`],
        ['PUT', `/things/${thing}/jobs/$next`],
        ['GET', `/things/${thing}/jobs/H`],
        ['POST', `/things/${thing}/jobs/H`, '{"status":"IN_PROGRESS"}'],
      ] as const
    ).map(async ([method, path, body = method === 'PUT' ? '{}' : undefined]) => {
      const { status } = await requestHttps(server, device, method, path, body)
      return status
    })
  expect(await Promise.all(calls('H1'))).toEqual([200, 200, 200, 200])
  expect(await Promise.all(calls('H2'))).toEqual([403, 403, 403, 403])
  const publish = await requestHttps(server, device, 'POST', '/topics/a?qos=1', 'x')
  expect(publish.status).toBe(403)
})

it('authz D3: the MQTT policy with Subscribe on topic/ lets the device publish and denies every SUBSCRIBE', async () => {
  const jobs = 'topic/$aws/things/M1/jobs/*'
  const device = await createDevice(server.iot, 'M1', {
    policyDocument: policy(
      statement('iot:Connect', 'client/M1'),
      statement(['iot:Publish', 'iot:Subscribe'], jobs),
      statement('iot:Receive', jobs),
    ),
  })
  const client = await connectMqtt(server, device)
  const reply = new Promise<string>((resolve) => client.once('message', (topic) => resolve(topic)))
  client.publish('$aws/things/M1/jobs/start-next', '{}', { qos: 1 })
  expect(await reply).toBe('$aws/things/M1/jobs/start-next/accepted')
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
  client.subscribe('$aws/things/M1/jobs/notify-next', () => {})
  await closed
  client.end(true)
})

it('authz X28: without iot:Receive on the reply topic the reply does not come', async () => {
  const jobs = 'topic/$aws/things/M2/jobs/*'
  const device = await createDevice(server.iot, 'M2', {
    policyDocument: policy(
      statement('iot:Connect', 'client/M2'),
      statement('iot:Publish', jobs),
      statement('iot:Receive', 'topic/$aws/things/M2/jobs/get/accepted'),
    ),
  })
  const client = await connectMqtt(server, device)
  const topics: string[] = []
  const last = new Promise<void>((resolve) =>
    client.on('message', (topic) => {
      topics.push(topic)
      if (topic.endsWith('/get/accepted')) resolve()
    }),
  )
  client.publish('$aws/things/M2/jobs/start-next', '{}', { qos: 1 })
  client.publish('$aws/things/M2/jobs/get', '{}', { qos: 1 })
  await last
  expect(topics).toEqual(['$aws/things/M2/jobs/get/accepted'])
  await client.endAsync()
})
