/** The answer to "why is this device not updating?". */

/** What keeps a device from updating. */
export const reasonCodes = [
  'NO_SUCH_THING',
  'NO_CERTIFICATE',
  'CERTIFICATE_NOT_ACTIVE',
  'NEVER_CONNECTED',
  'DENIED',
  'OFFLINE',
  'NOT_SUBSCRIBED',
  'NOTIFIED_BUT_SILENT',
  'VERSION_CONFLICT',
  'REQUESTS_REJECTED',
  'WAITING_FOR_START',
  'WAITING_FOR_WINDOW',
  'WAITING_FOR_ROLLOUT',
  'BEHIND_ANOTHER_EXECUTION',
  'TIMED_OUT',
  'FAILED',
  'REJECTED',
  'CANCELED',
  'REMOVED',
  'JOINED_TOO_LATE',
  'JOB_STOPPED',
  'NOTHING_TARGETS_IT',
  'UPDATING',
  'UP_TO_DATE',
  'UNKNOWN',
] as const

export type ReasonCode = (typeof reasonCodes)[number]

/** One sentence, and what to do about it. */
export interface Verdict {
  readonly thingName: string
  readonly reason: ReasonCode
  /** Whether all is well: it is at work, or has done what was asked. */
  readonly isWell: boolean
  readonly sentence: string
  /** What to do; empty where nothing is to be done. */
  readonly nextStep: string
  /** The job that it is about. */
  readonly jobId: string | null
  /** Since when it is so, epoch milliseconds of the server's clock. */
  readonly sinceMs: number | null
  /** The denial behind it: `/_muster/decisions/ID` explains it. */
  readonly decisionId: string | null
}

/** What a rule says; the rest follows. */
export type Finding = Pick<Verdict, 'reason' | 'sentence' | 'nextStep'> &
  Partial<Pick<Verdict, 'jobId' | 'sinceMs' | 'decisionId'>>

/** A time as sentences have it: `2026-11-29 14:03:12Z`. */
export function shownTime(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z')
}
