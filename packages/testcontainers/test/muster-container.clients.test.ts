/**
 * Starts the image as someone else's test would, and finishes a job over MQTT and one over HTTPS.
 * Needs a Docker daemon and the image `MUSTER_IMAGE` (muster:latest). Without a daemon the test is
 * left out, unless MUSTER_REQUIRE_CLIENTS=1: then it fails.
 */
import { readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import type { IncomingMessage } from 'node:http'
import { CreateJobCommand, DescribeJobExecutionCommand } from '@aws-sdk/client-iot'
import mqtt from 'mqtt'
import { getContainerRuntimeClient } from 'testcontainers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MusterContainer } from '../src/muster-container.ts'
import type { DeviceIdentity } from '../src/started-account.ts'
import type { StartedMusterContainer } from '../src/started-muster-container.ts'

const image = process.env['MUSTER_IMAGE'] ?? 'muster:latest'
const required = process.env['MUSTER_REQUIRE_CLIENTS'] === '1'
const daemon = await getContainerRuntimeClient().then(
  () => true,
  () => false,
)

describe.runIf(daemon || required)('MusterContainer', () => {
  let muster: StartedMusterContainer

  beforeAll(async () => {
    muster = await new MusterContainer(image).withLocalImagesOnly().start()
  })
  afterAll(async () => {
    await muster?.stop()
  })

  it('fetches no image where only local ones may be used', async () => {
    const absent = new MusterContainer('muster-absent:none').withLocalImagesOnly()
    await expect(absent.start()).rejects.toThrow(/muster-absent:none/)
    expect(process.env['TESTCONTAINERS_RYUK_DISABLED']).toBe('true')
  })

  it('completes a job over MQTT with mutual TLS', async () => {
    const device = await muster.createDevice({ thingName: 'over-mqtt' })
    await createJob(muster, 'job-mqtt', device)
    const client = await mqtt.connectAsync(muster.mqttUrl, {
      clientId: device.thingName,
      ...tls(await muster.caPem(), device),
      reconnectPeriod: 0,
    })
    const jobs = `$aws/things/${device.thingName}/jobs`
    await client.subscribeAsync(`${jobs}/+/update/accepted`, { qos: 1 })
    const accepted = new Promise<string>((resolve) => client.once('message', resolve))
    await client.publishAsync(`${jobs}/job-mqtt/update`, '{"status":"SUCCEEDED"}', { qos: 1 })
    expect(await accepted).toBe(`${jobs}/job-mqtt/update/accepted`)
    await client.endAsync()
    expect(await executionStatus(muster, 'job-mqtt', device)).toBe('SUCCEEDED')
  })

  it('completes a job over HTTPS with mutual TLS', async () => {
    const device = await muster.createDevice({ thingName: 'over-https' })
    await createJob(muster, 'job-https', device)
    const url = `${muster.httpsUrl}/things/${device.thingName}/jobs/job-https`
    const answer = await post(url, '{"status":"SUCCEEDED"}', tls(await muster.caPem(), device))
    expect(answer.statusCode).toBe(200)
    expect(await executionStatus(muster, 'job-https', device)).toBe('SUCCEEDED')
  })

  it('serves the console and guards the admin API', async () => {
    expect((await fetch(`${muster.httpUrl}/console/`)).status).toBe(200)
    const decisions = `${muster.httpUrl}/_muster/decisions`
    expect((await fetch(decisions)).status).not.toBe(200)
    const authorization = `Bearer ${muster.adminToken}`
    expect((await fetch(decisions, { headers: { authorization } })).status).toBe(200)
  })

  it('measures everything that the Grafana dashboard shows', async () => {
    const authorization = `Bearer ${muster.adminToken}`
    const answer = await fetch(`${muster.httpUrl}/_muster/metrics`, { headers: { authorization } })
    const metrics = await answer.text()
    const dashboard = await readFile(
      new URL('../../../infra/grafana/dashboards/muster.json', import.meta.url),
      'utf8',
    )
    const shown = new Set(dashboard.match(/muster_[a-z0-9_]+/g))
    const missing = [...shown].filter(
      (name) => !metrics.includes(`# TYPE ${name.replace(/_(bucket|count|sum)$/, '')} `),
    )
    expect(shown.size).toBeGreaterThan(5)
    expect(missing).toEqual([])
  })
})

interface Tls {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

function tls(ca: string, device: DeviceIdentity): Tls {
  return { ca, cert: device.certificatePem, key: device.privateKeyPem }
}

async function createJob(
  muster: StartedMusterContainer,
  jobId: string,
  device: DeviceIdentity,
): Promise<void> {
  await muster
    .iot()
    .send(new CreateJobCommand({ jobId, targets: [device.thingArn], document: '{"do":"it"}' }))
}

async function executionStatus(
  muster: StartedMusterContainer,
  jobId: string,
  { thingName }: DeviceIdentity,
): Promise<string | undefined> {
  const answer = await muster.iot().send(new DescribeJobExecutionCommand({ jobId, thingName }))
  return answer.execution?.status
}

function post(url: string, body: string, options: Tls): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', ...options, agent: false }, (answer) => {
      text(answer).then(() => resolve(answer), reject)
    })
    call.on('error', reject)
    call.end(body)
  })
}
