/**
 * A scenario: what fleet, how it behaves, what happens to it, and what must be true at the end.
 */

/** A number of seconds or its distribution. */
export type Duration =
  | number
  | { readonly distribution: 'uniform'; readonly min: number; readonly max: number }
  | { readonly distribution: 'normal'; readonly mean: number; readonly deviation: number }
  | { readonly distribution: 'lognormal'; readonly median: number; readonly sigma: number }
  | { readonly distribution: 'exponential'; readonly mean: number }

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

/** One kind of job behaviour and how many devices of its group have it. */
export interface JobBehaviour {
  readonly behaviour: JobBehaviourName
  /** Weight within the group; default 1. */
  readonly share?: number
  /** How long the job takes, seconds of the device's clock; default 1. */
  readonly durationSeconds?: Duration
  /** Progress reports on the way; default 0. */
  readonly progressReports?: number
}

/** How devices of a group connect. */
export interface Connection {
  readonly protocol?: 'mqtt' | 'https'
  /** Default 3.1.1. */
  readonly mqttVersion?: '3.1.1' | '5'
  readonly session?: 'clean' | 'persistent'
  readonly keepAliveSeconds?: number
  /** HTTPS: between polls, wall seconds. */
  readonly pollSeconds?: number
}

/** Devices that are alike. */
export interface DeviceGroup {
  readonly name: string
  /** Weight among the groups; default 1. */
  readonly share?: number
  readonly thingType?: string
  readonly attributes?: Readonly<Record<string, string>>
  readonly connection?: Connection
  /** Default: all succeed. */
  readonly jobs?: readonly JobBehaviour[]
}

/** The job a fleet is given; members as in CreateJob. */
export interface ScenarioJob {
  readonly document: Readonly<Record<string, unknown>>
  readonly rollout?: {
    readonly maximumPerMinute?: number
    readonly baseRatePerMinute?: number
    readonly incrementFactor?: number
    readonly numberOfNotifiedThings?: number
    readonly numberOfSucceededThings?: number
  }
  readonly inProgressTimeoutInMinutes?: number
}

/** A fleet and its story. */
export interface Scenario {
  readonly name: string
  readonly description?: string
  readonly seed?: number
  /** How many, unless the command says otherwise. */
  readonly devices?: number
  readonly groups: readonly DeviceGroup[]
  readonly rampSeconds?: number
  readonly job?: ScenarioJob
}
