/**
 * Operators' commands on jobs as the rules have them (jobs J66 to J85): what each must be answered, and
 * what it makes of the model.
 */
import {
  isTerminal,
  newestOf,
  rateNow,
  thingsIn,
  type ModelConfig,
  type ModelJob,
  type ModelState,
} from './state.ts'
import type { OperatorInput } from './jobs-model.ts'

/** Members of requests by their AWS names, as far as the simulation's operators send them. */
export interface JobsInput extends OperatorInput {
  readonly targets?: readonly string[] | undefined
  readonly targetSelection?: string | undefined
  readonly document?: string | undefined
  readonly jobExecutionsRolloutConfig?: RolloutInput | undefined
  readonly abortConfig?: { readonly criteriaList?: readonly AbortInput[] | undefined } | undefined
  readonly timeoutConfig?: { readonly inProgressTimeoutInMinutes?: number | undefined } | undefined
  readonly jobExecutionsRetryConfig?:
    | { readonly criteriaList?: readonly RetryInput[] | undefined }
    | undefined
}

interface RolloutInput {
  readonly maximumPerMinute?: number | undefined
  readonly exponentialRate?:
    | {
        readonly baseRatePerMinute?: number | undefined
        readonly incrementFactor?: number | undefined
        readonly rateIncreaseCriteria?:
          | {
              readonly numberOfNotifiedThings?: number | undefined
              readonly numberOfSucceededThings?: number | undefined
            }
          | undefined
      }
    | undefined
}

interface AbortInput {
  readonly failureType?: string | undefined
  readonly thresholdPercentage?: number | undefined
  readonly minNumberOfExecutedThings?: number | undefined
}

interface RetryInput {
  readonly failureType?: string | undefined
  readonly numberOfRetries?: number | undefined
}

/** A verdict on a request: the exception that it must be refused with; undefined: it is accepted. */
export type Verdict = string | undefined

/** What CreateJob must answer (jobs J66, J69). */
export function judgeCreate(state: ModelState, input: JobsInput): Verdict {
  const names = (input.targets ?? []).map(nameOf)
  const known = names.every(({ type, name }) =>
    type === 'thing' ? state.registry.things.has(name) : state.registry.members.has(name),
  )
  if (!known) return 'ResourceNotFoundException'
  return state.jobs.has(input.jobId ?? '') ? 'ResourceAlreadyExistsException' : undefined
}

/** The job that CreateJob makes (jobs J68, J72, J75). */
export function newJob(state: ModelState, input: JobsInput, nowMs: number): ModelJob {
  const names = (input.targets ?? []).map(nameOf)
  const config: ModelConfig = {
    selection: input.targetSelection === 'CONTINUOUS' ? 'CONTINUOUS' : 'SNAPSHOT',
    things: names.filter(({ type }) => type === 'thing').map(({ name }) => name),
    groups: names.filter(({ type }) => type !== 'thing').map(({ name }) => name),
    ...rolloutOf(input),
    abort: abortOf(input),
    timeoutMinutes: input.timeoutConfig?.inProgressTimeoutInMinutes,
    retries: (input.jobExecutionsRetryConfig?.criteriaList ?? []).map((criterion) => ({
      failureType: criterion.failureType as 'FAILED',
      times: criterion.numberOfRetries ?? 0,
    })),
    document: JSON.parse(input.document ?? 'null'),
  }
  const waiting = new Set(config.things)
  for (const group of config.groups) {
    for (const thing of thingsIn(state.registry, group)) waiting.add(thing)
  }
  const job: ModelJob = {
    ...config,
    jobId: input.jobId ?? '',
    status: 'IN_PROGRESS',
    isForced: false,
    waiting,
    forgiven: new Set(),
    isRolling: true,
    minuteStartMs: nowMs,
    createdInMinute: 0,
    ratePerMinute: 0,
    notified: 0,
  }
  job.ratePerMinute = rateNow(state, job)
  return job
}

/** What UpdateJob must answer, and what it changes (jobs J79). */
export function updateJob(state: ModelState, input: JobsInput): Verdict {
  const job = state.jobs.get(input.jobId ?? '')
  if (job === undefined) return 'ResourceNotFoundException'
  if (job.status !== 'IN_PROGRESS') return 'InvalidRequestException'
  if (input.jobExecutionsRolloutConfig !== undefined) Object.assign(job, rolloutOf(input))
  if (input.abortConfig !== undefined) job.abort = abortOf(input)
  if (input.timeoutConfig !== undefined) {
    job.timeoutMinutes = input.timeoutConfig.inProgressTimeoutInMinutes
  }
  if (job.isRolling) job.ratePerMinute = rateNow(state, job)
  return undefined
}

/** What CancelJob must answer, and what it changes (jobs J80, J81). */
export function cancelJob(state: ModelState, input: JobsInput): Verdict {
  const job = state.jobs.get(input.jobId ?? '')
  if (job === undefined) return 'ResourceNotFoundException'
  if (job.status !== 'IN_PROGRESS' && job.status !== 'CANCELED') return 'InvalidRequestException'
  if (job.status === 'CANCELED' && input.force !== true) return undefined
  job.status = 'CANCELED'
  job.isForced ||= input.force === true
  job.waiting.clear()
  return undefined
}

/** What DeleteJob must answer, and what it changes (jobs J82). */
export function deleteJob(state: ModelState, input: JobsInput): Verdict {
  const job = state.jobs.get(input.jobId ?? '')
  if (job === undefined) return 'ResourceNotFoundException'
  const isLive = job.status === 'IN_PROGRESS'
  if (job.status === 'DELETION_IN_PROGRESS' || (isLive && input.force !== true)) {
    return 'InvalidStateTransitionException'
  }
  job.status = 'DELETION_IN_PROGRESS'
  job.waiting.clear()
  return undefined
}

/** What AssociateTargetsWithJob must answer, and what it changes (jobs J83). */
export function associate(state: ModelState, input: JobsInput): Verdict {
  const job = state.jobs.get(input.jobId ?? '')
  if (job === undefined) return 'ResourceNotFoundException'
  if (job.selection !== 'CONTINUOUS' || job.status !== 'IN_PROGRESS') {
    return 'InvalidRequestException'
  }
  const names = (input.targets ?? []).map(nameOf)
  if (!names.every(({ name }) => state.registry.members.has(name))) {
    return 'ResourceNotFoundException'
  }
  for (const { name } of names) {
    if (!job.groups.includes(name)) job.groups.push(name)
    for (const thing of thingsIn(state.registry, name)) job.waiting.add(thing)
  }
  return undefined
}

/** What CancelJobExecution must answer (jobs J84). */
export function judgeCancelExecution(state: ModelState, input: JobsInput): Verdict {
  const newest = newestOf(state, input.jobId ?? '', input.thingName ?? '')
  if (newest === undefined) return 'ResourceNotFoundException'
  if (isTerminal(newest.status)) return 'InvalidStateTransitionException'
  if (input.expectedVersion !== undefined && input.expectedVersion !== newest.version) {
    return 'VersionConflictException'
  }
  const isAllowed = newest.status === 'QUEUED' || input.force === true
  return isAllowed ? undefined : 'InvalidStateTransitionException'
}

/** What DeleteJobExecution must answer (jobs J85). */
export function judgeDeleteExecution(state: ModelState, input: JobsInput): Verdict {
  const found = state.executions.find(
    ({ jobId, thing, number }) =>
      jobId === input.jobId && thing === input.thingName && number === input.executionNumber,
  )
  if (found === undefined) return 'ResourceNotFoundException'
  const isAllowed = found.status !== 'IN_PROGRESS' || input.force === true
  return isAllowed ? undefined : 'InvalidStateTransitionException'
}

function rolloutOf(input: JobsInput): Pick<ModelConfig, 'maximumPerMinute' | 'exponential'> {
  const { maximumPerMinute = 1000, exponentialRate } = input.jobExecutionsRolloutConfig ?? {}
  if (exponentialRate === undefined) return { maximumPerMinute, exponential: undefined }
  const { numberOfNotifiedThings, numberOfSucceededThings } =
    exponentialRate.rateIncreaseCriteria ?? {}
  return {
    maximumPerMinute,
    exponential: {
      base: exponentialRate.baseRatePerMinute ?? 1,
      factor: exponentialRate.incrementFactor ?? 1,
      every: numberOfNotifiedThings ?? numberOfSucceededThings ?? 1,
      of: numberOfNotifiedThings === undefined ? 'succeeded' : 'notified',
    },
  }
}

function abortOf(input: JobsInput): ModelConfig['abort'] {
  return (input.abortConfig?.criteriaList ?? []).map((criterion) => ({
    failureType: criterion.failureType as 'ALL',
    minimum: criterion.minNumberOfExecutedThings ?? 1,
    percentage: criterion.thresholdPercentage ?? 100,
  }))
}

function nameOf(arn: string): { type: string; name: string } {
  const [type = '', name = ''] = (arn.split(':')[5] ?? '').split('/')
  return { type, name }
}
