/**
 * What a device must be answered, by the rules of the data plane (jobs J9 to J35): the reply alone, as
 * the state stands before.
 */
import {
  isTerminal,
  newestOf,
  pendingOf,
  timesOutAtMs,
  type ModelExecution,
  type ModelState,
  type Status,
} from './state.ts'

/** A request of a device. */
export type DeviceRequest =
  | { readonly kind: 'get'; readonly thing: string }
  | { readonly kind: 'start-next'; readonly thing: string }
  | { readonly kind: 'describe'; readonly thing: string; readonly jobId: string }
  | { readonly kind: 'update'; readonly thing: string; readonly jobId: string }
  | { readonly kind: 'unknown'; readonly thing: string }

/** The execution that a request changes, and how. */
export interface ExpectedChange {
  readonly execution: ModelExecution
  readonly to: Status
}

/** What must come of a request. */
export interface ExpectedReply {
  /** undefined when it is accepted. */
  readonly code?: string
  /** Members besides `timestamp` and `clientToken`; those of a rejection without `message`. */
  readonly members: Record<string, unknown>
  readonly change?: ExpectedChange
}

/** Members of a request. */
export type Fields = Readonly<Record<string, unknown>>

/** @param fields - undefined when the payload was no JSON object */
export function expectedReply(
  state: ModelState,
  request: DeviceRequest,
  fields: Fields | undefined,
  nowMs: number,
): ExpectedReply {
  if (request.kind === 'unknown') return rejected('InvalidTopic')
  if (fields === undefined) return rejected('InvalidJson')
  if (!isKnownThing(state, request) && request.kind !== 'update' && request.kind !== 'describe') {
    return isSound(request, fields) ? rejected('ResourceNotFound') : rejected('InvalidRequest')
  }
  if (!isSound(request, fields)) return rejected('InvalidRequest')
  switch (request.kind) {
    case 'get':
      return { members: pendingLists(state, request.thing) }
    case 'start-next':
      return startNext(state, request.thing, fields, nowMs)
    case 'describe':
      return describe(state, request.thing, request.jobId, fields, nowMs)
    case 'update':
      return update(state, request.thing, request.jobId, fields)
  }
}

function isKnownThing({ registry }: ModelState, { thing }: DeviceRequest): boolean {
  return registry.things.has(thing)
}

/** jobs J12, J27, J30, J58; only what the simulation's devices get wrong. */
function isSound({ kind }: DeviceRequest, fields: Fields): boolean {
  const { status, stepTimeoutInMinutes: step, statusDetails: details, expectedVersion } = fields
  const isUpdate = kind === 'update'
  if (isUpdate && !(typeof status === 'string' && STATUS_NAMES.has(status))) return false
  if (kind !== 'update' && kind !== 'start-next') return true
  if (expectedVersion !== undefined && isUpdate && typeof expectedVersion !== 'number') return false
  if (step !== undefined) {
    const inRange =
      typeof step === 'number' && Number.isInteger(step) && step >= 1 && step <= 10_080
    if (!inRange && !(isUpdate && step === -1)) return false
  }
  if (details === undefined) return true
  const pairs = Object.entries(details as object)
  return pairs.length <= 10 && pairs.every(([, value]) => typeof value === 'string' && value !== '')
}

const STATUS_NAMES: ReadonlySet<string> = new Set([
  'QUEUED',
  'IN_PROGRESS',
  'SUCCEEDED',
  'FAILED',
  'TIMED_OUT',
  'REJECTED',
  'REMOVED',
  'CANCELED',
])

/** jobs J20. */
function pendingLists(state: ModelState, thing: string): Record<string, unknown> {
  const shown = pendingOf(state, thing).slice(0, 10)
  const of = (status: Status): unknown[] =>
    shown.filter((execution) => execution.status === status).map(summary)
  return { inProgressJobs: of('IN_PROGRESS'), queuedJobs: of('QUEUED') }
}

/** jobs J21 to J23. */
function startNext(state: ModelState, thing: string, fields: Fields, nowMs: number): ExpectedReply {
  const head = pendingOf(state, thing)[0]
  if (head === undefined) return { members: {} }
  if (head.status === 'IN_PROGRESS') return { members: { execution: shown(state, head, nowMs) } }
  const after = started(state, head, fields, nowMs)
  return {
    members: { execution: shown(state, after, nowMs) },
    change: { execution: head, to: 'IN_PROGRESS' },
  }
}

/** jobs J24 to J26. */
function describe(
  state: ModelState,
  thing: string,
  jobId: string,
  fields: Fields,
  nowMs: number,
): ExpectedReply {
  const isNext = jobId === '$next'
  if (!state.registry.things.has(thing)) return rejected('ResourceNotFound')
  const found = isNext
    ? pendingOf(state, thing)[0]
    : named(state, thing, jobId, fields['executionNumber'])
  if (found === undefined) return isNext ? { members: {} } : rejected('ResourceNotFound')
  if (isTerminal(found.status)) return rejected('TerminalStateReached')
  const execution = shown(state, found, nowMs)
  if (fields['includeJobDocument'] === false) delete execution['jobDocument']
  return { members: { execution } }
}

/** jobs J27 to J34. */
function update(state: ModelState, thing: string, jobId: string, fields: Fields): ExpectedReply {
  if (!state.registry.things.has(thing)) return rejected('ResourceNotFound')
  const found = named(state, thing, jobId, fields['executionNumber'])
  if (found === undefined) return rejected('ResourceNotFound')
  const version = fields['expectedVersion']
  if (version !== undefined && version !== found.version) {
    return rejected('VersionMismatch', { executionState: executionState(found) })
  }
  const status = fields['status'] as Status
  const isDevices = ['IN_PROGRESS', 'SUCCEEDED', 'FAILED', 'REJECTED'].includes(status)
  if (isTerminal(found.status) || !isDevices) {
    return rejected('InvalidStateTransition', { executionState: executionState(found) })
  }
  const details = fields['statusDetails'] as Record<string, string> | undefined
  const after = { ...found, status, version: found.version + 1, details: details ?? found.details }
  return {
    members: {
      ...(fields['includeJobExecutionState'] === true && { executionState: executionState(after) }),
      ...(fields['includeJobDocument'] === true && {
        jobDocument: state.jobs.get(jobId)?.document,
      }),
    },
    change: { execution: found, to: status },
  }
}

function named(
  state: ModelState,
  thing: string,
  jobId: string,
  number: unknown,
): ModelExecution | undefined {
  const newest = newestOf(state, jobId, thing)
  if (number === undefined) return newest
  return state.executions.find(
    (one) => one.jobId === jobId && one.thing === thing && one.number === number,
  )
}

function rejected(code: string, members: Record<string, unknown> = {}): ExpectedReply {
  return { code, members: { code, ...members } }
}

/** How a QUEUED execution looks once it is started (jobs J21, J57, J58). */
export function started(
  state: ModelState,
  execution: ModelExecution,
  fields: Fields,
  nowMs: number,
): ModelExecution {
  const minutes = state.jobs.get(execution.jobId)?.timeoutMinutes
  const step = fields['stepTimeoutInMinutes'] as number | undefined
  const details = fields['statusDetails'] as Record<string, string> | undefined
  return {
    ...execution,
    status: 'IN_PROGRESS',
    version: execution.version + 1,
    details: details ?? execution.details,
    startedAtMs: nowMs,
    updatedAtMs: nowMs,
    inProgressUntilMs: minutes === undefined ? undefined : nowMs + minutes * 60_000,
    stepUntilMs: step === undefined || step === -1 ? undefined : nowMs + step * 60_000,
  }
}

/** jobs J15. */
export function summary(execution: ModelExecution): Record<string, unknown> {
  return {
    jobId: execution.jobId,
    queuedAt: seconds(execution.queuedAtMs),
    ...(execution.startedAtMs !== undefined && { startedAt: seconds(execution.startedAtMs) }),
    lastUpdatedAt: seconds(execution.updatedAtMs),
    executionNumber: execution.number,
    versionNumber: execution.version,
  }
}

/** jobs J16. */
export function shown(
  state: ModelState,
  execution: ModelExecution,
  nowMs: number,
): Record<string, unknown> {
  const untilMs = timesOutAtMs(execution)
  return {
    ...summary(execution),
    ...executionState(execution),
    ...(untilMs !== Infinity && {
      approximateSecondsBeforeTimedOut: Math.max(0, Math.ceil((untilMs - nowMs) / 1000)),
    }),
    jobDocument: state.jobs.get(execution.jobId)?.document,
  }
}

/** jobs J18. */
function executionState({ status, version, details }: ModelExecution): Record<string, unknown> {
  const hasDetails = details !== undefined && Object.keys(details).length > 0
  return { status, versionNumber: version, ...(hasDetails && { statusDetails: details }) }
}

/** jobs J14. */
export function seconds(ms: number): number {
  return Math.floor(ms / 1000)
}
