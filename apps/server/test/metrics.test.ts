/** What the metrics count, and that what shows them asks for nothing else. */
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import {
  CancelJobExecutionCommand,
  CreateJobCommand,
  CreateThingCommand,
  DescribeThingCommand,
} from '@aws-sdk/client-iot'
import {
  connectMqtt,
  createDevice,
  startTestServer,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import type { MqttClient } from 'mqtt'
import { Client } from 'undici'
import { beforeAll, afterAll, expect, it, vi } from 'vitest'

let server: TestServer
let device: MqttClient

beforeAll(async () => {
  server = await startTestServer()
  const identity = await createDevice(server.iot, 'T1')
  device = await connectMqtt(server, identity, { clientId: 'T1' })
})
afterAll(async () => {
  await device.endAsync()
  await server.close()
})

/** Samples by their whole name, labels included in the order of the text. */
async function samples(of: TestServer = server): Promise<Map<string, number>> {
  const text = await (await of.admin('GET', 'metrics')).text()
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.replace(/ \S+$/, ''), Number(/\S+$/.exec(line)?.[0])]))
}

/** Publishes a request and takes the reply, accepted or rejected. */
function ask(topic: string, payload: object): Promise<string> {
  return new Promise((resolve, reject) => {
    device.once('message', (replyTopic) => resolve(replyTopic))
    device.publishAsync(topic, JSON.stringify(payload), { qos: 1 }).catch(reject)
  })
}

const operation = (name: string, protocol: string, status: number, service = 'iot-jobs-data') =>
  `muster_operation_seconds_count{service="${service}",operation="${name}",protocol="${protocol}",status="${status}"}`

it('operations that nobody has are refused and counted together, whatever they are called', async () => {
  const before = await samples()
  for (const name of ['Nonsense', 'constructor', 'List\u00e9']) {
    const headers = { 'x-amz-target': `AWSCognitoIdentityService.${name}` }
    const { status } = await fetch(server.httpUrl, { method: 'POST', headers })
    expect(status).toBe(400)
  }
  const counted = await samples()
  const denied = 'muster_denied_total{action="HTTP",effect="deny"}'
  expect(counted.get(denied)).toBe(3)
  // The engine's own appear as they happen: a collection of garbage adds those of its kind.
  const added = [...counted.keys()].filter((name) => !before.has(name))
  expect(added.filter((name) => !name.startsWith('muster_nodejs_'))).toStrictEqual([denied])
  const decisions = await (await server.admin('GET', 'decisions?action=HTTP&limit=1')).json()
  expect(decisions).toMatchObject({ decisions: [{ resource: 'POST / List\u00e9' }] })
})

it('jobs requests over MQTT are operations like those over HTTP, refused ones by their status', async () => {
  const jobs = '$aws/things/T1/jobs'
  expect(await ask(`${jobs}/get`, {})).toBe(`${jobs}/get/accepted`)
  expect(await ask(`${jobs}/start-next`, {})).toBe(`${jobs}/start-next/accepted`)
  expect(await ask(`${jobs}/none/get`, {})).toBe(`${jobs}/none/get/rejected`)
  expect(await ask(`${jobs}/none/update`, { status: 'SUCCEEDED' })).toContain('rejected')
  await server.iot.send(new DescribeThingCommand({ thingName: 'T1' }))
  const found = await samples()
  expect(found.get(operation('GetPendingJobExecutions', 'mqtt', 200))).toBe(1)
  expect(found.get(operation('StartNextPendingJobExecution', 'mqtt', 200))).toBe(1)
  expect(found.get(operation('DescribeJobExecution', 'mqtt', 404))).toBe(1)
  expect(found.get(operation('UpdateJobExecution', 'mqtt', 404))).toBe(1)
  expect(found.get(operation('DescribeThing', 'http', 200, 'iot'))).toBe(1)
})

it('decisions are counted by action, allowed and denied, remembered ones too', async () => {
  const before = await samples()
  for (let index = 0; index < 3; index += 1) await ask('$aws/things/T1/jobs/get', {})
  const publishes = 'muster_allowed_total{action="iot:Publish"}'
  const receives = 'muster_allowed_total{action="iot:Receive"}'
  const after = await samples()
  for (const name of [publishes, receives]) {
    expect((after.get(name) ?? 0) - (before.get(name) ?? 0)).toBe(3)
  }
  expect(after.get('muster_allowed_total{action="iot:Connect"}')).toBeGreaterThanOrEqual(1)
  expect(after.get('muster_allowed_total{action="iot:CreateThing"}')).toBeGreaterThanOrEqual(1)
  const other = await connectMqtt(server, await createDevice(server.iot, 'T0'), { clientId: 'T0' })
  other.publish('elsewhere', 'x', { qos: 0 })
  await vi.waitUntil(async () => {
    const denied = 'muster_denied_total{action="iot:Publish",effect="implicitDeny"}'
    return (await samples()).get(denied) === 1
  })
})

it('executions are counted by status and the queue by things, across a restart', async () => {
  let other = await startTestServer()
  try {
    const targets: string[] = []
    for (const thingName of ['A', 'B', 'C']) {
      const { thingArn = '' } = await other.iot.send(new CreateThingCommand({ thingName }))
      targets.push(thingArn)
    }
    const jobExecutionsRolloutConfig = { maximumPerMinute: 1 }
    await other.iot.send(
      new CreateJobCommand({ jobId: 'J1', targets, document: '{}', jobExecutionsRolloutConfig }),
    )
    await other.advance(1)
    const figures = async (): Promise<(number | undefined)[]> => {
      const found = await samples(other)
      const statuses = ['QUEUED', 'CANCELED'].map((status) =>
        found.get(`muster_job_executions{status="${status}"}`),
      )
      return [...statuses, found.get('muster_rollout_queue')]
    }
    expect(await figures()).toEqual([1, undefined, 2])
    await other.advance(60)
    expect(await figures()).toEqual([2, undefined, 1])
    await other.iot.send(new CancelJobExecutionCommand({ jobId: 'J1', thingName: 'A' }))
    expect(await figures()).toEqual([1, 1, 1])
    other = await other.restart()
    expect(await figures()).toEqual([1, 1, 1])
    await other.admin('POST', 'reset')
    expect(await figures()).toEqual([undefined, undefined, 0])
  } finally {
    await other.close()
  }
})

it('handshakes are counted by listener and result, principals by those who are connected', async () => {
  const socket = connect(server.mqttPort, '127.0.0.1', () => socket.end('no TLS at all'))
  socket.on('error', () => {})
  const count = async (result: string): Promise<number> =>
    (await samples()).get(`muster_tls_handshakes_total{listener="MQTT",result="${result}"}`) ?? 0
  await vi.waitUntil(async () => (await count('failed')) > 0)
  const completed = await count('completed')
  const identity = await createDevice(server.iot, 'T2')
  const second = await connectMqtt(server, identity, { clientId: 'T2' })
  expect(await count('completed')).toBe(completed + 1)
  expect((await samples()).get('muster_distinct_principals')).toBe(2)
  await second.endAsync()
  await vi.waitUntil(async () => (await samples()).get('muster_distinct_principals') === 1)
})

it('principals are those who are connected over HTTPS too, each once', async () => {
  const principals = async (): Promise<number | undefined> =>
    (await samples()).get('muster_distinct_principals')
  await vi.waitUntil(async () => (await principals()) === 1)
  const { caPem, httpsPort } = server
  const asking = (identity: TestDevice): Client => {
    const { certificatePem: cert, privateKeyPem: key } = identity
    const connect = { ca: caPem, cert, key, servername: 'localhost' }
    return new Client(`https://127.0.0.1:${httpsPort}`, { connect })
  }
  const T3 = await createDevice(server.iot, 'T3')
  const clients = [asking(T3), asking(T3), asking(await createDevice(server.iot, 'T4'))]
  for (const client of clients) {
    const path = '/things/T3/jobs'
    await (await client.request({ method: 'GET', path })).body.dump()
  }
  expect(await principals()).toBe(3)
  // Over both, a certificate counts once.
  const both = await connectMqtt(server, T3, { clientId: 'T3' })
  expect(await principals()).toBe(3)
  await both.endAsync()
  await Promise.all(clients.map((client) => client.close()))
  await vi.waitUntil(async () => (await principals()) === 1)
})

it('what only grows is a counter, and dashboard and alerts ask for what there is', async () => {
  const text = await (await server.admin('GET', 'metrics')).text()
  const types = new Map(
    [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, ...pair]) => pair as [string, string]),
  )
  for (const [name, type] of types) {
    // Those of Node are named by the library that reads them.
    if (name.endsWith('_total') && !name.startsWith('muster_nodejs_'))
      expect([name, type]).toEqual([name, 'counter'])
  }
  for (const file of ['grafana/dashboards/muster.json', 'prometheus/alerts.yaml']) {
    const shown = readFileSync(new URL(`../../../infra/${file}`, import.meta.url), 'utf8')
    const names = new Set(shown.match(/muster_[a-z0-9_]+/g))
    expect(names.size).toBeGreaterThan(5)
    for (const name of names) {
      expect([...types.keys()], `${file}: ${name}`).toContain(
        name.replace(/_(bucket|count|sum)$/, ''),
      )
    }
    // Rates are of what only grows.
    for (const [, rated = ''] of shown.matchAll(/rate\((muster_\w+)/g)) {
      expect(rated).toMatch(/_(total|count|bucket|sum)$/)
    }
  }
})
