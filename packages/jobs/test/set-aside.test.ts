/** Due work that throws is put off, ever longer, and does not stop the work behind it. */
import { expect, it } from 'vitest'
import { JobsEngine, MemoryJobsState, type Job } from '../src/index.ts'
import { FakeRegistry } from './fake-registry.ts'

const MINUTE_MS = 60_000

/** A state in which one job cannot be read, as when its row is damaged. */
class DamagedState extends MemoryJobsState {
  damaged: string | undefined

  override job(jobId: string): Job | undefined {
    if (jobId === this.damaged) throw new Error('damaged')
    return super.job(jobId)
  }
}

it('work that throws is told each time and tried again; other work happens meanwhile', () => {
  const registry = new FakeRegistry()
  for (const name of ['T1', 'T2']) registry.things.add(name)
  const state = new DamagedState()
  const failures: [work: string, retryAtMs: number][] = []
  const recovered: string[] = []
  const engine = new JobsEngine({
    account: { region: 'us-east-1', accountId: '123456789012' },
    state,
    registry,
    publish: () => {},
    newId: () => 'id',
    presign: (url) => url,
    eventsEnabled: () => false,
    workFailed: ({ work, retryAtMs }) => failures.push([work, retryAtMs]),
    workRecovered: (work) => recovered.push(work),
  })
  const targets = ['T1', 'T2'].map((name) => `arn:aws:iot:us-east-1:123456789012:thing/${name}`)
  const jobExecutionsRolloutConfig = { maximumPerMinute: 1 }
  for (const jobId of ['J1', 'J2']) {
    const job = { jobId, targets, document: '{}', jobExecutionsRolloutConfig }
    expect(engine.createJob(job, 0).ok).toBe(true)
  }
  const runUntil = (untilMs: number): void => {
    for (let at = engine.nextDueAtMs(); at !== undefined && at <= untilMs;) {
      while (engine.runDue(at, 100)) continue
      at = engine.nextDueAtMs()
    }
  }
  state.damaged = 'J1'
  runUntil(MINUTE_MS)
  expect(state.latestExecution('J2', 'T2')?.status).toBe('QUEUED')
  expect(failures).toEqual([['rollout/J1', 2 * MINUTE_MS]])

  // The wait doubles until it is an hour.
  runUntil(400 * MINUTE_MS)
  const minutes = failures.map(([, retryAtMs]) => retryAtMs / MINUTE_MS)
  expect(minutes).toEqual([2, 4, 8, 16, 32, 64, 124, 184, 244, 304, 364, 424])
  expect(recovered).toEqual([])

  state.damaged = undefined
  runUntil(424 * MINUTE_MS)
  expect(state.latestExecution('J1', 'T2')?.status).toBe('QUEUED')
  expect(recovered).toEqual(['rollout/J1'])
  expect(failures).toHaveLength(12)
})
