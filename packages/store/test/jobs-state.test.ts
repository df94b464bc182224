/**
 * The contract on both implementations, and SQLite against memory under random operations.
 */
import { MemoryJobsState, type JobExecution, type JobsState } from '@muster/jobs'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { openStore } from '../src/index.ts'
import { jobsStateContract, sampleExecution, sampleJob } from './state-contract.ts'

const store = openStore()
afterAll(() => store.close())

function emptied(): JobsState {
  store.reset()
  return store.jobs
}

jobsStateContract('memory', () => new MemoryJobsState())
jobsStateContract('SQLite', emptied)

const STATUSES = ['QUEUED', 'IN_PROGRESS', 'SUCCEEDED', 'FAILED'] as const

it('SQLite answers as memory does after any writes, commits and rollbacks', () => {
  const step = fc.record({
    thing: fc.integer({ min: 0, max: 3 }),
    job: fc.integer({ min: 0, max: 3 }),
    status: fc.constantFrom(...STATUSES),
    hidden: fc.boolean(),
    remove: fc.boolean(),
    commit: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const sqlite = emptied()
      const memory = new MemoryJobsState()
      for (const { thing, job, status, hidden, remove, commit } of steps) {
        const jobId = `J${job}`
        const thingName = `T${thing}`
        const latest = memory.latestExecution(jobId, thingName)
        for (const state of [sqlite, memory]) apply(state, latest, jobId, thingName)
        if (commit) {
          store.commit()
          // Nothing is open: forgetting re-reads what was committed.
          store.rollback()
        }
        same(sqlite, memory, jobId, thingName)

        function apply(
          state: JobsState,
          before: JobExecution | undefined,
          ofJob: string,
          onThing: string,
        ): void {
          if (before !== undefined && remove) return state.deleteExecution(before)
          const pending = before?.status === 'QUEUED' || before?.status === 'IN_PROGRESS'
          const shown = { status, ...(hidden && status === 'QUEUED' && { hidden }) }
          if (before !== undefined && pending) {
            const { hidden: _, ...rest } = before
            return state.updateExecution({ ...rest, ...shown })
          }
          const executionNumber = (before?.executionNumber ?? 0) + 1
          const order = memory === state ? orders : (orders += 1)
          return state.insertExecution(
            sampleExecution(order, ofJob, onThing, { executionNumber, ...shown }),
          )
        }
      }
    }),
    { numRuns: 60 },
  )
})

let orders = 0

function same(sqlite: JobsState, memory: JobsState, jobId: string, thingName: string): void {
  expect(sqlite.pending(thingName, undefined, 10)).toEqual(memory.pending(thingName, undefined, 10))
  expect(sqlite.unfinished(thingName, 10)).toEqual(memory.unfinished(thingName, 10))
  expect(sqlite.latestExecution(jobId, thingName)).toEqual(memory.latestExecution(jobId, thingName))
  expect(sqlite.executionsOfJob(jobId, undefined, undefined, 5)).toEqual(
    memory.executionsOfJob(jobId, undefined, undefined, 5),
  )
  expect(sqlite.executionsOfJob(jobId, ['FAILED'], undefined, 2)).toEqual(
    memory.executionsOfJob(jobId, ['FAILED'], undefined, 2),
  )
}

it('a search for a rare status stops early and says where to go on', () => {
  const state = emptied()
  for (let order = 1; order <= 12_000; order += 1) {
    const thingName = `T${String(order).padStart(5, '0')}`
    const status = order === 11_500 ? 'FAILED' : 'SUCCEEDED'
    state.insertExecution(sampleExecution(order, 'J1', thingName, { status }))
  }
  const found: string[] = []
  let pages = 0
  let page = state.executionsOfJob('J1', ['FAILED'], undefined, 10)
  for (;;) {
    pages += 1
    found.push(...page.executions.map(({ thingName }) => thingName))
    if (page.next === undefined) break
    page = state.executionsOfJob('J1', ['FAILED'], page.next, 10)
  }
  expect(found).toEqual(['T11500'])
  expect(pages).toBe(3)
})

it('work that throws leaves nothing behind, in memory or on the disk; what went before stays', () => {
  const state = emptied()
  const job = sampleJob('J1')
  state.putJob(job)
  state.queueTargets('J1', ['T2', 'T3'])
  state.putDue('rollout/J1', 5)
  state.insertExecution(sampleExecution(1, 'J1', 'T1'))
  const before = snapshot(state)
  expect(() =>
    state.wholly?.(() => {
      const held = state.job('J1')
      if (held === undefined) throw new Error('the job is gone')
      held.progress.things.QUEUED = 7
      state.putProgress(held)
      state.takeTargets('J1', 1)
      state.deleteDue('rollout/J1')
      state.updateExecution(sampleExecution(1, 'J1', 'T1', { status: 'SUCCEEDED' }))
      state.insertExecution(sampleExecution(2, 'J1', 'T2'))
      throw new TypeError('a bug')
    }),
  ).toThrow('a bug')
  expect(snapshot(state)).toEqual(before)
  store.commit()
  store.rollback()
  expect(snapshot(state)).toEqual(before)
})

function snapshot(state: JobsState): unknown[] {
  return [
    structuredClone(state.job('J1')),
    state.pending('T1', undefined, 10),
    state.pending('T2', undefined, 10),
    state.executionsOfJob('J1', undefined, undefined, 10),
    state.firstDue(10),
    ['T1', 'T2', 'T3'].map((thingName) => state.isTargetQueued('J1', thingName)),
  ]
}

/** What {@link openStore}'s figures should say, counted one by one. */
function counted(jobIds: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const jobId of jobIds) {
    for (const { status } of store.jobs.executionsOfJob(jobId, undefined, undefined, 100)
      .executions) {
      counts[status] = (counts[status] ?? 0) + 1
    }
  }
  return counts
}

function figures(): Record<string, number> {
  const entries = [...store.jobCounts.executions].filter(([, count]) => count !== 0)
  return Object.fromEntries(entries)
}

it('figures follow every change, rollback and failed piece of work', () => {
  const state = emptied()
  const change = fc.record({
    thing: fc.integer({ min: 0, max: 5 }),
    status: fc.constantFrom(...STATUSES),
    remove: fc.boolean(),
    end: fc.constantFrom('commit', 'rollback', 'throw', 'go on'),
  })
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      store.reset()
      for (const { thing, status, remove, end } of changes) {
        const thingName = `T${thing}`
        const work = (): void => {
          const latest = state.latestExecution('J1', thingName)
          const isPending = latest?.status === 'QUEUED' || latest?.status === 'IN_PROGRESS'
          if (latest !== undefined && remove) state.deleteExecution(latest)
          else if (latest !== undefined && isPending) state.updateExecution({ ...latest, status })
          else {
            const executionNumber = (latest?.executionNumber ?? 0) + 1
            state.insertExecution(
              sampleExecution(state.nextOrder(), 'J1', thingName, { executionNumber, status }),
            )
          }
          state.queueTargets('J1', [`${thingName}-a`, `${thingName}-b`])
          state.takeTargets('J1', 1)
          if (remove) state.clearTargets('J1')
          if (end === 'throw') throw new Error('a bug')
        }
        try {
          state.wholly?.(work)
        } catch {
          // As if it had not been.
        }
        if (end === 'commit') store.commit()
        if (end === 'rollback') store.rollback()
        expect(figures()).toEqual(counted(['J1']))
        const { queuedTargets } = store.jobCounts
        const names = ['a', 'b'].flatMap((end) => [0, 1, 2, 3, 4, 5].map((n) => `T${n}-${end}`))
        const queued = names.filter((name) => state.isTargetQueued('J1', name))
        expect(queuedTargets > 0).toBe(state.hasTargets('J1'))
        expect(queuedTargets).toBeGreaterThanOrEqual(queued.length)
      }
    }),
    { numRuns: 60 },
  )
})
