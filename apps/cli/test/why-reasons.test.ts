/** The main reasons on a real server with real devices, read by AWS's operations. */
import {
  CreateJobCommand,
  CreateThingCommand,
  UpdateCertificateCommand,
  UpdateIndexingConfigurationCommand,
} from '@aws-sdk/client-iot'
import {
  connectMqtt,
  createDevice,
  startTestServer,
  type CreateDeviceOptions,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import type { MqttClient } from 'mqtt'
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { explainThing, gatherFacts, type AdminPort, type Verdict } from '@muster/why'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  await server.iot.send(
    new UpdateIndexingConfigurationCommand({
      thingIndexingConfiguration: {
        thingIndexingMode: 'REGISTRY',
        thingConnectivityIndexingMode: 'STATUS',
      },
    }),
  )
})
afterAll(() => server.close())

const admin: AdminPort = async (path) => {
  const response = await server.admin('GET', path)
  if (response.status === 404) return null
  return response.ok ? await response.json() : undefined
}

/** What is said with the admin API, and with AWS's operations alone. */
async function why(thingName: string, jobId?: string): Promise<{ here: Verdict; onAws: Verdict }> {
  const sources = { iot: server.iot, wallMs: () => Date.now() }
  return {
    here: explainThing(await gatherFacts(thingName, { ...sources, admin }), jobId),
    onAws: explainThing(await gatherFacts(thingName, sources), jobId),
  }
}

async function reasons(thingName: string, jobId?: string): Promise<readonly string[]> {
  const { here, onAws } = await why(thingName, jobId)
  return [here.reason, onAws.reason]
}

async function deviceWithJob(
  thingName: string,
  options?: CreateDeviceOptions,
): Promise<TestDevice> {
  const device = await createDevice(server.iot, thingName, options)
  await jobFor(device, `${thingName}-job`)
  return device
}

async function jobFor(device: TestDevice, jobId: string, more: object = {}): Promise<void> {
  const input = { jobId, targets: [device.thingArn], document: '{}', ...more }
  await server.iot.send(new CreateJobCommand(input))
  await server.advance(0)
}

async function connected(device: TestDevice): Promise<MqttClient> {
  const client = await connectMqtt(server, device)
  onTestFinished(() => void client.end(true))
  return client
}

const topicOf = ({ thingName }: TestDevice, rest: string): string =>
  `$aws/things/${thingName}/jobs/${rest}`

/** Publishes to a topic of its jobs and waits for the answer. */
async function ask(
  client: MqttClient,
  device: TestDevice,
  topic: string,
  payload: object,
): Promise<void> {
  const answered = new Promise((resolve) => client.once('message', resolve))
  await client.publishAsync(topicOf(device, topic), JSON.stringify(payload), { qos: 1 })
  await answered
}

it('no such thing; nothing targets it; no certificate; never connected', async () => {
  expect(await reasons('nobody')).toEqual(['NO_SUCH_THING', 'NO_SUCH_THING'])
  await server.iot.send(new CreateThingCommand({ thingName: 'idle' }))
  expect(await reasons('idle')).toEqual(['NOTHING_TARGETS_IT', 'NOTHING_TARGETS_IT'])
  await deviceWithJob('bare', { attached: false })
  expect(await reasons('bare')).toEqual(['NO_CERTIFICATE', 'NO_CERTIFICATE'])
  await deviceWithJob('never')
  expect(await reasons('never')).toEqual(['NEVER_CONNECTED', 'NEVER_CONNECTED'])
})

it('a certificate that is not active, and a connection that its policy denies', async () => {
  const revoked = await deviceWithJob('revoked')
  const { certificateId } = revoked
  await server.iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'REVOKED' }))
  expect(await reasons('revoked')).toEqual(['CERTIFICATE_NOT_ACTIVE', 'CERTIFICATE_NOT_ACTIVE'])
  const refused = await deviceWithJob('refused', { policyDocument: undefined })
  // What would be denied is told before it is tried.
  expect(await reasons('refused')).toEqual(['DENIED', 'DENIED'])
  await expect(connectMqtt(server, refused)).rejects.toThrow()
  const { here } = await why('refused')
  expect(here).toMatchObject({ reason: 'DENIED', decisionId: expect.any(String) })
  expect(here.sentence).toContain('was denied iot:Connect')
})

it('offline since, with AWS’s reason', async () => {
  const device = await deviceWithJob('away')
  const client = await connected(device)
  await client.endAsync()
  await vi.waitFor(async () => expect(await reasons('away')).toEqual(['OFFLINE', 'OFFLINE']))
  const { here } = await why('away')
  expect(here.sentence).toMatch(/offline since .*Z \(CLIENT_INITIATED_DISCONNECT\); job away-job/)
})

it('not subscribed, then told and silent, then at work, then up to date', async () => {
  const device = await createDevice(server.iot, 'walk')
  const client = await connected(device)
  await jobFor(device, 'walk-1')
  expect((await why('walk')).here.reason).toBe('NOT_SUBSCRIBED')
  await client.subscribeAsync(topicOf(device, 'notify-next'), { qos: 1 })
  const told = new Promise((resolve) => client.once('message', resolve))
  await jobFor(device, 'walk-0')
  expect(await reasons('walk', 'walk-0')).toEqual([
    'BEHIND_ANOTHER_EXECUTION',
    'BEHIND_ANOTHER_EXECUTION',
  ])
  await ask(client, device, 'start-next', {})
  expect(await reasons('walk', 'walk-1')).toEqual(['UPDATING', 'UPDATING'])
  await ask(client, device, 'walk-1/update', { status: 'SUCCEEDED', expectedVersion: 9 })
  expect((await why('walk')).here.reason).toBe('VERSION_CONFLICT')
  await ask(client, device, 'walk-1/update', { status: 'SUCCEEDED' })
  await told
  expect((await why('walk')).here).toMatchObject({ reason: 'NOTIFIED_BUT_SILENT', jobId: 'walk-0' })
  await ask(client, device, 'walk-0/update', { status: 'FAILED', statusDetails: { disk: 'full' } })
  expect(await reasons('walk')).toEqual(['FAILED', 'FAILED'])
  expect((await why('walk')).onAws.sentence).toContain('(disk: full)')
  expect(await reasons('walk', 'walk-1')).toEqual(['UP_TO_DATE', 'UP_TO_DATE'])
})

it('waits for its start, its window, its minute of the rollout; and came too late', async () => {
  const device = await createDevice(server.iot, 'waits')
  const other = await createDevice(server.iot, 'first')
  const nowMs = ((await admin('health')) as { readonly nowMs: number }).nowMs
  const startTime = new Date(nowMs + 3_600_000).toISOString().slice(0, 16)
  const later = { schedulingConfig: { startTime } }
  await jobFor(device, 'waits-start', later)
  expect(await reasons('waits', 'waits-start')).toEqual(['WAITING_FOR_START', 'WAITING_FOR_START'])
  const slow = { jobExecutionsRolloutConfig: { maximumPerMinute: 1 } }
  const targets = { targets: [other.thingArn, device.thingArn] }
  await jobFor(device, 'waits-turn', { ...slow, ...targets })
  expect(await reasons('waits')).toEqual(['WAITING_FOR_ROLLOUT', 'WAITING_FOR_ROLLOUT'])
  const { here } = await why('waits')
  expect(here.sentence).toContain('1 targets wait, 1 a minute are let through')
})

it('timed out, and stopped before it came to the thing', async () => {
  const device = await createDevice(server.iot, 'late')
  const client = await connected(device)
  await jobFor(device, 'late-1', { timeoutConfig: { inProgressTimeoutInMinutes: 1 } })
  await ask(client, device, 'start-next', {})
  expect((await why('late')).onAws.sentence).toContain('; it times out at ')
  await server.advance(61)
  expect(await reasons('late')).toEqual(['TIMED_OUT', 'TIMED_OUT'])
})
