/** Due work on a clock that runs by itself: the alarm is set again after every kind of wake. */
import { CreateJobCommand, ListJobExecutionsForJobCommand } from '@aws-sdk/client-iot'
import { createDevice, startTestServer } from '@muster/server/testkit'
import { expect, it, onTestFinished, vi } from 'vitest'

it('jobs J92: a rollout that waits for its minute goes on after another job has begun', async () => {
  const server = await startTestServer({ clock: 'x120' })
  onTestFinished(() => server.close())
  const targets = await Promise.all(
    ['T1', 'T2', 'T3'].map(async (name) => (await createDevice(server.iot, name)).thingArn),
  )
  const create = (jobId: string): Promise<unknown> =>
    server.iot.send(
      new CreateJobCommand({
        jobId,
        targets,
        document: '{}',
        jobExecutionsRolloutConfig: { maximumPerMinute: 1 },
      }),
    )
  const rolledOut = async (jobId: string): Promise<number> => {
    const { executionSummaries } = await server.iot.send(
      new ListJobExecutionsForJobCommand({ jobId }),
    )
    return executionSummaries?.length ?? 0
  }
  await create('J1')
  await vi.waitFor(async () => expect(await rolledOut('J1')).toBeGreaterThanOrEqual(1))
  await create('J2')
  await vi.waitFor(async () =>
    expect([await rolledOut('J1'), await rolledOut('J2')]).toEqual([3, 3]),
  )
})
