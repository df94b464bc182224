/**
 * A thing's pending executions, and telling it when they change (jobs J37 to J42, J56).
 */
import { deliveredDocument } from './document.ts'
import {
  comparePending,
  isSameExecution,
  isVisiblePending,
  type JobExecution,
} from './job-execution.ts'
import { executionObject, notifyNextPayload, notifyPayload } from './messages.ts'
import type { JobsContext } from './ports.ts'
import { notifyNextTopic, notifyTopic } from './topics.ts'

/** Places in a list of pending executions (jobs J20, J39). */
export const PENDING_SHOWN_MAX = 10
/** Further places, only for jobs with maintenance windows (jobs J39). */
export const PENDING_WINDOWED_EXTRA = 5

/** The head of a thing's queue (jobs J56). */
export function nextPending(
  ctx: JobsContext,
  thingName: string,
  namespaceId: string | undefined,
): JobExecution | undefined {
  return ctx.state.pending(thingName, namespaceId, 1)[0]
}

/** The executions a list shows: ten, and up to five more of jobs with maintenance windows. */
export function shownPending(
  ctx: JobsContext,
  thingName: string,
  namespaceId: string | undefined,
): readonly JobExecution[] {
  const first = ctx.state.pending(thingName, namespaceId, PENDING_SHOWN_MAX)
  if (first.length < PENDING_SHOWN_MAX) return first
  const most = PENDING_SHOWN_MAX + PENDING_WINDOWED_EXTRA
  const extra = ctx.state
    .pendingWindowed(thingName, namespaceId, most)
    .filter((execution) => !first.some((shown) => isSameExecution(shown, execution)))
  return [...first, ...extra].slice(0, most)
}

/**
 * Tells a thing that executions entered or left its pending set (jobs J37): `notify`, and
 * `notify-next` when the head is another one than before (J40). Called after the writes.
 *
 * @param left - what was visibly pending before and is not any more
 * @param entered - what is visibly pending now and was not before
 */
export function announce(
  ctx: JobsContext,
  left: JobExecution | undefined,
  entered: JobExecution | undefined,
  nowMs: number,
): void {
  const gone = left !== undefined && isVisiblePending(left) ? left : undefined
  const come = entered !== undefined && isVisiblePending(entered) ? entered : undefined
  const subject = come ?? gone
  if (subject === undefined) return
  const { thingName, namespaceId } = subject
  const pending = shownPending(ctx, thingName, namespaceId)
  const head = pending[0]
  const notice = { thingName, topic: 'notify', jobId: head?.jobId } as const
  if (ctx.noticed === undefined) {
    const topic = notifyTopic(thingName, namespaceId)
    ctx.publish({ topic, payload: notifyPayload(pending, nowMs), notice })
  } else {
    ctx.noticed(notice)
  }
  const stayed = pending.find((execution) => !isSameExecution(execution, come))
  const before =
    gone !== undefined && (stayed === undefined || comparePending(gone, stayed) < 0) ? gone : stayed
  if (!isSameExecution(head, before)) announceNext(ctx, subject, head, nowMs)
}

/**
 * Tells a thing when an execution that went IN_PROGRESS overtook its head (jobs J41).
 *
 * @param headBefore - the head before the write
 */
export function announceStarted(
  ctx: JobsContext,
  headBefore: JobExecution | undefined,
  started: JobExecution,
  nowMs: number,
): void {
  if (isSameExecution(headBefore, started)) return
  if (headBefore !== undefined && comparePending(headBefore, started) < 0) return
  announceNext(ctx, started, started, nowMs)
}

function announceNext(
  ctx: JobsContext,
  subject: JobExecution,
  head: JobExecution | undefined,
  nowMs: number,
): void {
  // A namespaced thing hears of its list only; the next one it asks for (jobs J43).
  if (subject.namespaceId !== undefined) return
  const { thingName } = subject
  const notice = { thingName, topic: 'notify-next', jobId: head?.jobId } as const
  if (ctx.noticed !== undefined) {
    ctx.noticed(notice)
    return
  }
  ctx.publish({
    topic: notifyNextTopic(thingName),
    payload: notifyNextPayload(head && shownExecution(ctx, head, nowMs), nowMs),
    notice,
  })
}

/** An execution with its document, as MQTT carries it (jobs J19). */
export function shownExecution(ctx: JobsContext, execution: JobExecution, nowMs: number): string {
  const job = ctx.state.job(execution.jobId)
  const document = job && deliveredDocument(ctx, job.config, execution, nowMs)
  return executionObject(execution, document, nowMs)
}
