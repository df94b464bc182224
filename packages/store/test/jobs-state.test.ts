/**
 * The contract on both implementations, and SQLite against memory under random operations.
 */
import { MemoryJobsState, type JobExecution, type JobsState } from '@muster/jobs'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { openStore } from '../src/index.ts'
import { jobsStateContract, sampleExecution } from './state-contract.ts'

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
