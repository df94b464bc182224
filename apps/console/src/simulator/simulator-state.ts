/** The fleet that a server runs, as `/_muster/simulator` tells of it and takes changes. */

/** What the simulator is at. */
export type SimulatorPhase =
  | 'stopped'
  | 'onboarding'
  | 'connecting'
  | 'rollout'
  | 'running'
  | 'stopping'

/** `GET /_muster/simulator`. */
export interface SimulatorState {
  readonly state: SimulatorPhase
  /** That runs, or ran last. */
  readonly scenario: string | null
  /** Why it did not go as planned. */
  readonly failures: readonly string[]
  /** The thing group of the whole fleet. */
  readonly thingGroup: string | null
  readonly devices: number
  readonly onboarded: number
  readonly connected: number
  /** Executions at work. */
  readonly running: number
  readonly byProtocol: readonly { readonly protocol: string; readonly devices: number }[]
  readonly byBehaviour: readonly BehaviourCount[]
  /** Since the scenario began. */
  readonly totals: Readonly<Record<string, number>>
  /** By the world's clock, over the last ten seconds. */
  readonly ratesPerSecond: Rates
  readonly notifyToSuccessMs: {
    readonly p50: number | null
    readonly p95: number | null
    readonly p99: number | null
    readonly count: number
  }
  /** Faults that were set while it runs; null: as the scenario says. */
  readonly network: Network | null
  readonly faults: Readonly<Record<string, number>>
  readonly errors: Readonly<Record<string, number>>
  readonly refusals: Readonly<Record<string, number>>
  readonly deniedByReason: Readonly<Record<string, number>>
  /** The scenario's own job. */
  readonly job: { readonly jobId: string; readonly status: string } | null
}

/** Devices that behave alike. */
export interface BehaviourCount {
  readonly behaviour: string
  readonly devices: number
  /** From 0 to 1. */
  readonly share: number
}

/** What happens in a second. */
export interface Rates {
  readonly connects: number
  readonly disconnects: number
  readonly started: number
  readonly ended: number
}

/** Network faults; absent ones do not happen. */
export interface Network {
  readonly latencyMilliseconds?: number
  readonly flapping?: { readonly everySeconds: number }
  readonly offline?: { readonly everySeconds: number; readonly forSeconds: number }
  readonly halfOpen?: { readonly everySeconds: number; readonly forSeconds: number }
  readonly slowReader?: { readonly bytesPerSecond: number }
}

/** A scenario that can be started. */
export interface Scenario {
  readonly name: string
  readonly description: string | null
  readonly devices: number
  readonly needsVirtualClock: boolean
}

/** `PATCH /_muster/simulator`: any of these. */
export interface SimulatorChange {
  /** The share of devices that fail their next executions, from 0 to 1. */
  readonly failureRate?: number
  readonly behaviours?: readonly {
    readonly behaviour: string
    readonly share: number
    readonly durationSeconds?: number
  }[]
  /** null: none. */
  readonly network?: Network | null
}

/** What a device can do with its executions. */
export const behaviours = [
  'succeed',
  'fail',
  'reject',
  'hang',
  'crash',
  'duplicate-update',
  'lost-reply',
  'out-of-order',
  'stale-version',
  'forget-step-timer',
  'wrong-digest',
  'cut-download',
] as const

/** Whether something runs that can be changed. */
export function isRunning({ state }: Pick<SimulatorState, 'state'>): boolean {
  return state !== 'stopped' && state !== 'stopping'
}
