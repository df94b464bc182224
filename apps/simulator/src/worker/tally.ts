import { monitorEventLoopDelay } from 'node:perf_hooks'
import { LatencyHistogram } from '../latency-histogram.ts'
import type { WorkerCounts } from './worker-messages.ts'

/** What happened to the devices of one process. */
export class Tally {
  connected = 0
  everConnected = 0
  connectAttemptsFailed = 0
  succeeded = 0
  failed = 0
  rejected = 0
  cancelled = 0
  running = 0
  readonly notifyToSuccess: LatencyHistogram = new LatencyHistogram()
  readonly #denied: Record<string, number> = {}
  readonly #errors: Record<string, number> = {}
  readonly #delay = monitorEventLoopDelay({ resolution: 20 })

  constructor() {
    this.#delay.enable()
  }

  denied(what: string): void {
    this.#denied[what] = (this.#denied[what] ?? 0) + 1
  }

  error(what: string): void {
    this.#errors[what] = (this.#errors[what] ?? 0) + 1
  }

  counts(): WorkerCounts {
    const { connected, everConnected, connectAttemptsFailed, running } = this
    const { succeeded, failed, rejected, cancelled } = this
    const cpu = process.cpuUsage()
    const eventLoopLagMs = Math.max(0, this.#delay.percentile(99) / 1e6 - 20)
    this.#delay.reset()
    return {
      connected,
      everConnected,
      connectAttemptsFailed,
      succeeded,
      failed,
      rejected,
      cancelled,
      running,
      denied: { ...this.#denied },
      errors: { ...this.#errors },
      notifyToSuccess: this.notifyToSuccess.buckets,
      cpuSeconds: (cpu.user + cpu.system) / 1e6,
      rssBytes: process.memoryUsage.rss(),
      eventLoopLagMs,
    }
  }
}
