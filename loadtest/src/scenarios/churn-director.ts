/**
 * Changes what devices may do while others work, and times how long each change takes to be felt on a
 * live connection: a probe publishes all the time to a topic that is now allowed and now denied.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { machineMs } from '@muster/fleet'
import type { Offer } from '../arrivals.ts'
import type { Tally } from '../tally.ts'
import { Changes, changesOf, type Change } from './changes.ts'
import type { Director, DirectorOptions } from './director.ts'
import { Probe } from './probe.ts'

const PROBE_EVERY_MS = 5
const REST_MS = 100

/** One probe for each kind of change. */
export class ChurnDirector implements Director {
  readonly plays: number
  readonly #options: DirectorOptions
  readonly #probes: readonly (readonly [Probe, Change])[]
  readonly #changes: Changes

  constructor(options: DirectorOptions) {
    this.#options = options
    const { devices, endpoint, identities } = options
    this.#changes = new Changes(options)
    const probes: (readonly [Probe, Change])[] = []
    // One device at least works on beside the probes.
    for (const plan of devices.slice(0, Math.max(1, devices.length - 1))) {
      const change = changesOf(plan.protocol)[probes.length]
      if (change === undefined) break
      probes.push([
        new Probe({ plan, endpoint, identity: identities.load(plan.thingName) }),
        change,
      ])
    }
    this.#probes = probes
    this.plays = probes.length
  }

  async prepare(tally: Tally): Promise<void> {
    for (const [probe, change] of this.#probes) {
      await this.#changes.prepare(change, probe.thingName)
      await probe.open()
      tally.sums.messages += 4
    }
  }

  async direct(offer: Offer, tally: Tally, signal: AbortSignal): Promise<void> {
    const untilMs = offer.beginsAtMs + offer.seconds * 1000
    const isOver = (): boolean => signal.aborted || machineMs() >= untilMs
    await Promise.all(
      this.#probes.map(async ([probe, change]) => {
        await this.#churn(probe, change, tally, isOver)
      }),
    )
  }

  async finish(): Promise<void> {
    await Promise.all(this.#probes.map(([probe]) => probe.close()))
    await this.#changes.undo().catch(() => {})
  }

  async #churn(probe: Probe, change: Change, tally: Tally, isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const allows = !this.#changes.allows(change)
      try {
        await this.#changes.make(change, probe.thingName, allows)
        tally.sums.messages++
        await this.#untilFelt(probe, change, allows, tally)
      } catch (cause) {
        if (isOver()) return
        tally.failed('change', cause instanceof Error ? cause.message : String(cause))
      }
      await wait(REST_MS)
    }
  }

  async #untilFelt(probe: Probe, change: Change, allows: boolean, tally: Tally): Promise<void> {
    const madeAtMs = machineMs()
    const untilMs = madeAtMs + this.#options.answerWithinMs
    const topic = this.#changes.topic(probe.thingName)
    while (machineMs() < untilMs) {
      tally.sums.messages++
      const isAllowed = await probe.publish(topic)
      if (isAllowed === allows) {
        tally.latency(`effective: ${change}`, machineMs() - madeAtMs)
        tally.count(`${change} ${allows ? 'allows' : 'denies'}`)
        return
      }
      await wait(PROBE_EVERY_MS)
    }
    throw new Error(`${change}: not effective within ${this.#options.answerWithinMs} ms`)
  }
}
