/** The history of a run, for plots. */
import type { LoadProgress } from './load-progress.ts'

/** How often something happened, by kind. */
export type Kinds = Readonly<Record<string, number>>

/** One moment of a run; counts are since the beginning. */
export interface LoadSample {
  readonly seconds: number
  readonly phase: string
  readonly connected: number
  readonly offered: number
  readonly sent: number
  readonly answered: number
  readonly allowed: number
  readonly denied: number
  readonly failed: number
  readonly notOffered: number
  readonly delivered: number
  /** Of the answers since the moment before; null without any. */
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
  readonly cpuSeconds: number
  readonly loopLagMs: number
  readonly serverCpuSeconds: number | null
  readonly serverRssBytes: number | null
  readonly serverFileBytes: number | null
  readonly serverOpenHandles: number | null
}

/** A history keeps so many: a long run is thinned out, not cut. */
const SAMPLES_MAX = 2000

/** Keeps the history of a run, within bounds. */
export class LoadHistory {
  samples: LoadSample[] = []
  #every = 1
  #seen = 0

  record(progress: LoadProgress): void {
    if (this.#seen++ % this.#every !== 0) return
    const { cpuSeconds, connected, elapsedSeconds, loopLagMs, phase, recent, server, sums } =
      progress
    const { allowed, answered, delivered, notOffered, offered, sent } = sums
    this.samples.push({
      seconds: elapsedSeconds,
      phase,
      connected,
      offered,
      sent,
      answered,
      allowed,
      denied: sums.deniedExpected + sums.deniedUnexpected,
      failed: sums.errors + sums.timeouts + sums.throttled,
      notOffered,
      delivered,
      p50Ms: recent.percentile(0.5) ?? null,
      p95Ms: recent.percentile(0.95) ?? null,
      p99Ms: recent.percentile(0.99) ?? null,
      cpuSeconds,
      loopLagMs,
      serverCpuSeconds: server?.cpuSeconds ?? null,
      serverRssBytes: server?.rssBytes ?? null,
      serverFileBytes: server?.fileBytes ?? null,
      serverOpenHandles: server?.openHandles ?? null,
    })
    if (this.samples.length < SAMPLES_MAX) return
    this.samples = this.samples.filter((_, place) => place % 2 === 0)
    this.#every *= 2
  }
}
