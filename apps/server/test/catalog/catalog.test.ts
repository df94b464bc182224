/** The package catalog on a whole server: what a job leaves behind, and what a crash does not take. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateJobCommand,
  CreatePackageCommand,
  CreatePackageVersionCommand,
  CreateRoleAliasCommand,
  DescribeRoleAliasCommand,
  GetPackageCommand,
  GetPackageConfigurationCommand,
  GetPackageVersionCommand,
  IoTClient,
  UpdatePackageCommand,
  UpdatePackageConfigurationCommand,
  UpdatePackageVersionCommand,
} from '@aws-sdk/client-iot'
import { GetThingShadowCommand } from '@aws-sdk/client-iot-data-plane'
import {
  connectMqtt,
  createDevice,
  OPEN_POLICY,
  requestHttps,
  startServerProcess,
  startTestServer,
  TEST_CREDENTIALS,
  type TestServer,
} from '@muster/server/testkit'
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest'

const V1 = 'arn:aws:iot:us-east-1:123456789012:package/app/version/1'
const ROLE = 'arn:aws:iam::123456789012:role/packages'
const ENABLED = { versionUpdateByJobsConfig: { enabled: true, roleArn: ROLE } }

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())
beforeEach(() => server.admin('POST', 'reset'))

async function publish(iot: IoTClient): Promise<void> {
  const version = { packageName: 'app', versionName: '1' }
  await iot.send(new CreatePackageCommand({ packageName: 'app' }))
  await iot.send(new CreatePackageVersionCommand({ ...version, attributes: { k: 'v' } }))
  await iot.send(new UpdatePackageVersionCommand({ ...version, action: 'PUBLISH' }))
  await iot.send(new UpdatePackageConfigurationCommand(ENABLED))
}

async function createJob(iot: IoTClient, jobId: string): Promise<void> {
  const targets = ['arn:aws:iot:us-east-1:123456789012:thing/lamp']
  const job = { jobId, targets, document: '{}', destinationPackageVersions: [V1] }
  await iot.send(new CreateJobCommand(job))
}

it('neighbours N72: the shadow is written after the reply and the notices of the execution', async () => {
  await publish(server.iot)
  const lamp = await createDevice(server.iot, 'lamp', { policyDocument: OPEN_POLICY })
  const client = await connectMqtt(server, lamp)
  onTestFinished(() => client.endAsync(true))
  const shadow = '$aws/things/lamp/shadow/name/$package'
  await createJob(server.iot, 'J1')
  await client.subscribeAsync([`${shadow}/#`, '$aws/things/lamp/jobs/notify'], { qos: 1 })
  const heard: [string, unknown][] = []
  const all = new Promise<void>((resolve) => {
    client.on('message', (topic, payload) => {
      heard.push([topic, JSON.parse(String(payload))])
      if (heard.length === 4) resolve()
    })
  })
  await client.publishAsync('$aws/things/lamp/jobs/J1/update', '{"status":"SUCCEEDED"}', { qos: 1 })
  await all
  expect(heard.map(([topic]) => topic)).toEqual([
    '$aws/things/lamp/jobs/J1/update/accepted',
    '$aws/things/lamp/jobs/notify',
    `${shadow}/update/accepted`,
    `${shadow}/update/documents`,
  ])
  expect(heard[2]?.[1]).toEqual({
    state: { reported: { app: { version: '1' } } },
    metadata: { reported: { app: { version: { timestamp: expect.any(Number) as number } } } },
    version: 1,
    timestamp: expect.any(Number) as number,
  })
})

it('neighbours N71: over HTTPS too, and once', async () => {
  await publish(server.iot)
  const lamp = await createDevice(server.iot, 'lamp', { policyDocument: OPEN_POLICY })
  await createJob(server.iot, 'J1')
  const path = '/things/lamp/jobs/J1'
  const ended = await requestHttps(server, lamp, 'POST', path, '{"status":"SUCCEEDED"}')
  expect(ended.status).toBe(200)
  const again = await requestHttps(server, lamp, 'POST', path, '{"status":"SUCCEEDED"}')
  expect(again.status).not.toBe(200)
  const get = new GetThingShadowCommand({ thingName: 'lamp', shadowName: '$package' })
  const { payload } = await server.iotData.send(get)
  expect(JSON.parse(Buffer.from(payload ?? []).toString())).toMatchObject({
    state: { reported: { app: { version: '1' } } },
    version: 1,
  })
})

it('neighbours N1: errors have the status and the members of their model', async () => {
  await publish(server.iot)
  const taken = server.iot.send(new CreatePackageCommand({ packageName: 'app' }))
  await expect(taken).rejects.toMatchObject({
    name: 'ConflictException',
    resourceId: 'app',
    $metadata: { httpStatusCode: 409 },
  })
  const invalid = new UpdatePackageCommand({ packageName: 'app', defaultVersionName: 'a b' })
  await expect(server.iot.send(invalid)).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining("Value 'a b' at 'defaultVersionName'") as string,
    $metadata: { httpStatusCode: 400 },
  })
  const many = Array.from({ length: 99 }, (_, at) => `p${at}`)
  for (const packageName of many) await server.iot.send(new CreatePackageCommand({ packageName }))
  const more = server.iot.send(new CreatePackageCommand({ packageName: 'more' }))
  await expect(more).rejects.toMatchObject({
    name: 'ServiceQuotaExceededException',
    $metadata: { httpStatusCode: 402 },
  })
})

it('neighbours N5, N113: kill -9 loses nothing that was answered; a reset takes all', async () => {
  const data = mkdtempSync(join(tmpdir(), 'muster-catalog-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  const open = (httpPort: number): IoTClient =>
    new IoTClient({
      endpoint: `http://127.0.0.1:${httpPort}`,
      region: 'us-east-1',
      credentials: TEST_CREDENTIALS,
    })
  const first = await startServerProcess(['--data', data])
  const before = open(first.httpPort)
  await publish(before)
  await before.send(new UpdatePackageCommand({ packageName: 'app', defaultVersionName: '1' }))
  await before.send(new CreateRoleAliasCommand({ roleAlias: 'a', roleArn: ROLE }))
  await first.kill('SIGKILL')
  const second = await startServerProcess(['--data', data])
  onTestFinished(() => second.kill('SIGKILL'))
  const after = open(second.httpPort)
  const app = await after.send(new GetPackageCommand({ packageName: 'app' }))
  expect(app.defaultVersionName).toBe('1')
  const one = new GetPackageVersionCommand({ packageName: 'app', versionName: '1' })
  expect(await after.send(one)).toMatchObject({ status: 'PUBLISHED', attributes: { k: 'v' } })
  expect(await after.send(new GetPackageConfigurationCommand({}))).toMatchObject(ENABLED)
  const alias = new DescribeRoleAliasCommand({ roleAlias: 'a' })
  expect((await after.send(alias)).roleAliasDescription?.roleArn).toBe(ROLE)
  await fetch(`http://127.0.0.1:${second.httpPort}/_muster/reset`, { method: 'POST' })
  for (const gone of [one, alias] as const) {
    await expect(after.send(gone as typeof one)).rejects.toThrow('does not exist')
  }
  expect(await after.send(new GetPackageConfigurationCommand({}))).not.toHaveProperty(
    'versionUpdateByJobsConfig',
  )
}, 120_000)
