/**
 * A server's store with somebody who listens: told of each write to executions and jobs as the rules
 * make it.
 */
import type { Job, JobExecution, JobsState } from '@muster/jobs'
import type { Store } from '@muster/store'

/** Who listens. */
export interface StoreTaps {
  inserted(execution: JobExecution): void
  updated(execution: JobExecution): void
  deleted(execution: JobExecution): void
  /** Its progress or configuration was written. */
  jobPut(job: Job): void
  jobDeleted(jobId: string): void
  /** It is the turn of these things in a rollout. */
  targetsTaken(jobId: string, things: readonly string[]): void
  /** Anything was written. */
  wrote(): void
  committed(): void
}

/** What stands in for the store's own. */
export interface StoreDoubles {
  commit(): void
}

/** The store, tapped. */
export function tappedStore(store: Store, taps: StoreTaps, doubles: StoreDoubles): Store {
  const jobs = tappedJobs(store.jobs, taps)
  return {
    records: tappedRecords(store.records, taps),
    jobs,
    shadows: store.shadows,
    streams: store.streams,
    catalog: store.catalog,
    get jobCounts() {
      return store.jobCounts
    },
    get fileBytes() {
      return store.fileBytes
    },
    takeTouchedJobs: () => store.takeTouchedJobs(),
    isNew: store.isNew,
    lost: store.lost,
    get dirty() {
      return store.dirty
    },
    onBatchOpened: (opened) => store.onBatchOpened(opened),
    commit: () => doubles.commit(),
    rollback: () => store.rollback(),
    reset: () => store.reset(),
    close: () => store.close(),
  }
}

function tappedRecords(records: Store['records'], taps: StoreTaps): Store['records'] {
  return {
    put: (kind, key, value) => {
      // The clock's own goes with every commit and tells nobody anything.
      if (kind !== 'clock') taps.wrote()
      records.put(kind, key, value)
    },
    delete: (kind, key) => {
      taps.wrote()
      records.delete(kind, key)
    },
    get: (kind, key) => records.get(kind, key),
    load: (kind) => records.load(kind),
  }
}

function tappedJobs(jobs: JobsState, taps: StoreTaps): JobsState {
  const told: Partial<JobsState> = {
    insertExecution: (execution) => {
      taps.wrote()
      jobs.insertExecution(execution)
      taps.inserted(execution)
    },
    updateExecution: (execution) => {
      taps.wrote()
      jobs.updateExecution(execution)
      taps.updated(execution)
    },
    deleteExecution: (execution) => {
      taps.wrote()
      jobs.deleteExecution(execution)
      taps.deleted(execution)
    },
    putJob: (job) => {
      taps.wrote()
      jobs.putJob(job)
      taps.jobPut(job)
    },
    putProgress: (job) => {
      taps.wrote()
      jobs.putProgress(job)
      taps.jobPut(job)
    },
    deleteJob: (jobId) => {
      taps.wrote()
      jobs.deleteJob(jobId)
      taps.jobDeleted(jobId)
    },
    takeTargets: (jobId, most) => {
      const things = jobs.takeTargets(jobId, most)
      if (things.length > 0) taps.wrote()
      taps.targetsTaken(jobId, things)
      return things
    },
  }
  return new Proxy(jobs, {
    get: (target, name) => {
      const own: unknown = Reflect.get(told, name)
      if (own !== undefined) return own
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}
