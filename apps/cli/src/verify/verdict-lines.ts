/** Verdicts of scenarios and cases as they come, and their sum. */
import type { ScenarioResult } from '@muster/conformance'

/** Writes a line each to stdout; {@link VerdictLines.end} sums up, and the exit status is 1 when one failed. */
export class VerdictLines {
  readonly #json: boolean
  #count = 0
  #failed = 0

  constructor({ json }: { readonly json: boolean }) {
    this.#json = json
  }

  /** Bound, so that a run can be given it. */
  readonly hear = (result: ScenarioResult): void => {
    this.#count += 1
    if (!result.pass) this.#failed += 1
    const verdict = result.pass ? 'pass' : `FAIL at step ${result.step}: ${result.why}`
    process.stdout.write(this.#json ? `${JSON.stringify(result)}\n` : `${result.id} ${verdict}\n`)
  }

  /** @param noun - what they are, in the plural */
  end(noun: string): void {
    process.stderr.write(`${this.#count - this.#failed} of ${this.#count} ${noun} passed\n`)
    if (this.#failed > 0) process.exitCode = 1
  }
}
