/** A device as scenarios use it, whichever way it speaks. */
import type { IncomingMessage } from '@muster/fleet'
import type { Expectation, Tally } from '../tally.ts'
import type { DevicePlan } from './worker-messages.ts'

/** A request that was sent. */
export interface Asked {
  /** What is asked, for counts: `publish`. */
  readonly kind: string
  readonly expected: Expectation
  /** When it was to be made, by `machineMs`. */
  readonly intendedMs: number
}

/** What a device does for its scenario. */
export interface LoadDevice {
  readonly plan: DevicePlan
  /** Whether it has a connection, as far as it knows. */
  readonly isOpen: boolean
  /** Requests that it has not been answered yet. */
  readonly underWay: number
  /** Connects; resolves when it is connected, or has given up this time. */
  open(): Promise<boolean>
  publish(asked: Asked, topic: string, payload: Buffer, qos?: 0 | 1): void
  /** Gives up on what is older than `beforeMs`. */
  expire(beforeMs: number): void
  /** Goes, and says so. */
  close(): Promise<void>
}

/** What all devices of a worker share. */
export interface DeviceSurroundings {
  /** Where things are counted now. */
  readonly tally: () => Tally
  /** A message of another arrived. */
  readonly message: (device: LoadDevice, message: IncomingMessage) => void
  /** The device is connected, for the first time or again. */
  readonly opened: (device: LoadDevice) => void
  /** How many are connected. */
  readonly connected: { count: number }
}
