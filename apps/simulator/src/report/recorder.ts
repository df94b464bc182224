import { executed } from '../control/rollout.ts'
import type { Progress } from '../summary.ts'
import type { Kinds } from '../worker/worker-messages.ts'

/** How many samples a history keeps: an hour-long run is thinned out, not cut. */
const SAMPLES_MAX = 2000

/** One moment of a run. */
export interface Sample {
  readonly seconds: number
  readonly onboarded: number
  readonly connected: number
  readonly everConnected: number
  readonly queued: number
  readonly inProgress: number
  readonly succeeded: number
  readonly failed: number
  readonly rejected: number
  readonly timedOut: number
  readonly canceled: number
  readonly executed: number
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
  readonly sent: number
  readonly acknowledged: number
  readonly refused: number
  readonly delivered: number
  readonly deliveryP50Ms: number | null
  readonly deliveryP95Ms: number | null
  readonly deliveryP99Ms: number | null
  readonly denied: Kinds
  readonly expectedDenials: number
  readonly reconnects: number
  readonly cpuSeconds: number
  readonly rssBytes: number
  readonly eventLoopLagMs: number
}

/** Keeps the history of a run, within bounds. */
export class Recorder {
  samples: Sample[] = []
  rssBytesMax = 0
  eventLoopLagMsMax = 0
  #every = 1
  #seen = 0

  record({ elapsedSeconds, onboarded, counts, job }: Progress): void {
    this.rssBytesMax = Math.max(this.rssBytesMax, counts.rssBytes)
    this.eventLoopLagMsMax = Math.max(this.eventLoopLagMsMax, counts.eventLoopLagMs)
    if (this.#seen++ % this.#every !== 0) return
    const { messages, notifyToSuccess: latency } = counts
    const delivery = messages.publishToDelivery
    this.samples.push({
      seconds: elapsedSeconds,
      onboarded,
      connected: counts.connected,
      everConnected: counts.everConnected,
      queued: job?.queued ?? 0,
      inProgress: job?.inProgress ?? 0,
      succeeded: job?.succeeded ?? 0,
      failed: job?.failed ?? 0,
      rejected: job?.rejected ?? 0,
      timedOut: job?.timedOut ?? 0,
      canceled: job?.canceled ?? 0,
      executed: job === undefined ? 0 : executed(job),
      p50Ms: latency.percentile(0.5) ?? null,
      p95Ms: latency.percentile(0.95) ?? null,
      p99Ms: latency.percentile(0.99) ?? null,
      sent: messages.sent,
      acknowledged: messages.acknowledged,
      refused: messages.refused,
      delivered: messages.delivered,
      deliveryP50Ms: delivery.percentile(0.5) ?? null,
      deliveryP95Ms: delivery.percentile(0.95) ?? null,
      deliveryP99Ms: delivery.percentile(0.99) ?? null,
      denied: counts.denied,
      expectedDenials: counts.expectedDenials,
      reconnects: counts.reconnects,
      cpuSeconds: counts.cpuSeconds,
      rssBytes: counts.rssBytes,
      eventLoopLagMs: counts.eventLoopLagMs,
    })
    if (this.samples.length < SAMPLES_MAX) return
    this.samples = this.samples.filter((_, place) => place % 2 === 0)
    this.#every *= 2
  }
}
