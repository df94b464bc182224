/** Whether the server stays as it is while rounds are repeated. */
import { LatencyHistogram, SteadyRecord, type Steadiness } from '@muster/fleet'
import { ServerWatch, type AdminTarget } from '@muster/fleet/control'
import type { Progress } from './summary.ts'

/** Watches a server from the first round of a soak to its last. */
export class SoakWatch {
  readonly #record: SteadyRecord
  readonly #server: ServerWatch
  readonly #publishes: boolean
  #before: LatencyHistogram | undefined

  /**
   * @param seconds - how long the soak will be
   * @param publishes - whether devices publish: their acknowledgements say more than their jobs
   */
  constructor(target: AdminTarget, seconds: number, publishes: boolean) {
    this.#publishes = publishes
    this.#record = new SteadyRecord(seconds)
    // A server that is gone is for others to notice, who know how long it is waited for.
    this.#server = new ServerWatch(target, Infinity, () => {})
  }

  /** One look at the run. */
  saw({ counts, elapsedSeconds }: Progress): void {
    const { messages, notifyToSuccess } = counts
    const all = this.#publishes ? messages.publishToAck : notifyToSuccess
    const recent = this.#before === undefined ? new LatencyHistogram() : all.since(this.#before)
    this.#before = all.since(new LatencyHistogram())
    const { last } = this.#server
    if (last !== undefined) this.#record.use(elapsedSeconds, last)
    this.#record.latencies(elapsedSeconds, recent)
  }

  /** Looks no more. */
  end(): Steadiness {
    this.#server.close()
    return this.#record.judge()
  }
}
