/**
 * A scenario: what fleet, how it behaves, what happens to it, and what must be true at the end.
 * `scenario.schema.json` beside the ready scenarios describes the same for editors and checks files.
 */

import type { Quantity } from '@muster/clock'
import type { OwnModule } from './own-module.ts'
import type { Subscription, Telemetry } from './messages.ts'
import type { Shape } from './shape.ts'

export type { Quantity }

/** What a device does with its jobs. */
export type JobBehaviourName =
  | 'succeed'
  | 'fail'
  | 'reject'
  | 'hang'
  | 'crash'
  | 'duplicate-update'
  | 'lost-reply'
  | 'out-of-order'
  | 'stale-version'
  | 'forget-step-timer'
  | 'wrong-digest'
  | 'cut-download'

/** One kind of job behaviour and how many devices of its group have it. */
export interface JobBehaviour {
  readonly behaviour: JobBehaviourName
  /** Weight within the group; default 1. */
  readonly share?: number
  /** How long the job takes, seconds of the device's clock; default 1. */
  readonly durationSeconds?: Quantity
  /** Progress reports on the way; default 0. */
  readonly progressReports?: number
  /** `crash`: wall seconds until the device is back; default 1. */
  readonly rebootSeconds?: number
}

/** How devices of a group download what an OTA update brings by a stream. */
export interface Download {
  /** 256 to 98,000; default 4,096. */
  readonly blockBytes?: number
  /** Default 8. */
  readonly blocksPerRequest?: number
  /** Share of blocks that get lost, 0 to below 1; default 0. */
  readonly lostShare?: number
}

/** How devices of a group connect and ask. */
export interface Connection {
  /** Default `mqtt`. */
  readonly protocol?: 'mqtt' | 'https'
  /** Default 3.1.1. */
  readonly mqttVersion?: '3.1.1' | '5'
  readonly session?: 'clean' | 'persistent'
  readonly keepAliveSeconds?: number
  /** HTTPS: between polls, wall seconds; default 5. */
  readonly pollSeconds?: number
  /** How the next job is asked for; default `start-next`. */
  readonly query?: 'start-next' | 'describe-next'
  /** Sends `expectedVersion`; default false. */
  readonly expectVersions?: boolean
  /** Step timer that the device sets and re-arms. */
  readonly stepTimeoutMinutes?: number
  /** How long a reply may take, wall seconds; default 10. */
  readonly requestTimeoutSeconds?: number
  /** Waits between attempts of one request; default 10 doubling to 640, wall seconds. */
  readonly retry?: Waits
  /** Waits between connection attempts; default 1 doubling to 120, wall seconds. */
  readonly reconnect?: Waits
}

/** Growing waits, wall seconds. */
export interface Waits {
  readonly firstSeconds: number
  readonly maxSeconds: number
  /** Share of each wait left to chance, 0 to 1; default 0.5. */
  readonly jitter?: number
}

/** What the network does to devices of a group; several may be combined. Wall time. */
export interface Network {
  /** One way, each way. */
  readonly latencyMilliseconds?: Quantity
  /** Packets vanish both ways while both ends believe in the connection. */
  readonly halfOpen?: { readonly everySeconds: Quantity; readonly forSeconds: Quantity }
  /** The connection is cut. */
  readonly flapping?: { readonly everySeconds: Quantity }
  /** The connection is cut and none can be made. */
  readonly offline?: { readonly everySeconds: Quantity; readonly forSeconds: Quantity }
  /** What arrives is read no faster than this. */
  readonly slowReader?: { readonly bytesPerSecond: number }
}

/** What a hostile device tries; each attempt must be denied. */
export type HostileAct =
  | 'other-thing-topics'
  | 'oversize-payload'
  | 'stolen-client-id'
  | 'cloned-client-id'
  | 'reserved-topic'

/** An attack and how often each device of the group tries it. */
export interface Hostility {
  readonly act: HostileAct
  /** Attempts per device; default 1. */
  readonly times?: number
  /** Wall seconds before each attempt; default 0.5. */
  readonly afterSeconds?: Quantity
}

/** Devices that are alike. */
export interface DeviceGroup {
  readonly name: string
  /** Weight among the groups; default 1. */
  readonly share?: number
  readonly thingType?: string
  readonly attributes?: Readonly<Record<string, string>>
  /** How devices get their certificates; default `csr`. */
  readonly provisioning?: 'csr' | 'claim'
  readonly connection?: Connection
  /**
   * What devices report as `version` in their classic shadow once they are connected, over MQTT; after
   * a job that succeeded the `version` of its document. Default: nothing is reported.
   */
  readonly reportedVersion?: string
  /**
   * What devices report in their `$package` shadow on their first connection, over MQTT; afterwards
   * jobs with package versions write there. Default: nothing is reported.
   */
  readonly installed?: { readonly package: string; readonly version: string }
  /** Default: all succeed. */
  readonly jobs?: readonly JobBehaviour[]
  readonly download?: Download
  readonly network?: Network
  readonly hostile?: readonly Hostility[]
  /** What devices publish while a `telemetry` phase lets them. */
  readonly telemetry?: readonly Telemetry[]
  /** What devices listen to, from their first connection on; MQTT. */
  readonly subscriptions?: readonly Subscription[]
  /** What devices do, as a program of one's own says it. */
  readonly module?: OwnModule
}

/** From one version of a package of the catalog to another. */
export interface PackageRollout {
  readonly name: string
  readonly from: string
  readonly to: string
}

/** An OTA update's file, which must lie in the bucket. */
export interface ScenarioOta {
  readonly bucket: string
  readonly key: string
  /** Path of the same file here, from the folder of the command: it is signed, and devices check it. */
  readonly file?: string
  /** Default MQTT: by a stream. */
  readonly protocols?: readonly ('MQTT' | 'HTTP')[]
  /** Role that the service takes; default `muster-ota`. */
  readonly roleName?: string
}

/** The job a fleet is given; members as in CreateJob, shortened. It has a document or is an OTA update. */
export interface ScenarioJob {
  readonly document?: Readonly<Record<string, unknown>>
  readonly ota?: ScenarioOta
  /** Groups of the scenario to target; default all. */
  readonly groups?: readonly string[]
  readonly targetSelection?: 'SNAPSHOT' | 'CONTINUOUS'
  /**
   * Targets those of the fleet whose shadow reports this version, by a dynamic group that is made for
   * it; things are indexed with their shadow then. Default target selection: CONTINUOUS.
   */
  readonly reportedVersion?: string
  /**
   * Targets those of the fleet whose `$package` shadow reports the version `from`, by a dynamic group
   * that is made for it, with the version `to` as destination; package, versions, configuration and
   * index are made where they are missing. Default target selection: CONTINUOUS.
   */
  readonly package?: PackageRollout
  readonly rollout?: {
    readonly maximumPerMinute?: number
    readonly baseRatePerMinute?: number
    readonly incrementFactor?: number
    readonly numberOfNotifiedThings?: number
    readonly numberOfSucceededThings?: number
  }
  readonly abort?: readonly {
    readonly failureType: 'FAILED' | 'REJECTED' | 'TIMED_OUT' | 'ALL'
    readonly thresholdPercentage: number
    readonly minNumberOfExecutedThings: number
  }[]
  readonly retry?: readonly {
    readonly failureType: 'FAILED' | 'TIMED_OUT' | 'ALL'
    readonly numberOfRetries: number
  }[]
  readonly inProgressTimeoutInMinutes?: number
  /** Maintenance windows; `startTime` is a cron expression in UTC. */
  readonly maintenanceWindows?: readonly {
    readonly startTime: string
    readonly durationInMinutes: number
  }[]
  /** Minutes of the server's clock from now until the job may start. */
  readonly startInMinutes?: number
  /** Minutes of the server's clock from now until the job's end time. */
  readonly endInMinutes?: number
}

/** What happens, in order; each has one of these members. */
export type Phase = { readonly atSeconds?: number } & (
  | {
      readonly connect: {
        readonly overSeconds?: number
        /** In place of `overSeconds`: so many devices of the whole fleet a second. */
        readonly perSecond?: number
        /** How the connections are spread over that time; default evenly. */
        readonly shape?: Shape
      }
    }
  | {
      /**
       * Devices publish. For so many seconds, or beside the phases that follow: until a phase with
       * `stop`, or the end.
       */
      readonly telemetry: {
        readonly groups?: readonly string[]
        readonly forSeconds?: number
        readonly stop?: boolean
      }
    }
  | { readonly job: ScenarioJob }
  | { readonly cancelJob: { readonly force?: boolean } }
  | {
      readonly await: {
        /**
         * `job`: over; `connected`: all connected again; `executed`: so many executions over;
         * `installed`: so many things that report the version of the job's package.
         */
        readonly what: 'job' | 'connected' | 'started' | 'executed' | 'installed' | 'denials'
        /**
         * How many; `started`, `executed` (default: all targets of the job), `installed` (default: all
         * that report the package) and `denials`.
         */
        readonly count?: number
        /** Default 300. */
        readonly timeoutSeconds?: number
      }
    }
  | { readonly storm: { readonly groups?: readonly string[] } }
  | {
      readonly revoke: {
        readonly groups: readonly string[]
        readonly status?: 'REVOKED' | 'INACTIVE'
      }
    }
  | { readonly rotateCertificates: { readonly groups?: readonly string[] } }
  | { readonly wait: { readonly seconds: number } }
  | { readonly advanceClock: { readonly minutes: number; readonly stepMinutes?: number } }
  | { readonly drain: { readonly overSeconds?: number } }
)

/** Numbers and words of the summary that assertions can name. */
export type Metric =
  | 'connected'
  | 'succeeded'
  | 'failed'
  | 'rejected'
  | 'timedOut'
  | 'canceled'
  | 'unexpectedDenials'
  | 'expectedDenials'
  | 'undenied'
  | 'orphanCertificates'
  | 'reconnects'
  | 'jobStatus'
  | 'connectSeconds'
  | 'rolloutSeconds'
  | 'notifyToSuccessMsP50'
  | 'notifyToSuccessMsP95'
  | 'notifyToSuccessMsP99'
  | 'messagesSent'
  | 'messagesAcknowledged'
  | 'messagesRefused'
  | 'messagesLost'
  | 'messagesNotSent'
  | 'messagesDelivered'
  | 'publishToAckMsP50'
  | 'publishToAckMsP95'
  | 'publishToAckMsP99'
  | 'publishToDeliveryMsP50'
  | 'publishToDeliveryMsP95'
  | 'publishToDeliveryMsP99'
  | 'rounds'
  | 'memoryGrowthMibPerHour'

/** What must be true at the end. */
export interface Assertion {
  readonly metric: Metric
  /** A number, a job status, or `planned`: what shares and behaviours come to. */
  readonly equals?: number | string
  readonly atLeast?: number
  readonly atMost?: number
  readonly below?: number
}

/** A fleet and its story. */
export interface Scenario {
  readonly name: string
  readonly description?: string
  readonly seed?: number
  /** How many, unless the command says otherwise. */
  readonly devices?: number
  /**
   * A soak: what comes after connecting is done again and again until so much time is up. Seconds, or
   * text such as `30m` or `8h`.
   */
  readonly duration?: number | string
  readonly groups: readonly DeviceGroup[]
  /** Default: connect, and nothing more. */
  readonly phases?: readonly Phase[]
  /** Default: all connected, no unexpected denial, nothing undenied. */
  readonly assertions?: readonly Assertion[]
}
