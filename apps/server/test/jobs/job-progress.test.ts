/** `/_muster/jobs/ID/progress` on a real server: true to DescribeJob, and still there after a restart. */
import {
  AddThingToThingGroupCommand,
  CancelJobCommand,
  CreateJobCommand,
  CreateThingCommand,
  CreateThingGroupCommand,
  DeleteJobCommand,
  DescribeJobCommand,
} from '@aws-sdk/client-iot'
import {
  StartNextPendingJobExecutionCommand,
  UpdateJobExecutionCommand,
} from '@aws-sdk/client-iot-jobs-data-plane'
import { expect, it, onTestFinished } from 'vitest'
import { startTestServer, type TestServer } from '../../testkit/index.ts'
import type { ToldProgress } from '../../src/jobs/job-progress.ts'

const THINGS = ['p-1', 'p-2', 'p-3', 'p-4']

async function started(): Promise<{ server: TestServer; groupArn: string }> {
  const server = await startTestServer()
  onTestFinished(() => server.close())
  const { thingGroupArn = '' } = await server.iot.send(
    new CreateThingGroupCommand({ thingGroupName: 'all' }),
  )
  for (const thingName of THINGS) {
    await server.iot.send(new CreateThingCommand({ thingName }))
    await server.iot.send(new AddThingToThingGroupCommand({ thingGroupName: 'all', thingName }))
  }
  return { server, groupArn: thingGroupArn }
}

async function progressOf(server: TestServer, jobId: string): Promise<ToldProgress> {
  const response = await server.admin('GET', `jobs/${encodeURIComponent(jobId)}/progress`)
  expect(response.status).toBe(200)
  return (await response.json()) as ToldProgress
}

async function succeed(server: TestServer, thingName: string): Promise<void> {
  const { execution } = await server.jobsData.send(
    new StartNextPendingJobExecutionCommand({ thingName }),
  )
  const jobId = execution?.jobId ?? ''
  await server.jobsData.send(
    new UpdateJobExecutionCommand({ thingName, jobId, status: 'SUCCEEDED' }),
  )
}

it('the series follows the rollout, ends with the counters of DescribeJob, and outlives a restart', async () => {
  const { server, groupArn } = await started()
  await server.iot.send(
    new CreateJobCommand({
      jobId: 'staged',
      targets: [groupArn],
      document: '{}',
      jobExecutionsRolloutConfig: { maximumPerMinute: 1 },
    }),
  )
  await server.advance(0)
  const first = await progressOf(server, 'staged')
  expect(first).toMatchObject({ jobId: 'staged', status: 'IN_PROGRESS', windowUntilMs: null })
  expect(first.rollout).toMatchObject({ phase: 'rolling', created: 1, waiting: 3 })
  expect(first.points.at(-1)).toMatchObject({ atMs: first.nowMs, queued: 1, succeeded: 0 })
  await succeed(server, 'p-1')
  await server.advance(60)
  await succeed(server, 'p-2')
  const second = await progressOf(server, 'staged')
  const { job } = await server.iot.send(new DescribeJobCommand({ jobId: 'staged' }))
  expect(second.points.at(-1)).toMatchObject({
    queued: job?.jobProcessDetails?.numberOfQueuedThings,
    succeeded: job?.jobProcessDetails?.numberOfSucceededThings,
  })
  expect(second.points.map((point) => point.succeeded)).toEqual(
    second.points.map((point) => point.succeeded).toSorted((a, b) => a - b),
  )
  expect(second.recordedSinceMs - second.createdAtMs).toBeLessThan(1000)

  const again = await server.restart()
  onTestFinished(() => again.close())
  const third = await progressOf(again, 'staged')
  expect(third.points.slice(0, -1)).toEqual(second.points.slice(0, -1))
  await again.advance(120)
  await succeed(again, 'p-3')
  await succeed(again, 'p-4')
  const ended = await progressOf(again, 'staged')
  expect(ended.status).toBe('COMPLETED')
  expect(ended.points.at(-1)).toMatchObject({ succeeded: 4, queued: 0 })
  await again.advance(3600)
  expect((await progressOf(again, 'staged')).points).toEqual(ended.points)
})

it('a job that is deleted has no series, and another one of its name begins anew', async () => {
  const { server, groupArn } = await started()
  const create = { jobId: 'twice', targets: [groupArn], document: '{}' }
  await server.iot.send(new CreateJobCommand(create))
  await server.advance(0)
  await server.iot.send(new CancelJobCommand({ jobId: 'twice', force: true }))
  await server.iot.send(new DeleteJobCommand({ jobId: 'twice', force: true }))
  await server.advance(60)
  const gone = await server.admin('GET', 'jobs/twice/progress')
  expect(gone.status).toBe(404)
  expect(await gone.json()).toEqual({ message: 'no job `twice`' })
  await server.iot.send(new CreateJobCommand(create))
  const { points, recordedSinceMs, createdAtMs } = await progressOf(server, 'twice')
  expect(recordedSinceMs).toBeGreaterThanOrEqual(createdAtMs)
  expect(points.every(({ canceled }) => canceled === 0)).toBe(true)
  expect((await server.admin('POST', 'jobs/twice/progress')).status).toBe(405)
  expect((await server.admin('GET', 'jobs/%E0%A4%A/progress')).status).toBe(404)
})

it('progress asks for the admin token as the rest of the admin API does', async () => {
  const server = await startTestServer({ adminToken: 'secret' })
  onTestFinished(() => server.close())
  expect((await server.admin('GET', 'jobs/any/progress')).status).toBe(401)
  const url = `${server.httpUrl}/_muster/jobs/any/progress`
  const foreign = { authorization: 'Bearer secret', origin: 'http://elsewhere.example' }
  expect((await fetch(url, { headers: foreign })).status).toBe(403)
  expect((await fetch(url, { headers: { authorization: 'Bearer secret' } })).status).toBe(404)
})
