import type { FleetCounts } from '../worker/worker-pool.ts'

/** How much happens in a second of wall time. */
export interface Rates {
  readonly connects: number
  readonly disconnects: number
  readonly started: number
  readonly ended: number
}

/** Over so long rates are taken. */
const SPAN_MS = 10_000

/** Rates of a fleet's counts over the last seconds. */
export class FleetRates {
  /** Oldest first. */
  #seen: { readonly atMs: number; readonly totals: Rates }[] = []

  /** @param atMs - wall time, never decreasing */
  see(atMs: number, counts: FleetCounts): void {
    const { everConnected, reconnects, disconnects, started } = counts
    const { succeeded, failed, rejected, cancelled } = counts
    const ended = succeeded + failed + rejected + cancelled
    const totals = { connects: everConnected + reconnects, disconnects, started, ended }
    this.#seen = this.#seen.filter((earlier) => atMs - earlier.atMs <= SPAN_MS)
    this.#seen.push({ atMs, totals })
  }

  get rates(): Rates {
    const first = this.#seen[0]
    const last = this.#seen.at(-1)
    const seconds = ((last?.atMs ?? 0) - (first?.atMs ?? 0)) / 1000
    const rate = (of: keyof Rates): number => {
      if (first === undefined || last === undefined || seconds <= 0) return 0
      return Number(((last.totals[of] - first.totals[of]) / seconds).toFixed(2))
    }
    return {
      connects: rate('connects'),
      disconnects: rate('disconnects'),
      started: rate('started'),
      ended: rate('ended'),
    }
  }
}
