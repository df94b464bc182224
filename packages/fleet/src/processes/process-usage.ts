import { monitorEventLoopDelay } from 'node:perf_hooks'

/** The sampling interval, which `monitorEventLoopDelay` counts as delay. */
const RESOLUTION_MS = 20

/** What this process uses. */
export interface Usage {
  /** CPU since the process began. */
  readonly cpuSeconds: number
  readonly rssBytes: number
  /** How late timers were since the last look, p99: work of its own that waited. */
  readonly eventLoopLagMs: number
}

/** Watches the process that it is made in. */
export class ProcessUsage {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })

  constructor() {
    this.#delay.enable()
  }

  /** One look. */
  read(): Usage {
    const { user, system } = process.cpuUsage()
    const eventLoopLagMs = Math.max(0, this.#delay.percentile(99) / 1e6 - RESOLUTION_MS)
    this.#delay.reset()
    return {
      cpuSeconds: (user + system) / 1e6,
      rssBytes: process.memoryUsage.rss(),
      eventLoopLagMs,
    }
  }
}
