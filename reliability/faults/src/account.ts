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

/** Whose answer a change was; empty for an operator's. */
function deviceOf(key: string): string {
  const [kind = '', name = '', thingName = ''] = key.split(' ')
  if (kind === 'execution') return thingName
  return kind === 'message' ? name.split('-').slice(0, -2).join('-') : ''
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
  readonly #listeners = new Set<(key: string) => void>()
  readonly #waiting = new Set<{ readonly from: number; readonly resolve: () => void }>()

  /** A change was acknowledged. */
  acknowledge(key: string, value: number, final?: string): void {
    const entry = this.#entryOf(key)
    entry.acknowledged = Math.max(entry.acknowledged, value)
    if (final !== undefined) entry.final = final
    this.#changed.add(key)
    this.acknowledged += 1
    for (const listener of this.#listeners) listener(key)
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

  /**
   * Waits until each of these devices had so many answers more: jobs or messages of its own.
   *
   * @returns when the last one had them, milliseconds of `performance.now()`
   * @throws Error naming who had not when time is up
   */
  everyone(names: readonly string[], answers: number, timeoutMs: number): Promise<number> {
    const missing = new Map(names.map((name) => [name, answers]))
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(late)
        this.#listeners.delete(listener)
      }
      const late = setTimeout(() => {
        done()
        reject(new Error(`${[...missing.keys()].join(', ')}: no answers in ${timeoutMs} ms`))
      }, timeoutMs)
      const listener = (key: string): void => {
        const name = deviceOf(key)
        const left = missing.get(name)
        if (left === undefined) return
        if (left > 1) missing.set(name, left - 1)
        else missing.delete(name)
        if (missing.size > 0) return
        done()
        resolve(performance.now())
      }
      this.#listeners.add(listener)
    })
  }

  /** Keys that changed since this was asked last. */
  takeChanged(): readonly string[] {
    const changed = [...this.#changed]
    this.#changed = new Set()
    return changed
  }

  /** Nobody is owed it any more. */
  forget(key: string): void {
    this.#entries.delete(key)
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
