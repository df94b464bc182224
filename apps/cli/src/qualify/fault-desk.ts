/** The faults that a case has armed, and the messages that it holds back. */
import { meets, type Fault, type FaultDoes, type Meeting } from '@muster/qualify'

export class FaultDesk {
  readonly #idOf: (job: string) => string
  #armed: { readonly fault: Fault; left: number }[] = []
  #held: (() => void)[] = []
  readonly #timers = new Set<NodeJS.Timeout>()

  readonly #met: (does: FaultDoes) => void

  /** @param met - told whenever a message meets a fault */
  constructor(idOf: (job: string) => string, met: (does: FaultDoes) => void) {
    this.#idOf = idOf
    this.#met = met
  }

  arm(fault: Fault): void {
    this.#armed.push({ fault, left: fault.times ?? 1 })
  }

  clear(): void {
    this.#armed = []
  }

  /** What happens to a message; each fault is spent by the messages that it meets. */
  take(meeting: Meeting): FaultDoes | undefined {
    const found = this.#armed.find(
      ({ fault, left }) =>
        left > 0 &&
        meets(fault, meeting, fault.job === undefined ? undefined : this.#idOf(fault.job)),
    )
    if (found === undefined) return undefined
    found.left -= 1
    this.#met(found.fault.does)
    return found.fault.does
  }

  hold(deliver: () => void): void {
    this.#held.push(deliver)
  }

  delay(deliver: () => void, afterMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      deliver()
    }, afterMs)
    this.#timers.add(timer)
  }

  /** Delivers what is held, last first. */
  release(): void {
    for (const deliver of this.#held.splice(0).reverse()) deliver()
  }

  close(): void {
    this.clear()
    this.#held = []
    for (const timer of this.#timers) clearTimeout(timer)
  }
}
