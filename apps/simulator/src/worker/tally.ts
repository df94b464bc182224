import { monitorEventLoopDelay } from 'node:perf_hooks'
import { LatencyHistogram } from '../latency-histogram.ts'
import type { WorkerCounts } from './worker-messages.ts'

/** The sampling interval, which `monitorEventLoopDelay` counts as delay. */
const RESOLUTION_MS = 20
/** Different error texts that are kept apart; more are counted together. */
const KINDS_MAX = 50

/** What happened to the devices of one process. */
export class Tally {
  /** First connections under way. */
  opening = 0
  connected = 0
  everConnected = 0
  reconnects = 0
  disconnects = 0
  started = 0
  succeeded = 0
  failed = 0
  rejected = 0
  cancelled = 0
  running = 0
  expectedDenials = 0
  undenied = 0
  readonly notifyToSuccess: LatencyHistogram = new LatencyHistogram()
  readonly #denied: Record<string, number> = {}
  readonly #errors: Record<string, number> = {}
  readonly #refusals: Record<string, number> = {}
  readonly #faults: Record<string, number> = {}
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })

  constructor() {
    this.#delay.enable()
  }

  /** A denial that the scenario does not call for. */
  denied(what: string): void {
    count(this.#denied, what)
  }

  error(what: string): void {
    count(this.#errors, what)
  }

  /** The service refused a Jobs request. */
  refusal(request: string, code: string): void {
    count(this.#refusals, `${request}: ${code}`)
  }

  /** A behaviour acted, and what came of it. */
  fault(behaviour: string, outcome: string): void {
    count(this.#faults, `${behaviour}: ${outcome}`)
  }

  counts(): WorkerCounts {
    const { connected, everConnected, reconnects, disconnects, running, started } = this
    const { succeeded, failed, rejected, cancelled, expectedDenials, undenied } = this
    const cpu = process.cpuUsage()
    const eventLoopLagMs = Math.max(0, this.#delay.percentile(99) / 1e6 - RESOLUTION_MS)
    this.#delay.reset()
    return {
      connected,
      everConnected,
      reconnects,
      disconnects,
      started,
      succeeded,
      failed,
      rejected,
      cancelled,
      running,
      expectedDenials,
      undenied,
      denied: { ...this.#denied },
      errors: { ...this.#errors },
      refusals: { ...this.#refusals },
      faults: { ...this.#faults },
      notifyToSuccess: [...this.notifyToSuccess.buckets],
      cpuSeconds: (cpu.user + cpu.system) / 1e6,
      rssBytes: process.memoryUsage.rss(),
      eventLoopLagMs,
    }
  }
}

function count(kinds: Record<string, number>, kind: string): void {
  const known = kind in kinds || Object.keys(kinds).length < KINDS_MAX
  const key = known ? kind : 'others'
  kinds[key] = (kinds[key] ?? 0) + 1
}
