/**
 * The newest denials, each of which can be expanded into an explanation (design decision 5).
 */
import type { Explanation } from '@muster/policy'

/** What was denied, to whom. */
export interface Denial {
  readonly effect: 'implicitDeny' | 'explicitDeny'
  /** ARN of the certificate or IAM user. */
  readonly principal: string
  readonly clientId: string | undefined
  readonly protocol: 'mqtt' | 'https'
  readonly sourceIp: string
  /** `iot:Publish`. */
  readonly action: string
  /** ARN, or `*`. */
  readonly resource: string
}

/** A logged denial. */
export interface LoggedDecision extends Denial {
  readonly decisionId: string
  /** Clock time of the first and of the last occurrence, epoch milliseconds. */
  readonly firstAtMs: number
  readonly lastAtMs: number
  /** Occurrences: the same denial again does not push others out of the log. */
  readonly count: number
}

/** A logged denial with what there is to know about it. */
export interface ExplainedDecision extends LoggedDecision {
  readonly explanation: object
}

interface Entry {
  readonly denial: Denial
  readonly decisionId: string
  readonly key: string
  readonly firstAtMs: number
  lastAtMs: number
  count: number
  expand: () => object
}

/** Kept by default; what an entry captures is shared with the connection it came from. */
const entriesMax = 1000

/** A bounded log of denials. */
export class DecisionLog {
  readonly #nowMs: () => number
  readonly #max: number
  readonly #onDenial: ((decision: LoggedDecision) => void) | undefined
  readonly #onOccurrence: ((denial: Denial) => void) | undefined
  /** By last occurrence, oldest first. */
  readonly #byId = new Map<string, Entry>()
  readonly #byKey = new Map<string, Entry>()
  #next = 1

  /**
   * @param options.onDenial - told of every first occurrence, for the structured log
   * @param options.onOccurrence - told of every denial, for metrics
   */
  constructor(options: {
    readonly nowMs: () => number
    readonly entriesMax?: number
    readonly onDenial?: (decision: LoggedDecision) => void
    readonly onOccurrence?: (denial: Denial) => void
  }) {
    this.#nowMs = options.nowMs
    this.#max = options.entriesMax ?? entriesMax
    this.#onDenial = options.onDenial
    this.#onOccurrence = options.onOccurrence
  }

  /**
   * Logs a denial.
   *
   * @param expand - makes the explanation from what was captured when it was decided
   * @returns the id to read it under
   */
  record(denial: Denial, expand: () => object): string {
    this.#onOccurrence?.(denial)
    const key = [
      denial.principal,
      denial.clientId ?? '',
      denial.sourceIp,
      denial.protocol,
      denial.effect,
      denial.action,
      denial.resource,
    ].join('\n')
    const known = this.#byKey.get(key)
    if (known !== undefined) {
      known.lastAtMs = this.#nowMs()
      known.count += 1
      known.expand = expand
      this.#byId.delete(known.decisionId)
      this.#byId.set(known.decisionId, known)
      return known.decisionId
    }
    const atMs = this.#nowMs()
    const decisionId = String(this.#next++)
    const entry = { denial, decisionId, key, firstAtMs: atMs, lastAtMs: atMs, count: 1, expand }
    this.#byId.set(decisionId, entry)
    this.#byKey.set(key, entry)
    if (this.#byId.size > this.#max) {
      for (const oldest of this.#byId.values()) {
        this.#byId.delete(oldest.decisionId)
        this.#byKey.delete(oldest.key)
        break
      }
    }
    this.#onDenial?.(shown(entry))
    return decisionId
  }

  /**
   * Logged decisions, newest first.
   *
   * @param filter.effect - `deny`, or one of the two denials; the log holds nothing else
   */
  list(filter: { readonly effect: string | undefined; readonly limit: number }): LoggedDecision[] {
    const { effect, limit } = filter
    return [...this.#byId.values()]
      .reverse()
      .filter(({ denial }) => effect === undefined || effect === 'deny' || effect === denial.effect)
      .slice(0, limit)
      .map(shown)
  }

  /** A decision with its explanation; undefined once the log has dropped it. */
  explain(decisionId: string): ExplainedDecision | undefined {
    const entry = this.#byId.get(decisionId)
    return entry === undefined ? undefined : { ...shown(entry), explanation: entry.expand() }
  }

  /** A denial in one sentence, with what would change it, for MQTT 5 Reason Strings. */
  sentence(decisionId: string | undefined): string | undefined {
    const explained = decisionId === undefined ? undefined : this.explain(decisionId)
    if (explained === undefined) return undefined
    const { summary, hints } = explained.explanation as Explanation
    return [summary, ...hints.slice(0, 1)].join('; ')
  }

  /** What would most likely mend a denial. */
  hint(decisionId: string): string | undefined {
    const explained = this.explain(decisionId)
    return (explained?.explanation as Explanation | undefined)?.hints[0]
  }

  /** Forgets everything (`/_muster/reset`). */
  clear(): void {
    this.#byId.clear()
    this.#byKey.clear()
  }
}

function shown({ denial, decisionId, firstAtMs, lastAtMs, count }: Entry): LoggedDecision {
  return { decisionId, ...denial, firstAtMs, lastAtMs, count }
}
