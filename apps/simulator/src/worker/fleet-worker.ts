/**
 * The devices of one process.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { SystemClock, seededRandom } from '@muster/clock'
import { IdentityFolder } from '../control/identity-folder.ts'
import { planFleet } from '../scenario/device-plan.ts'
import { SimulatedDevice } from './simulated-device.ts'
import { Tally } from './tally.ts'
import type { WorkerCounts, WorkerStart } from './worker-messages.ts'

/** How many stops are under way at once while draining. */
const DRAIN_LANES = 64

/** Devices that connect, work and leave together. */
export class FleetWorker {
  readonly #devices: readonly SimulatedDevice[]
  readonly #tally = new Tally()
  readonly #seed: number

  constructor(start: WorkerStart) {
    const plans = planFleet(start.scenario, start.devices, start.seed, start.prefix)
    const around = {
      endpoint: start.endpoint,
      identities: new IdentityFolder(start.identityFolder),
      clock: new SystemClock(start.clockRate),
      wallClock: new SystemClock(),
      tally: this.#tally,
      sourceAddresses: start.sourceAddresses,
    }
    this.#seed = start.seed + start.worker
    this.#devices = start.indexes.flatMap((index) => {
      const plan = plans[index]
      return plan === undefined ? [] : [new SimulatedDevice(plan, around)]
    })
  }

  counts(): WorkerCounts {
    return this.#tally.counts()
  }

  /** Starts every device once, spread over `overSeconds` with jitter. */
  async connect(overSeconds: number): Promise<void> {
    const random = seededRandom(this.#seed)
    const gapMs = (overSeconds * 1000) / Math.max(1, this.#devices.length)
    const beganAtMs = Date.now()
    for (const [place, device] of this.#devices.entries()) {
      const dueMs = beganAtMs + (place + random() - 0.5) * gapMs
      const waitMs = dueMs - Date.now()
      if (waitMs > 1 || place % 8 === 7) await wait(Math.max(0, waitMs))
      device.start()
    }
  }

  /** Stops every device in order: each says DISCONNECT. */
  async drain(overSeconds: number): Promise<void> {
    const gapMs = (overSeconds * 1000) / Math.max(1, this.#devices.length)
    let place = 0
    const lane = async (): Promise<void> => {
      for (let device = this.#devices[place++]; device; device = this.#devices[place++]) {
        await device.stop()
        if (gapMs > 0) await wait(gapMs * DRAIN_LANES)
      }
    }
    await Promise.all(Array.from({ length: DRAIN_LANES }, lane))
  }
}
