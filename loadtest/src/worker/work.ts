/** What a scenario does in a worker. */
import type { Tally } from '../tally.ts'
import type { WorkerStart } from './worker-messages.ts'

/** A scenario at work. */
export interface Work {
  /** Connections now. */
  readonly connected: number
  /** Requests without an answer. */
  readonly underWay: number
  /** Connects the devices, where the scenario has them connected before it begins. */
  open(): Promise<void>
  /**
   * Makes the request that was to be made at `intendedMs`, by `machineMs`.
   *
   * @returns false when no device could
   */
  arrive(intendedMs: number): boolean
  /** Sees to it that every device has a connection. */
  rollCall(): Promise<void>
  close(): Promise<void>
}

/** What a scenario is made with. */
export interface WorkOptions {
  readonly start: WorkerStart
  /** Where things are counted now: another one for each stage. */
  readonly tally: () => Tally
}
