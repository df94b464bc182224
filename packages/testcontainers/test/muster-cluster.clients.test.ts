/**
 * Starts a cluster as someone else's test would, over TLS to NATS and PostgreSQL, and finishes a job through each
 * gateway. Needs a Docker daemon, the image `MUSTER_IMAGE` (muster:latest) and one with `nats-server` and PostgreSQL's
 * programs, `MUSTER_ENGINES_IMAGE` (muster-base:bookworm, as CI makes it). Without a daemon the test is left out, unless
 * MUSTER_REQUIRE_CLIENTS=1: then it fails.
 */
import { CreateJobCommand, DescribeJobExecutionCommand } from '@aws-sdk/client-iot'
import mqtt from 'mqtt'
import { getContainerRuntimeClient } from 'testcontainers'
import { describe, expect, it } from 'vitest'
import { MusterCluster } from '../src/muster-cluster.ts'
import type { StartedGateway, StartedMusterCluster } from '../src/started-muster-cluster.ts'

const image = process.env['MUSTER_IMAGE'] ?? 'muster:latest'
const engines = process.env['MUSTER_ENGINES_IMAGE'] ?? 'muster-base:bookworm'
const required = process.env['MUSTER_REQUIRE_CLIENTS'] === '1'
const daemon = await getContainerRuntimeClient().then(
  () => true,
  () => false,
)

function cluster(): MusterCluster {
  return new MusterCluster(image).withNatsImage(engines).withLocalImagesOnly()
}

/** A device does one job through one gateway. */
async function doesJob(
  muster: StartedMusterCluster,
  gateway: StartedGateway | undefined,
  thingName: string,
): Promise<void> {
  const device = await muster.createDevice({ thingName })
  const jobId = `job-${thingName}`
  const iot = muster.iot()
  await iot.send(new CreateJobCommand({ jobId, targets: [device.thingArn], document: '{}' }))
  const client = await mqtt.connectAsync(gateway?.mqttUrl ?? '', {
    clientId: thingName,
    ca: await muster.caPem(),
    cert: device.certificatePem,
    key: device.privateKeyPem,
    reconnectPeriod: 0,
  })
  const update = `$aws/things/${thingName}/jobs/${jobId}/update`
  await client.subscribeAsync(`${update}/accepted`, { qos: 1 })
  const accepted = new Promise<string>((resolve) => client.once('message', resolve))
  await client.publishAsync(update, '{"status":"SUCCEEDED"}', { qos: 1 })
  expect(await accepted).toBe(`${update}/accepted`)
  await client.endAsync()
  const { execution } = await iot.send(new DescribeJobExecutionCommand({ jobId, thingName }))
  expect(execution?.status).toBe('SUCCEEDED')
}

describe.runIf(daemon || required)('MusterCluster', () => {
  it('completes jobs through each of its gateways, the account in PostgreSQL', async () => {
    await using muster = await cluster().withGateways(2).withPostgres(engines).start()
    expect(muster.gateways).toHaveLength(2)
    const [first, second] = muster.gateways
    await doesJob(muster, first, 'lamp')
    await doesJob(muster, second, 'fan')
    const health = (await (await fetch(`${muster.httpUrl}/_muster/health`)).json()) as {
      readonly gateways: readonly { readonly name: string }[]
    }
    expect(health.gateways.map(({ name }) => name).sort()).toEqual(['gateway-1', 'gateway-2'])
    const { postgres } = muster.containers
    const asked = await postgres?.exec([
      'sh',
      '-c',
      'PGPASSWORD="$(cat /keys/password)" $(ls -d /usr/lib/postgresql/*/bin)/psql ' +
        '"host=localhost user=muster dbname=postgres sslmode=require" ' +
        '-Atc "SELECT status FROM muster.executions"',
    ])
    expect(asked?.output.trim().split('\n')).toEqual(['SUCCEEDED', 'SUCCEEDED'])
  })

  it('keeps the account in the core without PostgreSQL, and stops what it started when a part fails', async () => {
    await using muster = await cluster().withGateways(1).start()
    expect(muster.containers.postgres).toBeUndefined()
    await doesJob(muster, muster.gateways[0], 'lamp')
    const { container } = await getContainerRuntimeClient()
    const before = (await container.list()).length
    const broken = cluster().withPostgres('muster-absent:none')
    await expect(broken.start()).rejects.toThrow(/muster-absent:none/)
    expect(await container.list()).toHaveLength(before)
  })

  it('has one gateway at least', () => {
    expect(() => cluster().withGateways(0)).toThrow(/at least one gateway/)
  })
})
