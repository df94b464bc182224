/** Requests over MQTT that wait for an answer, each by a name of its own. */
import { ANSWER_MS_MAX, type Outcome } from './outcome.ts'
import { sent, settled } from './record.ts'

interface Open {
  readonly sentAtMs: number
}

/** The requests of one connection. Each is recorded as sent and, once, by how it ended. */
export class OpenRequests {
  readonly #open = new Map<string, Open>()
  #count = 0

  get size(): number {
    return this.#open.size
  }

  /** A request leaves; its name is a client token. */
  begin(): string {
    const name = `k6-${this.#count++}`
    this.#open.set(name, { sentAtMs: Date.now() })
    sent()
    return name
  }

  /** A request has ended; one that has ended already, or is nobody's, is left alone. */
  end(name: string, outcome: Outcome): void {
    const open = this.#open.get(name)
    if (open === undefined) return
    this.#open.delete(name)
    settled(outcome, Date.now() - open.sentAtMs)
  }

  /** Gives up what has waited too long. */
  giveUpLate(): void {
    const before = Date.now() - ANSWER_MS_MAX
    for (const [name, { sentAtMs }] of this.#open) {
      if (sentAtMs <= before) this.end(name, 'timeouts')
    }
  }

  /** Nothing that is open will be answered: the connection is gone, or the run over. */
  endAll(outcome: Outcome): void {
    for (const name of this.#open.keys()) this.end(name, outcome)
  }
}
