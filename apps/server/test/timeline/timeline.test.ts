/** `/_muster/things/NAME/timeline` on a real server with real devices. */
import {
  CreateJobCommand,
  CreateThingCommand,
  DeleteThingCommand,
  DetachThingPrincipalCommand,
} from '@aws-sdk/client-iot'
import {
  GetPendingJobExecutionsCommand,
  UpdateJobExecutionCommand,
} from '@aws-sdk/client-iot-jobs-data-plane'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { TimelineEntry, ToldTimeline } from '../../src/timeline/timeline-entry.ts'
import {
  connectMqtt,
  createDevice,
  startTestServer,
  type TestDevice,
  type TestServer,
} from '../../testkit/index.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

async function timelineOf(thingName: string, query = ''): Promise<ToldTimeline> {
  const response = await server.admin('GET', `things/${thingName}/timeline${query}`)
  expect(response.status).toBe(200)
  return (await response.json()) as ToldTimeline
}

/** What happened, without times and what differs from run to run. */
async function shortly(thingName: string): Promise<readonly string[]> {
  const { entries } = await timelineOf(thingName)
  return entries.map(line)
}

function line(entry: TimelineEntry): string {
  switch (entry.kind) {
    case 'connected':
      return `connected ${entry.clientId}`
    case 'disconnected':
      return `disconnected ${entry.reason}`
    case 'denied':
      return `denied ${entry.action} ${entry.reason}`
    case 'notified':
      return `${entry.topic} ${entry.jobId} to ${entry.receivers}`
    case 'request':
      return `${entry.operation} ${entry.jobId} ${entry.code} over ${entry.protocol}`
    case 'execution':
      return `${entry.jobId} ${entry.status} by ${entry.by}`
  }
}

async function jobFor(device: TestDevice, jobId: string, more: object = {}): Promise<void> {
  const targets = [device.thingArn]
  await server.iot.send(new CreateJobCommand({ jobId, targets, document: '{}', ...more }))
  await server.advance(0)
}

it('tells a job from its notification to its end, in order', async () => {
  const device = await createDevice(server.iot, 'whole')
  const client = await connectMqtt(server, device)
  const jobs = '$aws/things/whole/jobs'
  await client.subscribeAsync(`${jobs}/notify-next`, { qos: 1 })
  const message = (): Promise<unknown> => new Promise((told) => client.once('message', told))
  const notified = message()
  await jobFor(device, 'whole-1')
  await notified
  const asked = async (topic: string, payload: object): Promise<void> => {
    const reply = message()
    await client.publishAsync(`${jobs}/${topic}`, JSON.stringify(payload), { qos: 1 })
    await reply
  }
  await asked('start-next', {})
  await asked('whole-1/update', { status: 'SUCCEEDED', expectedVersion: 7 })
  await asked('whole-1/update', { status: 'SUCCEEDED' })
  await client.endAsync()
  await vi.waitFor(async () =>
    expect(await shortly('whole')).toEqual([
      'connected whole',
      'whole-1 QUEUED by rollout',
      'notify whole-1 to 0',
      'notify-next whole-1 to 1',
      'StartNextPendingJobExecution null null over mqtt',
      'whole-1 IN_PROGRESS by device',
      'UpdateJobExecution whole-1 VersionMismatch over mqtt',
      'UpdateJobExecution whole-1 null over mqtt',
      'whole-1 SUCCEEDED by device',
      'notify null to 0',
      'notify-next null to 1',
      'disconnected CLIENT_INITIATED_DISCONNECT',
    ]),
  )
  const { entries, nowMs, recordedSinceMs } = await timelineOf('whole', '?limit=2')
  expect(entries.map(line)).toEqual([
    'notify-next null to 1',
    'disconnected CLIENT_INITIATED_DISCONNECT',
  ])
  expect(recordedSinceMs).toBeLessThanOrEqual(nowMs)
})

it('tells timeouts, retries and requests over HTTPS', async () => {
  const device = await createDevice(server.iot, 'slow')
  const retries = { criteriaList: [{ failureType: 'TIMED_OUT', numberOfRetries: 1 }] }
  const timeoutConfig = { inProgressTimeoutInMinutes: 1 }
  await jobFor(device, 'slow-1', { timeoutConfig, jobExecutionsRetryConfig: retries })
  await server.jobsData.send(new GetPendingJobExecutionsCommand({ thingName: 'slow' }))
  await server.jobsData.send(new GetPendingJobExecutionsCommand({ thingName: 'slow' }))
  const update = { jobId: 'slow-1', thingName: 'slow', status: 'IN_PROGRESS' } as const
  await server.jobsData.send(new UpdateJobExecutionCommand(update))
  await server.advance(61)
  expect((await shortly('slow')).filter((one) => !one.startsWith('notify'))).toEqual([
    'slow-1 QUEUED by rollout',
    'GetPendingJobExecutions null null over https',
    'UpdateJobExecution slow-1 null over https',
    'slow-1 IN_PROGRESS by device',
    'slow-1 TIMED_OUT by timer',
    'slow-1 QUEUED by retry',
  ])
  const { entries } = await timelineOf('slow')
  expect(entries.find(({ kind }) => kind === 'request')).toMatchObject({ count: 2 })
})

it('tells what was denied to a device, also to one whose certificate is not attached', async () => {
  const device = await createDevice(server.iot, 'denied')
  const client = await connectMqtt(server, device)
  const closed = new Promise<void>((told) => client.once('close', told))
  client.publish('elsewhere', 'x')
  await closed
  await vi.waitFor(async () =>
    expect(await shortly('denied')).toEqual([
      'connected denied',
      'denied iot:Publish AUTHORIZATION_FAILED',
      'disconnected AUTH_ERROR',
    ]),
  )
  const [, denial] = (await timelineOf('denied')).entries
  expect(denial).toMatchObject({ resource: expect.stringContaining('topic/elsewhere'), count: 1 })
  await server.iot.send(
    new DetachThingPrincipalCommand({ thingName: 'denied', principal: device.certificateArn }),
  )
  await server.advance(1)
  await expect(connectMqtt(server, device)).rejects.toThrow()
  expect((await shortly('denied')).at(-1)).toBe('denied iot:Connect AUTHORIZATION_FAILED')
})

it('what was refused under a name stays when the thing is gone, and says that it is', async () => {
  const device = await createDevice(server.iot, 'gone', { policyDocument: undefined })
  await expect(connectMqtt(server, device)).rejects.toThrow()
  const thingName = 'gone'
  const principal = device.certificateArn
  await server.iot.send(new DetachThingPrincipalCommand({ thingName, principal }))
  await server.iot.send(new DeleteThingCommand({ thingName }))
  const { isThing, entries } = await timelineOf(thingName)
  expect([isThing, entries.map(({ kind }) => kind)]).toEqual([false, ['denied']])
})

it('a thing that is not there, or is there no more, has no timeline; a new one begins empty', async () => {
  expect((await server.admin('GET', 'things/nobody/timeline')).status).toBe(404)
  await server.iot.send(new CreateThingCommand({ thingName: 'fresh' }))
  expect(await timelineOf('fresh')).toMatchObject({ isThing: true, entries: [] })
  await server.jobsData.send(new GetPendingJobExecutionsCommand({ thingName: 'fresh' }))
  await server.iot.send(new DeleteThingCommand({ thingName: 'fresh' }))
  expect((await server.admin('GET', 'things/fresh/timeline')).status).toBe(404)
  await server.iot.send(new CreateThingCommand({ thingName: 'fresh' }))
  expect((await timelineOf('fresh')).entries).toEqual([])
  for (const limit of ['0', '201', 'x']) {
    expect((await server.admin('GET', `things/fresh/timeline?limit=${limit}`)).status).toBe(400)
  }
  expect((await server.admin('POST', 'things/fresh/timeline')).status).toBe(405)
})
