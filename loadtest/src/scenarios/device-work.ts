/** What scenarios with devices have in common. */
import type { IncomingMessage } from '@muster/fleet'
import type { Tally } from '../tally.ts'
import { DeviceFleet } from '../worker/device-fleet.ts'
import type { LoadDevice } from '../worker/load-device.ts'
import type { Work, WorkOptions } from '../worker/work.ts'
import type { DevicePlan } from '../worker/worker-messages.ts'

/** Requests that one connection may have under way: AWS's bound on QoS 1 in flight. */
export const UNDER_WAY_MAX = 100

/** Devices that are connected before the load begins. */
export abstract class DeviceWork implements Work {
  protected readonly fleet: DeviceFleet
  protected readonly tally: () => Tally
  readonly #connected = { count: 0 }

  constructor({ start, tally }: WorkOptions, subscriptions: (plan: DevicePlan) => string[]) {
    this.tally = tally
    this.fleet = new DeviceFleet({
      start,
      subscriptions,
      around: {
        tally,
        connected: this.#connected,
        message: (device, message) => this.heard(device, message),
        opened: () => {},
      },
    })
  }

  abstract arrive(intendedMs: number): boolean

  get connected(): number {
    return this.#connected.count
  }

  get underWay(): number {
    return this.fleet.underWay
  }

  async open(): Promise<void> {
    await this.fleet.open()
  }

  async rollCall(): Promise<void> {
    await this.fleet.rollCall()
  }

  async close(): Promise<void> {
    await this.fleet.close()
  }

  /** A message of another arrived. */
  protected heard(_device: LoadDevice, _message: IncomingMessage): void {}
}

/** Whether a device can be asked for one thing more. */
export function hasRoom({ isOpen, underWay }: LoadDevice): boolean {
  return isOpen && underWay < UNDER_WAY_MAX
}

/** Whether an HTTPS device can: one that has no connection opens one. */
export function mayAsk({ underWay }: LoadDevice): boolean {
  return underWay < UNDER_WAY_MAX
}
