/** Counts requests in k6's metrics: denials apart from errors. */
import { Counter, Rate, Trend } from 'k6/metrics'
import { METRICS } from './metric-names.ts'
import type { Outcome } from './outcome.ts'

const sentRequests = new Counter(METRICS.sent)
const outcomes: Readonly<Record<Outcome, Counter>> = {
  allowed: new Counter(METRICS.allowed),
  deniedExpected: new Counter(METRICS.deniedExpected),
  deniedUnexpected: new Counter(METRICS.deniedUnexpected),
  allowedUnexpected: new Counter(METRICS.allowedUnexpected),
  throttled: new Counter(METRICS.throttled),
  errors: new Counter(METRICS.errors),
  timeouts: new Counter(METRICS.timeouts),
}
const failed = new Rate(METRICS.failed)
const answerMs = new Trend(METRICS.answerMs, true)
const notOfferedRequests = new Counter(METRICS.notOffered)
const lifecycles = new Counter(METRICS.lifecycles)
const lifecycleMs = new Trend(METRICS.lifecycleMs, true)
const deliveries = new Counter(METRICS.delivered)
const deliveryMs = new Trend(METRICS.deliveryMs, true)

/** A request leaves. */
export function sent(): void {
  sentRequests.add(1)
}

/**
 * A request has ended.
 *
 * @param latencyMs - from request to answer; counts only when it went as it was to
 */
export function settled(outcome: Outcome, latencyMs: number): void {
  outcomes[outcome].add(1)
  const asMeant = outcome === 'allowed' || outcome === 'deniedExpected'
  failed.add(!asMeant)
  if (asMeant) answerMs.add(latencyMs)
}

/** Requests of the pace that will never be sent. */
export function notOffered(count: number): void {
  if (count > 0) notOfferedRequests.add(count)
}

/** A job has succeeded. */
export function lifecycle(latencyMs: number): void {
  lifecycles.add(1)
  lifecycleMs.add(latencyMs)
}

/** A message came back. */
export function delivered(latencyMs: number): void {
  deliveries.add(1)
  deliveryMs.add(latencyMs)
}
