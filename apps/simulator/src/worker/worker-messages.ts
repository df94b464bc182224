/** What the coordinator and its worker processes say to each other. */
import type { DeviceEndpoint } from '@muster/device'
import type { Usage } from '@muster/fleet'
import type { Scenario } from '../scenario/scenario.ts'
import type { FleetChange } from '../steer/fleet-change.ts'
import type { Shape } from '../scenario/shape.ts'
import type { MessageCounts } from './message-tally.ts'

/** Everything a worker needs to build its devices by itself. */
export interface WorkerStart {
  readonly worker: number
  readonly scenario: Scenario
  readonly devices: number
  readonly seed: number
  readonly prefix: string
  /** Thing names, where they do not come from the prefix. */
  readonly names?: readonly string[]
  /** Which devices of the fleet are this worker's. */
  readonly indexes: readonly number[]
  readonly endpoint: DeviceEndpoint
  readonly identityFolder: string
  /** Device clock seconds per wall second. */
  readonly clockRate: number
  /** First connections that this worker may have under way at once. */
  readonly openingMax: number
  /** Source addresses to spread connections over; none: the system's choice. */
  readonly sourceAddresses: readonly string[]
}

/** Orders to a worker; `groups` narrows one to devices of these groups. */
export type WorkerOrder =
  | { readonly type: 'connect'; readonly overSeconds: number; readonly shape?: Shape }
  /** Devices begin to publish, or stop. */
  | { readonly type: 'telemetry'; readonly publish: boolean; readonly groups?: readonly string[] }
  /** Devices publish nothing any more. */
  | { readonly type: 'end-messages' }
  /** Asks for fresh counts. */
  | { readonly type: 'report' }
  | { readonly type: 'storm'; readonly groups?: readonly string[] }
  | { readonly type: 'restart'; readonly groups?: readonly string[] }
  | { readonly type: 'change'; readonly change: FleetChange }
  | { readonly type: 'expect-refusal'; readonly groups?: readonly string[] }
  | { readonly type: 'drain'; readonly overSeconds: number }

/** How often something happened, by kind. */
export type Kinds = Readonly<Record<string, number>>

/** Counts of a worker since it started. */
export interface WorkerCounts extends Usage {
  readonly connected: number
  readonly everConnected: number
  readonly reconnects: number
  readonly disconnects: number
  readonly started: number
  readonly succeeded: number
  readonly failed: number
  readonly rejected: number
  readonly cancelled: number
  readonly running: number
  readonly expectedDenials: number
  /** Hostile acts that the server let through. */
  readonly undenied: number
  readonly denied: Kinds
  readonly errors: Kinds
  readonly refusals: Kinds
  readonly faults: Kinds
  /** What modules of one's own threw. */
  readonly moduleErrors: Kinds
  /** `LatencyHistogram.encoded` of notify to success. */
  readonly notifyToSuccess: string
  readonly messages: MessageCounts
}
