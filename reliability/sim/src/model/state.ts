/**
 * The reference model's state: what the rules of Jobs speak of and nothing else. Plain lists that are
 * searched from end to end: it is small, slow and obviously right.
 */

/** jobs section 3. */
export type Status =
  | 'QUEUED'
  | 'IN_PROGRESS'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'TIMED_OUT'
  | 'REJECTED'
  | 'REMOVED'
  | 'CANCELED'

/** All of them. */
export const STATUSES: readonly Status[] = [
  'QUEUED',
  'IN_PROGRESS',
  'SUCCEEDED',
  'FAILED',
  'TIMED_OUT',
  'REJECTED',
  'REMOVED',
  'CANCELED',
]

/** jobs J53. */
export function isTerminal(status: Status): boolean {
  return status !== 'QUEUED' && status !== 'IN_PROGRESS'
}

/** One execution (jobs J54 to J60). */
export interface ModelExecution {
  jobId: string
  thing: string
  number: number
  status: Status
  version: number
  details: Record<string, string> | undefined
  queuedAtMs: number
  startedAtMs: number | undefined
  updatedAtMs: number
  /** Creation order (jobs J56). */
  order: number
  /** Retries before it. */
  attempt: number
  /** How the earlier attempts of this run of retries ended (jobs J63). */
  attemptsEnded: Status[]
  inProgressUntilMs: number | undefined
  stepUntilMs: number | undefined
  /** The thing left the targets since (jobs J63, J77). */
  hasLeft: boolean
}

/** One criterion of a job's abort configuration (jobs J96). */
export interface ModelAbort {
  failureType: 'FAILED' | 'REJECTED' | 'TIMED_OUT' | 'ALL'
  minimum: number
  percentage: number
}

/** What a job was created with. */
export interface ModelConfig {
  selection: 'SNAPSHOT' | 'CONTINUOUS'
  things: string[]
  groups: string[]
  maximumPerMinute: number
  exponential:
    | { base: number; factor: number; every: number; of: 'notified' | 'succeeded' }
    | undefined
  abort: ModelAbort[]
  timeoutMinutes: number | undefined
  retries: { failureType: 'FAILED' | 'TIMED_OUT' | 'ALL'; times: number }[]
  document: unknown
}

/** One job. */
export interface ModelJob extends ModelConfig {
  jobId: string
  status: 'IN_PROGRESS' | 'COMPLETED' | 'CANCELED' | 'DELETION_IN_PROGRESS'
  isForced: boolean
  /** Things that wait for the rollout (jobs J75). */
  waiting: Set<string>
  /** Things whose executions an operator deleted: they need not have one. */
  forgiven: Set<string>
  /** Whether the rollout goes on: things waited when it was last looked at. */
  isRolling: boolean
  /** The rollout minute that runs (jobs J92). */
  minuteStartMs: number
  createdInMinute: number
  ratePerMinute: number
  notified: number
}

/** Things and groups, as the registry told of them. */
export interface ModelRegistry {
  things: Set<string>
  /** Direct members by group. */
  members: Map<string, Set<string>>
  /** Group above, by group. */
  parents: Map<string, string | undefined>
}

/** Everything. */
export interface ModelState {
  registry: ModelRegistry
  jobs: Map<string, ModelJob>
  executions: ModelExecution[]
}

/** An empty account. */
export function emptyState(): ModelState {
  return {
    registry: { things: new Set(), members: new Map(), parents: new Map() },
    jobs: new Map(),
    executions: [],
  }
}

/** Pending executions of a thing in their order (jobs J56). */
export function pendingOf(state: ModelState, thing: string): ModelExecution[] {
  return state.executions
    .filter((execution) => execution.thing === thing && !isTerminal(execution.status))
    .toSorted(
      (a, b) =>
        Number(a.status === 'QUEUED') - Number(b.status === 'QUEUED') ||
        a.queuedAtMs - b.queuedAtMs ||
        a.order - b.order,
    )
}

/** The newest execution of a job on a thing (jobs J55). */
export function newestOf(
  state: ModelState,
  jobId: string,
  thing: string,
): ModelExecution | undefined {
  return state.executions
    .filter((execution) => execution.jobId === jobId && execution.thing === thing)
    .toSorted((a, b) => b.number - a.number)[0]
}

/** Executions of a job by status (jobs J87). */
export function countsOf(state: ModelState, jobId: string): Record<Status, number> {
  const counts = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>
  for (const execution of state.executions) {
    if (execution.jobId === jobId) counts[execution.status] += 1
  }
  return counts
}

/** Things in a group or below it (jobs J75). */
export function thingsIn({ members, parents }: ModelRegistry, group: string): Set<string> {
  const found = new Set(members.get(group))
  for (const [child, parent] of parents) {
    if (parent === group)
      for (const thing of thingsIn({ members, parents, things: new Set() }, child)) found.add(thing)
  }
  return found
}

/** Whether a target of the job reaches the thing (jobs J76). */
export function isCovered({ registry }: ModelState, job: ModelConfig, thing: string): boolean {
  if (!registry.things.has(thing)) return false
  return (
    job.things.includes(thing) || job.groups.some((group) => thingsIn(registry, group).has(thing))
  )
}

/** When a running execution times out (jobs J60). */
export function timesOutAtMs(execution: ModelExecution): number {
  if (execution.status !== 'IN_PROGRESS') return Infinity
  return Math.min(execution.inProgressUntilMs ?? Infinity, execution.stepUntilMs ?? Infinity)
}

/** The rate of a minute that begins now (jobs J92, J93). */
export function rateNow(state: ModelState, job: ModelJob): number {
  const { exponential, maximumPerMinute } = job
  if (exponential === undefined) return maximumPerMinute
  const { base, factor, every, of } = exponential
  const reached = of === 'notified' ? job.notified : countsOf(state, job.jobId).SUCCEEDED
  const rises = Math.floor(reached / every)
  let rate = base
  for (let rise = 0; rise < rises; rise += 1) rate *= factor
  return Math.min(maximumPerMinute, 1000, Math.floor(rate + 1e-6))
}

/** Whether a waiting thing still gets an execution when its turn comes (jobs J75 to J77). */
export function maySend(state: ModelState, job: ModelJob, thing: string): boolean {
  if (job.selection === 'SNAPSHOT') return state.registry.things.has(thing)
  const newest = newestOf(state, job.jobId, thing)
  const isFree = newest === undefined || (newest.hasLeft && isTerminal(newest.status))
  return isCovered(state, job, thing) && isFree
}

/** Whether it must get one: nobody deleted what it had. */
export function isOwed(state: ModelState, job: ModelJob, thing: string): boolean {
  return maySend(state, job, thing) && !job.forgiven.has(thing)
}

/** Whether an execution that ended is tried again (jobs J62, J63). */
export function isRetried(state: ModelState, execution: ModelExecution): boolean {
  const job = state.jobs.get(execution.jobId)
  if (job?.status !== 'IN_PROGRESS' || execution.hasLeft || execution.attempt >= 10) return false
  if (execution.status !== 'FAILED' && execution.status !== 'TIMED_OUT') return false
  return job.retries.some(({ failureType, times }) => {
    const matches = (status: Status): boolean => failureType === 'ALL' || failureType === status
    return matches(execution.status) && execution.attemptsEnded.filter(matches).length < times
  })
}

/** Whether a criterion of the job is met (jobs J96, J97). */
export function isAborting(state: ModelState, job: ModelJob): boolean {
  const counts = countsOf(state, job.jobId)
  const failures = counts.FAILED + counts.REJECTED + counts.TIMED_OUT
  const completed = failures + counts.SUCCEEDED + counts.CANCELED + counts.REMOVED
  return job.abort.some(({ failureType, minimum, percentage }) => {
    const matching = failureType === 'ALL' ? failures : counts[failureType]
    return completed >= minimum && completed > 0 && 100 * matching >= percentage * completed
  })
}

/** The same, apart. */
export function copyState({ registry, jobs, executions }: ModelState): ModelState {
  return {
    registry: copyRegistry(registry),
    jobs: new Map([...jobs].map(([jobId, job]) => [jobId, copyJob(job)])),
    executions: executions.map((one) => ({ ...one, attemptsEnded: [...one.attemptsEnded] })),
  }
}

function copyJob(job: ModelJob): ModelJob {
  return {
    ...job,
    groups: [...job.groups],
    waiting: new Set(job.waiting),
    forgiven: new Set(job.forgiven),
  }
}

/** The same, apart. */
export function copyRegistry({ things, members, parents }: ModelRegistry): ModelRegistry {
  return {
    things: new Set(things),
    members: new Map([...members].map(([group, names]) => [group, new Set(names)])),
    parents: new Map(parents),
  }
}
