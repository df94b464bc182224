/**
 * The devices of one process.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { SystemClock, seededRandom } from '@muster/clock'
import { IdentityFolder } from '@muster/fleet'
import type { Behaviours } from '../behaviour/load-behaviour.ts'
import { otaSigner } from '../ota-signer.ts'
import { planFleet } from '../scenario/device-plan.ts'
import { FleetBehaviours } from '../steer/fleet-behaviours.ts'
import type { FleetChange } from '../steer/fleet-change.ts'
import { secondsAt, sumAt, timed, type Shape } from '../scenario/shape.ts'
import { ConnectionWitnesses } from './connection-witnesses.ts'
import { SimulatedDevice } from './simulated-device.ts'
import { Subscribers } from './subscribers.ts'
import { Tally } from './tally.ts'
import type { WorkerCounts, WorkerStart } from './worker-messages.ts'

const LOOK_EVERY_MS = 5
/** How many stops or restarts are under way at once. */
const LANES = 64

/** Devices that connect, work and leave together. */
export class FleetWorker {
  readonly #devices: readonly SimulatedDevice[]
  readonly #tally = new Tally()
  readonly #seed: number
  readonly #behaviours: FleetBehaviours
  readonly #openingMax: number

  /** @param behaviours - of the modules that the scenario names */
  constructor(start: WorkerStart, behaviours: Behaviours = new Map()) {
    const { endpoint, sourceAddresses, devices } = start
    const plans = planFleet(start.scenario, devices, start.seed, start.prefix, start.names)
    const names = plans.map(({ thingName }) => thingName)
    const around = {
      endpoint,
      identities: new IdentityFolder(start.identityFolder),
      clock: new SystemClock(start.clockRate),
      wallClock: new SystemClock(),
      tally: this.#tally,
      witnesses: new ConnectionWitnesses(),
      sourceAddresses,
      subscribers: new Subscribers(plans),
      behaviours,
      signerPem: otaSigner(start.seed).publicKeyPem,
      victimOf: (index: number) =>
        devices > 1 ? (names[(index + 1) % devices] ?? '') : 'somebody-else',
    }
    this.#seed = start.seed + start.worker
    this.#openingMax = start.openingMax
    this.#behaviours = new FleetBehaviours(plans, start.seed)
    this.#devices = start.indexes.flatMap((index) => {
      const plan = plans[index]
      return plan === undefined ? [] : [new SimulatedDevice(plan, around)]
    })
  }

  counts(): WorkerCounts {
    return this.#tally.counts()
  }

  /**
   * Starts every device once, spread over `overSeconds` in this shape with jitter; later where the
   * server cannot keep up, so that no connection times out in a queue of our own making.
   */
  async connect(overSeconds: number, shape?: Shape): Promise<void> {
    const random = seededRandom(this.#seed)
    const spread = timed(shape, overSeconds)
    const gap = sumAt(spread, overSeconds) / Math.max(1, this.#devices.length)
    const beganAtMs = Date.now()
    for (const [place, device] of this.#devices.entries()) {
      const seconds = secondsAt(spread, Math.max(0, place + random() - 0.5) * gap)
      const dueMs = beganAtMs + Math.min(seconds, overSeconds) * 1000
      const waitMs = dueMs - Date.now()
      if (waitMs > 1 || place % 8 === 7) await wait(Math.max(0, waitMs))
      while (this.#tally.opening >= this.#openingMax) await wait(LOOK_EVERY_MS)
      device.start()
    }
  }

  /** Lets devices publish what their groups say, or ends it. */
  telemetry(publish: boolean, groups?: readonly string[]): void {
    for (const device of this.#of(groups)) {
      if (publish) device.messages.start()
      else device.messages.stop()
    }
  }

  /** Devices publish nothing any more. */
  endMessages(): void {
    for (const device of this.#devices) device.messages.end()
  }

  /** Cuts connections all at once. */
  async storm(groups?: readonly string[]): Promise<void> {
    await Promise.all(this.#of(groups).map((device) => device.drop()))
  }

  /** Tells devices that being refused is right from now on. */
  expectRefusal(groups?: readonly string[]): void {
    for (const device of this.#of(groups)) device.expectRefusal()
  }

  /** Changes what devices do with their next jobs, and their network. */
  change(change: FleetChange): void {
    this.#behaviours.change(change)
    for (const device of this.#of(change.groups)) {
      device.behave(this.#behaviours.of(device.plan))
      if (change.network !== undefined) device.changeNetwork(change.network ?? undefined)
    }
  }

  /** Restarts devices with the identities now on disk. */
  async restart(groups?: readonly string[]): Promise<void> {
    await this.#each(this.#of(groups), 0, (device) => device.restart())
  }

  /** Stops every device in order: each says DISCONNECT. */
  async drain(overSeconds: number): Promise<void> {
    this.endMessages()
    await this.#each(this.#devices, overSeconds, (device) => device.stop())
  }

  #of(groups?: readonly string[]): readonly SimulatedDevice[] {
    return groups === undefined
      ? this.#devices
      : this.#devices.filter(({ plan }) => groups.includes(plan.group.name))
  }

  async #each(
    devices: readonly SimulatedDevice[],
    overSeconds: number,
    act: (device: SimulatedDevice) => Promise<void>,
  ): Promise<void> {
    const gapMs = (overSeconds * 1000 * LANES) / Math.max(1, devices.length)
    let place = 0
    const lane = async (): Promise<void> => {
      for (let device = devices[place++]; device; device = devices[place++]) {
        await act(device)
        if (gapMs > 0) await wait(gapMs)
      }
    }
    await Promise.all(Array.from({ length: LANES }, lane))
  }
}
