/** What a thing's timeline tells, as `GET /_muster/things/NAME/timeline` answers it. */

interface Timed {
  /** The server's clock, epoch milliseconds. */
  readonly atMs: number
}

/** A connection was accepted. */
interface Connected extends Timed {
  readonly kind: 'connected'
  readonly clientId: string
  readonly sourceIp: string
}

/** A connection ended. */
interface Disconnected extends Timed {
  readonly kind: 'disconnected'
  readonly clientId: string
  /** AWS's word: `MQTT_KEEP_ALIVE_TIMEOUT`. */
  readonly reason: string
}

/** Something was refused to the thing. */
interface Denied extends Timed {
  readonly kind: 'denied'
  readonly action: string
  readonly resource: string | null
  readonly reason: string
  readonly summary: string
  readonly hint: string
  readonly decisionId: string
  /** How often, the last time at `atMs`. */
  readonly count: number
}

/** The thing was told of its pending executions. */
interface Notified extends Timed {
  readonly kind: 'notified'
  readonly topic: 'notify' | 'notify-next'
  /** null when nothing is pending any more. */
  readonly jobId: string | null
  /** Sessions that it went to: with 0 nobody listened. */
  readonly receivers: number
}

/** A request of the thing was answered. */
interface Requested extends Timed {
  readonly kind: 'request'
  readonly operation: string
  readonly protocol: 'mqtt' | 'https'
  readonly jobId: string | null
  /** What it was rejected with; null when it was accepted. */
  readonly code: string | null
  readonly count?: number
}

/** An execution was made, or has another status. */
interface Executed extends Timed {
  readonly kind: 'execution'
  readonly jobId: string
  readonly executionNumber: number
  readonly status: string
  readonly versionNumber?: number
  readonly retryAttempt?: number
  /** Who brought it about; undefined where AWS does not tell. */
  readonly by?: 'rollout' | 'device' | 'timer' | 'retry' | 'operator' | 'job'
}

/** One entry; a server may tell of other kinds, which are skipped. */
export type TimelineEntry = Connected | Disconnected | Denied | Notified | Requested | Executed

/** The whole answer. */
export interface Timeline {
  readonly thingName: string
  readonly nowMs: number
  /** Nothing that happened since then is missing. */
  readonly recordedSinceMs: number
  /** Oldest first. */
  readonly entries: readonly TimelineEntry[]
}
