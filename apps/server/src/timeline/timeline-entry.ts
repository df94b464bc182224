/**
 * What a thing's timeline tells, as the admin API answers it.
 */
import type { ThingHappening, ThingNotice } from '@muster/jobs'

/** A connection was accepted. */
export interface ConnectedEntry {
  readonly kind: 'connected'
  readonly clientId: string
  readonly principalId: string
  readonly sourceIp: string
}

/** A connection ended. */
export interface DisconnectedEntry {
  readonly kind: 'disconnected'
  readonly clientId: string
  /** AWS's word: `MQTT_KEEP_ALIVE_TIMEOUT`. */
  readonly reason: string
}

/** Something was refused to the thing. */
export interface DeniedEntry {
  readonly kind: 'denied'
  readonly action: string
  readonly resource: string | null
  readonly reason: string
  readonly summary: string
  readonly hint: string
  readonly decisionId: string
  /** Occurrences, the last of them at the entry's time. */
  readonly count: number
}

/** The thing was told of its pending executions. */
export interface NotifiedEntry {
  readonly kind: 'notified'
  readonly topic: ThingNotice['topic']
  /** Of the first pending execution; null when none is. */
  readonly jobId: string | null
  /** Sessions that it was sent to or waits for: with 0 nobody listened. */
  readonly receivers: number
}

/** A request of the thing was answered. */
export interface RequestEntry {
  readonly kind: 'request'
  readonly operation: string
  readonly protocol: 'mqtt' | 'https'
  readonly jobId: string | null
  /** What it was rejected with; null when it was accepted. */
  readonly code: string | null
  /** How often in a row, the last one at the entry's time. */
  readonly count: number
}

/** An execution of the thing was made, or has another status. */
export interface ExecutionEntry {
  readonly kind: 'execution'
  readonly jobId: string
  readonly executionNumber: number
  readonly status: string
  readonly versionNumber: number
  readonly retryAttempt: number
  readonly by: Extract<ThingHappening, { kind: 'execution' }>['by']
}

/** What is kept for each thing; denials are in the decision log. */
export type KeptEntry =
  | ConnectedEntry
  | DisconnectedEntry
  | NotifiedEntry
  | RequestEntry
  | ExecutionEntry

/** One line of a timeline. */
export type TimelineEntry = (KeptEntry | DeniedEntry) & {
  /** Clock time, epoch milliseconds. */
  readonly atMs: number
}

/** What `/_muster/things/NAME/timeline` answers. */
export interface ToldTimeline {
  readonly thingName: string
  /** False for a name under which something was refused, and no more. */
  readonly isThing: boolean
  readonly nowMs: number
  /** Nothing that happened since then is missing. */
  readonly recordedSinceMs: number
  /** Oldest first. */
  readonly entries: readonly TimelineEntry[]
}
