/** A fleet as a rehearsal imagines it: who is there, when they are online, and what they do with a job. */
import type { Quantity } from '@muster/clock'

/** What a device makes of one attempt at a job. `hang` never reports: only a timeout ends it. */
export type Behaviour = 'succeed' | 'fail' | 'reject' | 'hang'

/** When devices are online: by hour of their day, or in sessions that come and go. */
export type Online =
  | 'always'
  | {
      /** Probability of being online in each hour of the device's day, 24 from 0 to 1. */
      readonly byHour: readonly number[]
      /** From 0 to 1: how much a device keeps its hours; 0 draws every day anew, 1 is each day the same. Default 0.5. */
      readonly habit?: number
    }
  | { readonly onlineSeconds: Quantity; readonly offlineSeconds: Quantity }

/** One of several things that an attempt may come to; it is drawn anew for each attempt. */
export interface AttemptKind {
  readonly behaviour: Behaviour
  /** Weight among the others; default 1. */
  readonly share?: number
  /** From the start to the report, seconds. Default 60. */
  readonly durationSeconds?: Quantity
}

/** Devices that are alike. */
export interface FleetGroup {
  readonly name: string
  /** Weight among the groups; default 1. */
  readonly share?: number
  /** Shares of each value by attribute: `{ hardware: { a: 0.9, b: 0.1 } }`. */
  readonly attributes?: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Of the device's day against UTC; default 0. */
  readonly utcOffsetHours?: number
  readonly online?: Online
  /** Share of devices that never come online again; default 0. */
  readonly lostShare?: number
  /** From hearing of a job to asking for it, seconds; default uniform from 0 to 2. */
  readonly reactionSeconds?: Quantity
  /** Default: all succeed. */
  readonly jobs?: readonly AttemptKind[]
}

/** Which devices are meant: all of what is named must hold. */
export interface DevicesWhere {
  readonly group?: string
  /** Values by attribute. */
  readonly attributes?: Readonly<Record<string, string>>
}

/** Devices that the job is bad for: each of their attempts goes the same way. */
export interface BadDevices extends Omit<AttemptKind, 'share'> {
  readonly where?: DevicesWhere
  /** Of the devices that are meant; default 1. */
  readonly share?: number
}

/** A whole fleet. */
export interface Fleet {
  readonly name: string
  readonly description?: string
  readonly devices: number
  /** When the job is created, `2026-11-30T09:00` in UTC. */
  readonly startsAt?: string
  readonly groups: readonly FleetGroup[]
  /** Whom the job fails on as it is. The first that fits a device counts. */
  readonly bad?: readonly BadDevices[]
  /** What if the firmware is bad: whom it fails on then. Default: everybody. */
  readonly badFirmware?: readonly BadDevices[]
}

/** What a group has where nothing is said. */
export const GROUP_DEFAULTS: {
  readonly reactionSeconds: Quantity
  readonly jobs: readonly AttemptKind[]
  readonly durationSeconds: Quantity
  readonly habit: number
} = {
  reactionSeconds: { distribution: 'uniform', min: 0, max: 2 },
  jobs: [{ behaviour: 'succeed' }],
  durationSeconds: 60,
  habit: 0.5,
}

/** The whole fleet fails. */
export const ALL_BAD: readonly BadDevices[] = [{ behaviour: 'fail' }]
