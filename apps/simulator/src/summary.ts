/**
 * What a run came to, and where it stands.
 */
import type { Steadiness } from '@muster/fleet'
import type { JobProgress } from './control/rollout.ts'
import type { Metric } from './scenario/scenario.ts'
import type { MessageSums } from './worker/message-tally.ts'
import type { FleetCounts } from './worker/worker-pool.ts'
import type { Kinds } from './worker/worker-messages.ts'

/** What a run came to; the last line of `--json`. */
export interface Summary {
  readonly scenario: string
  readonly description?: string
  /** What ran it. */
  readonly version: string
  /** What it ran against: control plane and data endpoint. */
  readonly target: string
  /** When it began, ISO 8601 in UTC. */
  readonly beganAt: string
  /** How long it took, disconnecting left out. */
  readonly seconds: number
  readonly seed: number
  /** `0/2` where several hosts share the fleet. */
  readonly shard?: string
  /** Devices of this run, or of this shard. */
  readonly devices: number
  /** Devices of all shards. */
  readonly fleetDevices?: number
  /** Devices that were connected at least once. */
  readonly connected: number
  /**
   * Things of the last job, in a soak of all of its jobs, by the status of their latest execution, as
   * the service counts them, for all shards together: with `queued`, `inProgress` and `notReached` they add up to `jobTargets`.
   */
  readonly succeeded: number
  readonly failed: number
  readonly rejected: number
  readonly timedOut: number
  readonly canceled: number
  readonly removed: number
  readonly queued: number
  readonly inProgress: number
  /** Targets that the rollout never reached. */
  readonly notReached: number
  /** Denials that the scenario does not call for. */
  readonly denied: number
  readonly deniedByReason: Kinds
  /** Denials that hostile acts and revocations had to meet, and did. */
  readonly expectedDenials: number
  /** Hostile acts that the server let through. */
  readonly undenied: number
  /** Certificates that a rotation left behind; only where the scenario asks. */
  readonly orphanCertificates?: number
  readonly reconnects: number
  readonly onboardSeconds: number
  /** Certificates made in this run; the others were found on disk. */
  readonly certificatesMade: number
  /** From the first connection attempt until the last device was connected. */
  readonly connectSeconds: number
  /** Devices connected per second over that time. */
  readonly connectRate: number
  /** From CreateJob until the last job was over; 0 without a job. */
  readonly rolloutSeconds: number
  /** Where rounds were repeated for as long as the run was to last. */
  readonly soak?: {
    /** Since the first round began. */
    readonly seconds: number
    readonly rounds: number
    readonly jobs: number
    /** Memory that the worker processes gained an hour; null where it was too short to say. */
    readonly rssGrowthBytesPerHour: number | null
    /** Whether the server stayed as it was. */
    readonly steadiness: Steadiness | null
  }
  readonly jobId?: string
  readonly jobStatus?: string
  readonly jobTargets?: number
  /** Why the job ended before its time. */
  readonly jobReasonCode?: string
  readonly jobComment?: string
  /** From `notify-next` to the accepted SUCCEEDED, wall milliseconds. */
  readonly notifyToSuccessMs: LatencySummary
  /** What devices published and heard beside their jobs; only where the scenario has such. */
  readonly messages?: MessageSummary
  readonly generator: {
    readonly processes: number
    readonly cpuSeconds: number
    /** CPU until the last device was connected, per device. */
    readonly connectCpuMsPerDevice: number
    /** CPU from CreateJob to the end, per execution that devices ended. */
    readonly jobCpuMsPerExecution: number | null
    readonly rssBytes: number
    readonly rssBytesPerDevice: number
    readonly eventLoopLagMsMax: number
    /** Each worker process at the end. */
    readonly workers: readonly ProcessUse[]
  }
  /** A local server's use; connecting and rollout together. */
  readonly server?: {
    readonly rssBytes: number
    /** Growth since before the first connection. */
    readonly rssBytesPerDevice: number
    readonly cpuSeconds: number
    readonly cpuMsPerDevice: number
    /** Its gateways at the end, where it has such; CPU since the run began. */
    readonly gateways?: readonly (ProcessUse & {
      readonly name: string
      readonly connections: number
    })[]
  }
  /** What happened when; of a soak the first rounds. */
  readonly phases: readonly PhaseSummary[]
  /** Requests that the service refused, by request and code. */
  readonly refusals: Kinds
  /** Behaviours that acted, and what came of them. */
  readonly faults: Kinds
  /** Other failures that devices saw, by kind. */
  readonly errors: Kinds
  /** Why the run ended before its phases did: its assertions were not judged then. */
  readonly endedEarly?: string
  /** What the scenario asks for, and what was found; empty where a run that ended early was not judged. */
  readonly assertions: readonly Verdict[]
  /** Whether everything ended as the scenario asks. */
  readonly ok: boolean
  /** What did not, one sentence each. */
  readonly failures: readonly string[]
}

/** What one process of several uses. */
export interface ProcessUse {
  readonly rssBytes: number
  readonly cpuSeconds: number
}

/** A phase as it was carried out. */
export interface PhaseSummary {
  /** Its kind, and what it asks for in a word: `await job`. */
  readonly name: string
  /** Seconds of the run. */
  readonly beganAtSeconds: number
  readonly seconds: number
}

/** One thing that had to be true, and what was. */
export interface Verdict {
  readonly metric: Metric
  /** `at least 3`. */
  readonly wanted: string
  /** Null where it was not measured. */
  readonly found: number | string | null
  readonly held: boolean
}

/** Percentiles, milliseconds; null where nothing was measured. */
export interface LatencySummary {
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly count: number
}

/** Messages of this host's devices. */
export interface MessageSummary extends MessageSums {
  /** From a publish with QoS 1 to its acknowledgement, wall milliseconds. */
  readonly publishToAckMs: LatencySummary
  /** From when a message says it was sent to when a subscriber had it, wall milliseconds. */
  readonly publishToDeliveryMs: LatencySummary
}

/** Where a run stands, for live views. */
export interface Progress {
  readonly phase: 'onboarding' | 'connecting' | 'rollout' | 'running' | 'draining' | 'done'
  readonly devices: number
  readonly onboarded: number
  readonly elapsedSeconds: number
  /** Round of a soak, from 1. */
  readonly round?: number
  /** What a phase waits for, and how far that is. */
  readonly waitingFor?: string
  readonly counts: FleetCounts
  readonly job?: JobProgress
}
