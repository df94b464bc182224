/** The planned curve against the server that rolls out, minute by minute (jobs J92 to J95). */
import {
  AddThingToThingGroupCommand,
  CreateJobCommand,
  CreateThingCommand,
  CreateThingGroupCommand,
  DescribeJobCommand,
  ListJobExecutionsForJobCommand,
  type JobExecutionsRolloutConfig,
} from '@aws-sdk/client-iot'
import { UpdateJobExecutionCommand } from '@aws-sdk/client-iot-jobs-data-plane'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nightly, windowRequest, windowSpans } from '../src/jobs/create/window-form.ts'
import { planColumns, planRollout, ratePerMinute } from '../src/jobs/rollout-plan.ts'

const things = 60
const group = 'arn:aws:iot:us-east-1:123456789012:thinggroup/fleet'
let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
  await server.iot.send(new CreateThingGroupCommand({ thingGroupName: 'fleet' }))
  for (let index = 0; index < things; index += 1) {
    const thingName = `lamp-${index}`
    await server.iot.send(new CreateThingCommand({ thingName }))
    await server.iot.send(new AddThingToThingGroupCommand({ thingName, thingGroupName: 'fleet' }))
  }
})

afterAll(() => server?.close())

async function created(jobId: string): Promise<number> {
  const { job } = await server.iot.send(new DescribeJobCommand({ jobId }))
  return Object.values(job?.jobProcessDetails ?? {})
    .filter((value): value is number => typeof value === 'number')
    .reduce((sum, value) => sum + value, 0)
}

async function succeedQueued(jobId: string): Promise<void> {
  const { executionSummaries } = await server.iot.send(
    new ListJobExecutionsForJobCommand({ jobId, status: 'QUEUED', maxResults: 250 }),
  )
  for (const { thingArn = '' } of executionSummaries ?? []) {
    const thingName = thingArn.split(':thing/')[1]
    await server.jobsData.send(
      new UpdateJobExecutionCommand({ jobId, thingName, status: 'SUCCEEDED' }),
    )
  }
}

const configs: readonly (readonly [string, JobExecutionsRolloutConfig])[] = [
  ['constant', { maximumPerMinute: 7 }],
  [
    'rising with the notified',
    {
      maximumPerMinute: 20,
      exponentialRate: {
        baseRatePerMinute: 3,
        incrementFactor: 1.5,
        rateIncreaseCriteria: { numberOfNotifiedThings: 6 },
      },
    },
  ],
  [
    'rising with the succeeded',
    {
      maximumPerMinute: 1000,
      exponentialRate: {
        baseRatePerMinute: 4,
        incrementFactor: 1.1,
        rateIncreaseCriteria: { numberOfSucceededThings: 5 },
      },
    },
  ],
]

describe('a planned rollout', () => {
  it.each(configs)('is that of the server, minute by minute: %s', async (name, config) => {
    const jobId = name.replaceAll(' ', '-')
    await server.iot.send(
      new CreateJobCommand({
        jobId,
        targets: [group],
        document: '{}',
        jobExecutionsRolloutConfig: config,
      }),
    )
    await server.advance(1)
    const plan = planRollout({
      config,
      waiting: things,
      startMs: 0,
      // Whatever is queued succeeds before the next minute begins.
      assumed: { executionMs: 30_000, successShare: 1 },
    })
    const seen: number[] = []
    for (const _ of plan.steps) {
      seen.push(await created(jobId))
      await succeedQueued(jobId)
      await server.advance(60)
    }
    expect(seen).toEqual(plan.steps.map((step) => step.created))
    expect(plan.leftOut).toBe(0)
    expect(plan.createdAllAtMs).toBe((plan.steps.length - 1) * 60_000)
  })

  it('jobs J94: rises at each multiple, as the guide’s example', () => {
    const config = {
      maximumPerMinute: 1000,
      exponentialRate: {
        baseRatePerMinute: 50,
        incrementFactor: 2,
        rateIncreaseCriteria: { numberOfNotifiedThings: 1000 },
      },
    }
    expect(
      [0, 999, 1000, 2000, 3000].map((notified) => ratePerMinute(config, notified, 0)),
    ).toEqual([50, 50, 100, 200, 400])
  })

  it('waits for its windows, and leaves out what they do not reach', () => {
    const minute = 60_000
    const plan = planRollout({
      config: { maximumPerMinute: 10 },
      waiting: 50,
      startMs: 0,
      assumed: { executionMs: 0, successShare: 1 },
      windows: [
        { fromMs: 10 * minute, untilMs: 12 * minute },
        { fromMs: 60 * minute, untilMs: 62 * minute },
      ],
    })
    expect(plan.steps.map(({ atMs }) => atMs / minute)).toEqual([10, 11, 60, 61])
    expect(plan.leftOut).toBe(10)
    expect(plan.finishedAtMs).toBeUndefined()
  })

  it('draws a hundred thousand things in few points, the last among them', () => {
    const assumed = { executionMs: 30_000, successShare: 1 }
    const plan = planRollout({
      config: { maximumPerMinute: 10 },
      waiting: 100_000,
      startMs: 0,
      assumed,
    })
    const columns = planColumns(plan, assumed)
    expect(plan.steps).toHaveLength(10_000)
    expect(columns.atMs.length).toBeLessThan(1000)
    expect(columns.created.at(-1)).toBe(100_000)
    expect(columns.finished.at(-1)).toBe(100_000)
  })

  it('jobs J102: opens its windows when the server does', async () => {
    const { nowMs } = (await (await server.admin('GET', 'clock')).json()) as { nowMs: number }
    const startMs = nowMs + 3_600_000
    const windows = [
      nightly,
      { ...nightly, repeat: 'weekly' as const, weekday: '4', at: '11:30' },
      { ...nightly, repeat: 'monthly' as const, dayOfMonth: '2', at: '9:05' },
    ]
    await server.iot.send(
      new CreateJobCommand({
        jobId: 'windowed',
        targets: [group],
        document: '{}',
        targetSelection: 'CONTINUOUS',
        schedulingConfig: {
          startTime: new Date(startMs).toISOString().slice(0, 16),
          maintenanceWindows: windows.map(windowRequest),
        },
      }),
    )
    const { job } = await server.iot.send(new DescribeJobCommand({ jobId: 'windowed' }))
    const starts = (job?.scheduledJobRollouts ?? []).map(({ startTime = '' }) =>
      Date.parse(`${startTime}Z`),
    )
    const [first = 0] = starts
    const planned = (windowSpans(windows, first) ?? []).map(({ fromMs }) => fromMs)
    expect(planned.slice(0, starts.length)).toEqual(starts)
    expect(starts).toHaveLength(7)
  })
})
