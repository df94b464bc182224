/**
 * What a module of one's own says of the devices of a group. Its default export is a
 * {@link BehaviourFactory}.
 */
import type { DeviceMessage, JobResult, RunningJob } from '@muster/device'

/** A device in the hands of a module. Waits and times follow the device's clock. */
export interface BehaviourDevice {
  readonly thingName: string
  readonly group: string
  /** Place in the fleet, from 0. */
  readonly index: number
  readonly attributes: Readonly<Record<string, string>>
  /** What the scenario hands to the module. */
  readonly options: Readonly<Record<string, unknown>>
  /** From 0 to below 1, the same with the same seed. */
  readonly random: () => number
  /** Epoch milliseconds of the device's clock. */
  nowMs(): number
  /**
   * Publishes to one of the module's `topics`; anything but text and bytes goes as JSON. Counted with
   * the fleet's messages.
   *
   * @returns whether the server took it; false as well while the device is not connected
   */
  publish(topic: string, payload: unknown, options?: BehaviourPublish): Promise<boolean>
  /**
   * Calls `act` after so many seconds, unless the device is off by then.
   *
   * @returns what calls it off
   */
  after(seconds: number, act: () => void | Promise<void>): () => void
  /** Counts something, which the report then tells by the module's name. */
  count(what: string): void
  /** Cuts the connection; the device comes back by itself. */
  drop(): void
  /** Ends like a power cut and boots after so many wall seconds: the module begins anew. */
  crash(rebootSeconds: number): void
}

/** How a message is published. */
export interface BehaviourPublish {
  /** Default 1. */
  readonly qos?: 0 | 1
  /** MQTT 5. */
  readonly userProperties?: Readonly<Record<string, string>>
}

/** What a device does; every member is optional. What one throws fails the run, by file and line. */
export interface Behaviour {
  /** Each time that the device is connected. */
  readonly connected?: () => void | Promise<void>
  /** A message of one of the group's subscriptions. */
  readonly message?: (message: DeviceMessage) => void | Promise<void>
  /** Does a job, in place of the group's `jobs`. Throwing means FAILED with the message as reason. */
  readonly job?: (job: RunningJob) => JobResult | Promise<JobResult>
}

/** Called at each boot of each device of the group, so that what it keeps is lost in a crash. */
export type BehaviourFactory = (device: BehaviourDevice) => Behaviour
