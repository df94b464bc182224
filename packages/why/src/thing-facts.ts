/**
 * What is known of a thing that does not update: plain facts, however they were come by. All times are
 * epoch milliseconds of the server's clock; undefined is what nobody could tell.
 */

/** A certificate that is attached to the thing. */
export interface CertificateFact {
  readonly certificateId: string
  /** `ACTIVE`, `INACTIVE`, `REVOKED`…; undefined where it could not be read. */
  readonly status: string | undefined
}

/** The thing's MQTT connection, by the client ID that is its name. */
export interface ConnectivityFact {
  readonly connected: boolean
  /** When that began; undefined for a thing that never connected, or left more than an hour ago. */
  readonly sinceMs: number | undefined
  /** AWS's word: `MQTT_KEEP_ALIVE_TIMEOUT`. */
  readonly disconnectReason: string | undefined
}

/** What the policies of the thing's certificate say of something that it needs for its jobs. */
export interface PermissionFact {
  /** `iot:Connect`, `iot:Publish`. */
  readonly action: string
  readonly resource: string
  readonly isAllowed: boolean
  /** Policies that deny it explicitly; none: no statement allows it. */
  readonly deniedBy: readonly string[]
}

/** One execution of the thing. */
export interface ExecutionFact {
  readonly jobId: string
  readonly executionNumber: number
  readonly status: string
  readonly queuedAtMs: number
  readonly startedAtMs: number | undefined
  readonly lastUpdatedAtMs: number
  /** When a timer ends it; undefined where none runs or it is not known. */
  readonly timesOutAtMs?: number | undefined
  /** What the device said with its status. */
  readonly details?: Readonly<Record<string, string>> | undefined
}

/** A job that targets the thing or has an execution of it. */
export interface JobFact {
  readonly jobId: string
  readonly status: string
  readonly targetSelection: string | undefined
  readonly createdAtMs: number
  /** The scheduled start, where it has one. */
  readonly startsAtMs: number | undefined
  /** Whether it has maintenance windows. */
  readonly isWindowed: boolean
  /** When the next maintenance window opens. */
  readonly nextWindowMs: number | undefined
  /** Why it ended: `ABORT_THRESHOLD_REACHED`. */
  readonly reasonCode: string | undefined
  /** What only the admin API tells of its rollout. */
  readonly rollout: RolloutFact | undefined
}

/** Where a rollout stands. */
export interface RolloutFact {
  readonly phase: 'waiting' | 'rolling' | 'done'
  readonly ratePerMinute: number
  /** Targets that wait for their execution. */
  readonly waiting: number
}

/** A line of the thing's timeline, as `/_muster/things/NAME/timeline` tells it; others are left out. */
export type TimelineFact = { readonly atMs: number } & (
  | { readonly kind: 'connected' }
  | { readonly kind: 'disconnected'; readonly reason: string }
  | {
      readonly kind: 'denied'
      readonly action: string
      readonly resource: string | null
      readonly reason: string
      readonly summary: string
      readonly hint: string
      readonly decisionId: string
    }
  | { readonly kind: 'notified'; readonly jobId: string | null; readonly receivers: number }
  | {
      readonly kind: 'request'
      readonly operation: string
      readonly protocol: 'mqtt' | 'https'
      readonly jobId: string | null
      readonly code: string | null
    }
  | { readonly kind: 'execution'; readonly jobId: string; readonly status: string }
)

/** Everything that {@link explainThing} looks at. */
export interface ThingFacts {
  readonly thingName: string
  /** Now, on the clock that all times are of. */
  readonly nowMs: number
  readonly exists: boolean
  /** undefined where they could not be read. */
  readonly certificates: readonly CertificateFact[] | undefined
  /** undefined where connectivity is not indexed. */
  readonly connectivity: ConnectivityFact | undefined
  readonly permissions: readonly PermissionFact[]
  /** Executions that are not over, in the order in which the device gets them. */
  readonly pending: readonly ExecutionFact[]
  /** Those that are over, the one that ended last first. */
  readonly ended: readonly ExecutionFact[]
  /** Jobs of the executions, and others that target the thing; newest first. */
  readonly jobs: readonly JobFact[]
  /** Oldest first; undefined where there is no admin API. */
  readonly timeline: readonly TimelineFact[] | undefined
  /** What could not be read, and why: `DescribeJob: AccessDeniedException`. */
  readonly notRead: readonly string[]
}
