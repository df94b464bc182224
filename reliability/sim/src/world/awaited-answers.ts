/** Requests over HTTPS that somebody waits for. */
import { must, reportViolation, Violation } from '../violation.ts'

/** Each must be answered, unless the process dies. */
export class AwaitedAnswers {
  readonly #waiting = new Set<{ readonly what: string }>()

  /**
   * Waits for one.
   *
   * @param answer - resolves with the status
   * @param maySayFault - whether the server has a reason to answer 500 by now
   */
  expect(answer: Promise<number>, what: string, maySayFault: () => boolean): void {
    const waiting = { what }
    this.#waiting.add(waiting)
    answer.then(
      (status) => {
        this.#waiting.delete(waiting)
        if (status >= 500 && !maySayFault()) {
          reportViolation('no fault of the server', `${what} was answered ${status}`)
        }
      },
      (cause: unknown) => {
        this.#waiting.delete(waiting)
        if (!(cause instanceof Violation))
          reportViolation('no fault of the server', `${what}: ${String(cause)}`)
      },
    )
  }

  /** Whoever asked has been answered. */
  check(): void {
    const [left] = this.#waiting
    must(left === undefined, 'one reply', () => `${left?.what} was never answered`)
  }

  /** The process is gone, and with it the answers. */
  clear(): void {
    this.#waiting.clear()
  }
}
