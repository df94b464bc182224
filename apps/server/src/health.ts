/**
 * What does not work although the server is up. A part that fails is set aside so that the others go
 * on; it must then be seen: in the log, in the metrics and at `/_muster/health`.
 */
import type { Logger } from './log.ts'

/** A part that does not work at present. */
export interface Trouble {
  /** What it is: `due work timeout/J1/1/T1`. */
  readonly name: string
  readonly message: string
  /** Wall time, epoch milliseconds. */
  readonly sinceMs: number
}

/** The troubles of one server, by name. */
export class Health {
  readonly #log: Pick<Logger, 'error'>
  readonly #troubles = new Map<string, Trouble>()
  #total = 0

  constructor(log: Pick<Logger, 'error'>) {
    this.#log = log
  }

  /** Tells that a part failed; once more for one that is known. */
  failed(name: string, cause: unknown): void {
    this.#total += 1
    const message = cause instanceof Error ? cause.message : String(cause)
    const sinceMs = this.#troubles.get(name)?.sinceMs ?? Date.now()
    this.#troubles.set(name, { name, message, sinceMs })
    this.#log.error({ err: cause, part: name }, 'a part failed and is set aside')
  }

  /** Tells that a part works again. */
  works(name: string): void {
    this.#troubles.delete(name)
  }

  /** Runs something that nobody waits for; what it throws is told and goes no further. */
  guard(name: string, run: () => void): void {
    try {
      run()
    } catch (cause) {
      this.failed(name, cause)
    }
  }

  /** Everything was emptied: what was wrong with it is gone. */
  clear(): void {
    this.#troubles.clear()
  }

  /** Oldest first; empty when all is well. */
  get troubles(): readonly Trouble[] {
    return [...this.#troubles.values()]
  }

  /** Failures since the start. */
  get failedTotal(): number {
    return this.#total
  }
}
