/** What holds in every case: the agent must not do these things whatever the service does. */
import { TERMINAL } from './fault.ts'
import type { QualifyCase } from './qualify-case.ts'
import type { Exchange, Trace } from './trace.ts'
import type { Body } from './wire-event.ts'

/** What the agent may have sent before an answer reached it. */
const CROSSING_MS = 250
/** Requests of one kind for one job within {@link FLOOD_MS} that no back-off explains. */
const FLOOD_REQUESTS = 30
const FLOOD_MS = 5000
/** Refusals that say that an execution is no longer the agent's. */
const OVER: ReadonlySet<string> = new Set([
  'InvalidStateTransition',
  'ResourceNotFound',
  'TerminalStateReached',
])
/** How often the agent may go on about an execution after it was told that it is over. */
const REPORTS_AFTER_OVER = 2

/** @returns why the agent fails, by the first law that it breaks */
export function brokenLaw(trace: Trace, { runsMax = 1 }: QualifyCase): string | undefined {
  return (
    foreignThing(trace) ??
    secondRun(trace) ??
    reportsAfterOver(trace) ??
    fetchedAgain(trace, runsMax) ??
    flood(trace)
  )
}

/** Reports of jobs that are not the thing's own. */
function foreignThing(trace: Trace): string | undefined {
  const own = new Set(
    trace.events.flatMap((event) =>
      event.kind === 'act' && event.what === 'offer' && event.jobId !== undefined
        ? [event.jobId]
        : [],
    ),
  )
  for (const { request } of trace.exchanges()) {
    const { jobId, thingName } = request
    if (thingName !== trace.thingName)
      return `it asked about the thing ${thingName}, which it is not`
    if (request.request === 'update' && jobId !== undefined && !own.has(jobId)) {
      return `it reported ${jobId}, a job that its thing does not have`
    }
  }
  return undefined
}

/** Updates of an execution that the agent was told has ended by its own report. */
function secondRun(trace: Trace): string | undefined {
  const updates = trace.exchanges({ request: 'update' })
  for (const [at, ended] of updates.entries()) {
    const { answer, answeredAt, request } = ended
    if (!TERMINAL.has(request.body['status']) || answer?.accepted !== true || answer.lost) continue
    const told = trace.events[answeredAt]?.atMs ?? 0
    if (mayBeUnheard(trace, answeredAt)) continue
    for (const later of updates.slice(at + 1)) {
      if (later.at < answeredAt || later.request.jobId !== request.jobId) continue
      if ((trace.events[later.at]?.atMs ?? 0) - told < CROSSING_MS) continue
      if (isOtherExecution(trace, ended, later)) continue
      const status = String(later.request.body['status'])
      return `it reported ${request.jobId} ${status} after the service had accepted ${String(request.body['status'])}: the job ran again, or its end was forgotten`
    }
  }
  return undefined
}

/** An answer that left right before its connection ended may never have been read. */
function mayBeUnheard({ events }: Trace, answeredAt: number): boolean {
  const told = events[answeredAt]?.atMs ?? 0
  return events.some(
    (event, at) => at > answeredAt && event.kind === 'closed' && event.atMs - told < CROSSING_MS,
  )
}

/** A retry has the job's name and another execution number, which updates need not tell. */
function isOtherExecution(trace: Trace, before: Exchange, later: Exchange): boolean {
  const [first, second] = [before, later].map(({ request }) => request.body['executionNumber'])
  if (first !== undefined && second !== undefined) return first !== second
  const numbers = trace.events.slice(before.answeredAt, later.at).flatMap((event) => {
    if (event.kind === 'notice')
      return event.jobId === before.request.jobId ? [event.executionNumber] : []
    if (event.kind !== 'answer') return []
    const execution = event.body['execution'] as Body | undefined
    return execution?.['jobId'] === before.request.jobId ? [execution?.['executionNumber']] : []
  })
  return numbers.some((number) => typeof number === 'number' && number > 1)
}

function reportsAfterOver(trace: Trace): string | undefined {
  const told = new Map<string, number>()
  for (const { answer, request } of trace.exchanges({ request: 'update' })) {
    if (answer === undefined || answer.accepted || answer.lost || !OVER.has(answer.code ?? ''))
      continue
    const key = `${request.jobId} ${String(request.body['executionNumber'])}`
    const count = (told.get(key) ?? 0) + 1
    told.set(key, count)
    if (count > REPORTS_AFTER_OVER) {
      return `it went on to report ${request.jobId} after ${count} answers of ${answer.code}: the execution is over`
    }
  }
  return undefined
}

function fetchedAgain(trace: Trace, runsMax: number): string | undefined {
  const runs = new Map<string, number>()
  for (const event of trace.events) {
    if (event.kind !== 'fetched' || event.from > 0) continue
    const count = (runs.get(event.jobId) ?? 0) + 1
    runs.set(event.jobId, count)
    if (count > runsMax)
      return `it ran ${event.jobId} ${count} times: its file was fetched again from the start`
  }
  return undefined
}

function flood(trace: Trace): string | undefined {
  const times = new Map<string, number[]>()
  for (const { at, request } of trace.exchanges()) {
    const key = `${request.request} ${request.jobId ?? ''}`.trim()
    const atMs = trace.events[at]?.atMs ?? 0
    const recent = [...(times.get(key) ?? []), atMs].filter((time) => atMs - time < FLOOD_MS)
    times.set(key, recent)
    if (recent.length > FLOOD_REQUESTS) {
      return `it sent \`${key}\` more than ${FLOOD_REQUESTS} times in ${FLOOD_MS / 1000} s: AWS throttles that, and documents back-off`
    }
  }
  return undefined
}
