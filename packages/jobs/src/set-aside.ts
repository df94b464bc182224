/**
 * Due work that threw: put off, ever longer, so that it does not stop the work behind it.
 */
import type { FailedWork } from './ports.ts'

const RETRY_MS_MIN = 60_000
const RETRY_MS_MAX = 3_600_000

/** What is put off at present, and how often it failed. */
export class SetAside {
  readonly #byWork = new Map<string, { readonly failed: FailedWork; readonly waitMs: number }>()

  /** Takes a failure. @returns it, with the time of the next try */
  add(work: string, cause: unknown, nowMs: number): FailedWork {
    const before = this.#byWork.get(work)?.waitMs
    const waitMs = before === undefined ? RETRY_MS_MIN : Math.min(before * 2, RETRY_MS_MAX)
    const failed = { work, cause, retryAtMs: nowMs + waitMs }
    this.#byWork.set(work, { failed, waitMs })
    return failed
  }

  /**
   * Nothing is due at `nowMs` any more: what was to be tried by then is done, or gone with its job.
   *
   * @returns that work
   */
  settled(nowMs: number): readonly string[] {
    const done: string[] = []
    for (const [work, { failed }] of this.#byWork) {
      if (failed.retryAtMs <= nowMs) done.push(work)
    }
    for (const work of done) this.#byWork.delete(work)
    return done
  }

  /** Everything was forgotten, this too. */
  clear(): void {
    this.#byWork.clear()
  }
}
