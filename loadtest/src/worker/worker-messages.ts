/** What a run and its worker processes say to each other. */
import type { DeviceEndpoint } from '@muster/device'
import type { Usage } from '@muster/fleet'
import type { Offer } from '../arrivals.ts'
import type { TallyData } from '../tally.ts'

/** How a device speaks. */
export type DeviceProtocol = 'mqtt-3.1.1' | 'mqtt-5' | 'https'

/** One device of a worker. */
export interface DevicePlan {
  readonly thingName: string
  /** Its place in the whole fleet. */
  readonly index: number
  readonly protocol: DeviceProtocol
}

/** Who signs requests of the control plane. */
export interface Operator {
  readonly controlUrl: string | undefined
  readonly region: string
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string | undefined
  }
}

/** Everything a worker needs to play its devices by itself. */
export interface WorkerStart {
  readonly scenario: string
  /** Tells what this run makes from what others made. */
  readonly runId: string
  readonly devices: readonly DevicePlan[]
  readonly fleetDevices: number
  /** Those of them that speak HTTPS. */
  readonly fleetHttps: number
  readonly endpoint: DeviceEndpoint
  readonly identityFolder: string
  readonly sourceAddresses: readonly string[]
  readonly answerWithinMs: number
  /** Where the scenario speaks to the control plane. */
  readonly operator?: Operator
}

/** Orders to a worker. */
export type WorkerOrder =
  /** Every device connects. */
  | { readonly type: 'open' }
  /** Counts begin anew; requests are made, and waited for. */
  | { readonly type: 'offer'; readonly stage: number; readonly offer: Offer }
  /** Nothing more is offered; what is under way may end. */
  | { readonly type: 'stop' }
  /** Every device that has no connection gets one. */
  | { readonly type: 'roll-call' }
  | { readonly type: 'close' }

/** What a worker has counted. */
export interface WorkerCounts extends Usage {
  readonly stage: number
  readonly tally: TallyData
  /** Latencies since the last look, encoded. */
  readonly recent: string
  readonly connected: number
  readonly underWay: number
  /** Memory that a connected device takes, bytes; 0 before all were connected. */
  readonly bytesPerDevice: number
  /** Messages sent since the beginning. */
  readonly messages: number
}
