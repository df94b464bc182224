/** A timeline as rows of words; pure. */
import { statusInWords } from '../jobs/status.ts'
import type { TimelineEntry } from './timeline-entry.ts'

/** What an entry is about: what a timeline is filtered by. */
export type EntryKind =
  | 'connect'
  | 'disconnect'
  | 'denial'
  | 'notification'
  | 'request'
  | 'execution'
  | 'timer'

/** One line. */
export interface TimelineRow {
  readonly id: string
  readonly atMs: number
  readonly kind: EntryKind
  readonly tone: 'success' | 'error' | 'warning' | 'info' | 'pending' | 'in-progress' | 'stopped'
  /** `Disconnected` */
  readonly what: string
  /** `MQTT_KEEP_ALIVE_TIMEOUT` */
  readonly details: string
  /** Empty where it is about none. */
  readonly jobId: string
  readonly decisionId: string | undefined
}

/** @returns newest first; entries of kinds that are not known are left out */
export function timelineRows(entries: readonly TimelineEntry[]): readonly TimelineRow[] {
  return entries
    .flatMap((entry, index) => {
      const words = inWords(entry, entries)
      if (words === undefined) return []
      const jobId = 'jobId' in entry ? (entry.jobId ?? '') : ''
      const decisionId = entry.kind === 'denied' ? entry.decisionId : undefined
      return [{ id: String(index), atMs: entry.atMs, jobId, decisionId, ...words }]
    })
    .toReversed()
}

type Words = Pick<TimelineRow, 'kind' | 'tone' | 'what' | 'details'>

function inWords(entry: TimelineEntry, all: readonly TimelineEntry[]): Words | undefined {
  switch (entry.kind) {
    case 'connected':
      return {
        kind: 'connect',
        tone: 'success',
        what: 'Connected',
        details: `As ${entry.clientId}${entry.sourceIp === '' ? '' : ` from ${entry.sourceIp}`}`,
      }
    case 'disconnected':
      return {
        kind: 'disconnect',
        tone: entry.reason === 'CLIENT_INITIATED_DISCONNECT' ? 'stopped' : 'warning',
        what: 'Disconnected',
        details: entry.reason,
      }
    case 'denied':
      return {
        kind: 'denial',
        tone: 'error',
        what: `Denied ${entry.action}${times(entry.count)}`,
        details: entry.summary,
      }
    case 'notified':
      return notifiedInWords(entry, isHeard(entry, all))
    case 'request':
      return {
        kind: 'request',
        tone: entry.code === null ? 'info' : 'error',
        what: entry.operation + times(entry.count ?? 1),
        details: `${entry.code === null ? 'Accepted' : `Rejected with ${entry.code}`}, over ${entry.protocol.toUpperCase()}`,
      }
    case 'execution':
      return executionInWords(entry)
    default:
      return undefined
  }
}

/** Notifications of one change are this near together, on a clock that may go faster. */
const sameMomentMs = 1000

/**
 * Whether nothing is amiss with a notification: what follows `notify-next` need not listen to
 * `notify`, and what asks over HTTPS hears none.
 */
function isHeard(entry: TimelineEntry, all: readonly TimelineEntry[]): boolean {
  return all.some(
    (other) =>
      (other.kind === 'notified' &&
        other.receivers > 0 &&
        Math.abs(other.atMs - entry.atMs) <= sameMomentMs) ||
      (other.kind === 'request' && other.protocol === 'https'),
  )
}

function notifiedInWords(
  { topic, jobId, receivers }: Extract<TimelineEntry, { kind: 'notified' }>,
  isHeard: boolean,
): Words {
  const next = topic === 'notify-next' ? 'its next execution' : 'its pending executions'
  const sessions = receivers === 1 ? 'one session' : `${receivers} sessions`
  return {
    kind: 'notification',
    tone: isHeard ? 'info' : 'warning',
    what: `Notified ${jobId === null ? 'that nothing is pending' : `of ${next}`}`,
    details: receivers === 0 ? `Nobody listens on ${topic}` : `On ${topic}, to ${sessions}`,
  }
}

const causes: Readonly<Record<string, string>> = {
  rollout: 'by the rollout',
  device: 'by the device',
  timer: 'by its timer',
  retry: 'as a retry',
  operator: 'by an operator',
  job: 'with its job',
}

const tones: Readonly<Record<string, TimelineRow['tone']>> = {
  QUEUED: 'pending',
  IN_PROGRESS: 'in-progress',
  SUCCEEDED: 'success',
  CANCELED: 'stopped',
  REMOVED: 'stopped',
}

function executionInWords(entry: Extract<TimelineEntry, { kind: 'execution' }>): Words {
  const { status, by, executionNumber, retryAttempt = 0 } = entry
  return {
    kind: by === 'timer' || by === 'retry' ? 'timer' : 'execution',
    tone: tones[status] ?? 'error',
    what: `Execution ${statusInWords(status)}`,
    details: [
      ...(by === undefined ? [] : [causes[by] ?? by]),
      ...(executionNumber > 1 ? [`execution ${executionNumber}`] : []),
      ...(retryAttempt > 0 ? [`retry ${retryAttempt}`] : []),
    ]
      .join(', ')
      .replace(/^./, (first) => first.toUpperCase()),
  }
}

function times(count: number): string {
  return count > 1 ? `, ${count} times` : ''
}
