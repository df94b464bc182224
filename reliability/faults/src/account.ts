/**
 * What clients saw acknowledged, kept by them and by nobody else: what the server says later is held
 * against it. Every value only rises: a version, a counter, 1 for what is there.
 */

/** What the server says of one value: undefined when it says that there is none. */
export interface Reading {
  readonly value: number | undefined
  /** Its final status, where it has one: that changes no more. */
  readonly final?: string | undefined
}

/** What is known of one value. */
interface Entry {
  acknowledged: number
  final: string | undefined
  /** The highest that the server ever told. */
  seen: number
}

/** One account, of all clients together. */
export class Account {
  /** Changes that were acknowledged. */
  acknowledged = 0
  /** What was acknowledged and is not there, a line each. */
  readonly lost: string[] = []
  /** What the server told and takes back, a line each. */
  readonly regressed: string[] = []
  readonly #entries = new Map<string, Entry>()
  #changed = new Set<string>()
  readonly #waiting = new Set<{ readonly from: number; readonly resolve: () => void }>()

  /** A change was acknowledged. */
  acknowledge(key: string, value: number, final?: string): void {
    const entry = this.#entryOf(key)
    entry.acknowledged = Math.max(entry.acknowledged, value)
    if (final !== undefined) entry.final = final
    this.#changed.add(key)
    this.acknowledged += 1
    for (const waiter of this.#waiting) {
      if (this.acknowledged < waiter.from) continue
      this.#waiting.delete(waiter)
      waiter.resolve()
    }
  }

  /**
   * Resolves after so many further acknowledgements.
   *
   * @throws Error when they do not come in time
   */
  progress(count: number, timeoutMs: number): Promise<void> {
    const from = this.acknowledged + count
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#waiting.delete(waiter)
        const missing = from - this.acknowledged
        reject(new Error(`${missing} of ${count} changes were not acknowledged in ${timeoutMs} ms`))
      }, timeoutMs)
      const waiter = {
        from,
        resolve: (): void => {
          clearTimeout(late)
          resolve()
        },
      }
      this.#waiting.add(waiter)
    })
  }

  /** Keys that changed since this was asked last. */
  takeChanged(): readonly string[] {
    const changed = [...this.#changed]
    this.#changed = new Set()
    return changed
  }

  /** Keys of everything that was ever acknowledged. */
  get keys(): readonly string[] {
    return [...this.#entries.keys()]
  }

  /** What is known now, for a reading that begins now. */
  expected(key: string): { readonly value: number; readonly final: string | undefined } {
    const { acknowledged, final } = this.#entryOf(key)
    return { value: acknowledged, final }
  }

  /** Whether a reading contradicts what was expected when it began; told, and counted where `counts`. */
  judge(
    key: string,
    expected: { readonly value: number; readonly final: string | undefined },
    { value, final }: Reading,
  ): boolean {
    const entry = this.#entryOf(key)
    const isFinal = expected.final === undefined || expected.final === final
    if (value === undefined || value < expected.value || !isFinal) {
      const wanted = `${expected.value}${expected.final === undefined ? '' : ` ${expected.final}`}`
      this.lost.push(`${key}: acknowledged ${wanted}, found ${value ?? 'nothing'} ${final ?? ''}`)
      return false
    }
    if (value < entry.seen) {
      this.regressed.push(`${key}: the server said ${entry.seen} before, and says ${value}`)
      return false
    }
    entry.seen = value
    return true
  }

  #entryOf(key: string): Entry {
    let entry = this.#entries.get(key)
    if (entry === undefined) {
      entry = { acknowledged: 0, final: undefined, seen: 0 }
      this.#entries.set(key, entry)
    }
    return entry
  }
}
