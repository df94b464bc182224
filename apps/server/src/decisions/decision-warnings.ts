/**
 * The lines that tell of refusals: one for each client and cause, and no flood of them.
 */
import type { LoggedDecision } from './decision.ts'

/** Lines a minute: of one cause to one client, of one cause, and of all together. */
const linesOfClientMax = 10
const linesOfCauseMax = 30
const linesMax = 100
const windowMs = 60_000

/** What warnings are written with. */
export interface DecisionWarningsPorts {
  warn(line: object, message: string): void
  /** Wall time in milliseconds, any origin. */
  readonly wallMs: () => number
}

/** Which client was refused for which cause, as entries of the log are counted. */
export interface Warned {
  readonly cause: string
  readonly client: string
}

/** Writes a line for a refusal, or leaves it out. */
export class DecisionWarnings {
  readonly #ports: DecisionWarningsPorts
  #windowEndsMs = 0
  /** Lines of this window. */
  readonly #lines = new Map<string, number>()
  #left = linesMax

  constructor(ports: DecisionWarningsPorts) {
    this.#ports = ports
  }

  /** @param shown - asked only when a line is written */
  tell({ cause, client }: Warned, shown: () => LoggedDecision): void {
    const nowMs = this.#ports.wallMs()
    if (nowMs >= this.#windowEndsMs) {
      this.#windowEndsMs = nowMs + windowMs
      this.#lines.clear()
      this.#left = linesMax
    }
    if (this.#left <= 0) return
    const ofCause = this.#lines.get(cause) ?? 0
    const ofClient = this.#lines.get(`${cause}\n${client}`) ?? 0
    if (ofCause > linesOfCauseMax || ofClient >= linesOfClientMax) return
    this.#left -= 1
    this.#lines.set(cause, ofCause + 1)
    this.#lines.set(`${cause}\n${client}`, ofClient + 1)
    const line = shown()
    if (ofCause === linesOfCauseMax || this.#left === 0) {
      const { action, kind, reason } = line
      const hint = `read them all: GET /_muster/decisions?kind=${kind}&reason=${encodeURIComponent(reason)}`
      const message = 'more refusals than lines: the log leaves some out for up to a minute'
      this.#ports.warn({ kind, action, reason, hint }, message)
    } else this.#ports.warn(lineOf(line), line.kind === 'policy' ? 'denied' : 'refused')
  }
}

/** Who, what, why and what to do; the counts are the log's affair. */
function lineOf(decision: LoggedDecision): object {
  const {
    atMs: _at,
    firstAtMs: _first,
    lastAtMs: _last,
    count: _count,
    id: _id,
    ...line
  } = decision
  return line
}
