/**
 * Long work in slices, so that nothing holds the event loop for long: all of it together gets a few
 * milliseconds of each turn, whoever asked for it, in the order of asking.
 */
import type { Sliced } from '@muster/registry'
import { thisMachine, type Machine } from './machine.ts'

/** What long work may take of one turn, in milliseconds; the turn's commit comes on top. */
const SHARE_OF_TURN_MS = 8

/** Whether a slice may go on; asked after each step of the work. */
export type GoesOn = () => boolean

/** The server's only scheduler of long work. */
export class Slices {
  readonly #machine: Pick<Machine, 'afterTurn' | 'monotonicMs'>
  #spentMs = 0
  #isArmed = false
  readonly #waiting: (() => void)[] = []

  constructor(machine: Pick<Machine, 'afterTurn' | 'monotonicMs'> = thisMachine) {
    this.#machine = machine
  }

  /** Does some of a work: now, or in the next turn that has time for it. */
  async slice<Done>(work: (goesOn: GoesOn) => Done): Promise<Done> {
    while (this.#spentMs >= SHARE_OF_TURN_MS) await this.#turnWithTime()
    const startMs = this.#machine.monotonicMs()
    const untilMs = startMs + SHARE_OF_TURN_MS - this.#spentMs
    try {
      return work(() => this.#machine.monotonicMs() < untilMs)
    } finally {
      this.#spentMs += this.#machine.monotonicMs() - startMs
      this.#arm()
      if (this.#spentMs < SHARE_OF_TURN_MS) this.#waiting.shift()?.()
    }
  }

  /** Does all of a work, slice by slice. */
  async run<Value>(work: Sliced<Value>): Promise<Value> {
    for (;;) {
      const step = await this.slice((goesOn) => {
        let result = work.next()
        while (result.done !== true && goesOn()) result = work.next()
        return result
      })
      if (step.done === true) return step.value
    }
  }

  #turnWithTime(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #arm(): void {
    if (this.#isArmed) return
    this.#isArmed = true
    this.#machine.afterTurn(() => {
      this.#isArmed = false
      this.#spentMs = 0
      const next = this.#waiting.shift()
      next?.()
      // Whoever is woken may find that the work it waited for is gone.
      if (this.#waiting.length > 0) this.#arm()
    })
  }
}
