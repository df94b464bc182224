/** Faults that a case puts between agent and service, and which message each meets. */
import type { RefusalCode } from './jobs-wire.ts'
import type { Answered, JobsRequest, Noticed, Requested } from './wire-event.ts'

/** Statuses after which an execution is over. */
export const TERMINAL: ReadonlySet<unknown> = new Set([
  'SUCCEEDED',
  'FAILED',
  'REJECTED',
  'TIMED_OUT',
  'CANCELED',
  'REMOVED',
])

/** What happens to a message. */
export type FaultDoes =
  /** It never arrives; over HTTPS, where something must, the connection ends. */
  | 'lose'
  /** The connection ends instead. */
  | 'cut'
  /** It arrives, and the connection ends. */
  | 'deliver-and-cut'
  /** It arrives twice. */
  | 'duplicate'
  /** It waits until the case releases what is held, last first. */
  | 'hold'
  | { readonly delayMs: number }
  /** Of a request: the service refuses it, and never sees it. */
  | { readonly refuse: RefusalCode }

/** Which messages a fault is for. */
export interface Fault {
  readonly on: 'request' | 'answer' | 'notice'
  readonly request?: JobsRequest | 'first-of-job'
  /** Only updates that end an execution, or only those that do not. */
  readonly terminal?: boolean
  readonly topic?: Noticed['topic']
  /** Short name of the job within the case. */
  readonly job?: string
  readonly does: FaultDoes
  /** How many messages it meets; 1 when left out. */
  readonly times?: number
}

/** A message that a fault may meet. */
export type Met = Requested | Answered | Noticed

/** An answer is told with the request that it answers. */
export interface Meeting {
  readonly message: Met
  readonly asked?: Requested
}

/**
 * Whether a fault is for a message.
 *
 * @param jobId - of the fault's job
 */
export function meets(
  fault: Fault,
  { asked, message }: Meeting,
  jobId: string | undefined,
): boolean {
  if (fault.on !== message.kind) return false
  if (message.kind === 'notice') {
    if (fault.topic !== undefined && fault.topic !== message.topic) return false
    return jobId === undefined || message.jobId === jobId
  }
  const request = asked ?? (message.kind === 'request' ? message : undefined)
  if (fault.request === 'first-of-job') {
    // What brings the agent its job: start-next, or a description of the next.
    if (message.request !== 'start-next' && message.request !== 'describe') return false
  } else if (fault.request !== undefined && fault.request !== message.request) return false
  if (fault.terminal !== undefined) {
    if (TERMINAL.has(request?.body['status']) !== fault.terminal) return false
  }
  return jobId === undefined || jobOf(message) === jobId
}

function jobOf(message: Requested | Answered): string | undefined {
  if (message.jobId !== undefined && message.jobId !== '$next') return message.jobId
  const execution = message.body['execution'] as { readonly jobId?: unknown } | undefined
  return typeof execution?.jobId === 'string' ? execution.jobId : undefined
}
