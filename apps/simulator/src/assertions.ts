/**
 * What must be true at the end of a run.
 */
import type { RunPlan } from './run-plan.ts'
import { plannedDenials, type PlannedOutcomes } from './scenario/device-plan.ts'
import type { Assertion, Metric } from './scenario/scenario.ts'
import type { LatencySummary, Summary, Verdict } from './summary.ts'

/** What every run must come to unless the scenario says otherwise. */
const DEFAULTS: readonly Assertion[] = [
  { metric: 'connected', equals: 'planned' },
  { metric: 'unexpectedDenials', equals: 0 },
  { metric: 'undenied', equals: 0 },
]

/** A summary that has not been judged. */
export type UnjudgedSummary = Omit<Summary, 'ok' | 'failures' | 'assertions'>

/**
 * Judges a run.
 *
 * @param plannedJobs - what the jobs should come to, those of all shards together
 * @returns a verdict for each bound of each assertion, in the scenario's order
 */
export function judge(
  plan: RunPlan,
  plannedJobs: PlannedOutcomes,
  summary: UnjudgedSummary,
): Verdict[] {
  return (plan.scenario.assertions ?? DEFAULTS).flatMap((assertion) => {
    const { metric, equals, atLeast, atMost, below } = assertion
    const found = valueOf(metric, summary)
    const number = typeof found === 'number' ? found : Number.NaN
    const verdicts: Verdict[] = []
    const bound = (wanted: string, held: boolean): void =>
      void verdicts.push({ metric, wanted, found, held })
    if (equals !== undefined) {
      const isPlanned = equals === 'planned'
      const wanted = isPlanned ? plannedValue(metric, plan, plannedJobs, summary) : equals
      bound(String(wanted), found === wanted)
    }
    if (atLeast !== undefined) bound(`at least ${atLeast}`, number >= atLeast)
    if (atMost !== undefined) bound(`at most ${atMost}`, number <= atMost)
    if (below !== undefined) bound(`below ${below}`, number < below)
    return verdicts
  })
}

/** A verdict that does not hold, as a sentence. */
export function verdictText({ found, metric, wanted }: Verdict): string {
  return `${metric} is ${found}, expected ${wanted}`
}

/** Metrics whose number is a percentile, by what they begin with. */
const LATENCIES: Readonly<
  Record<string, (summary: UnjudgedSummary) => LatencySummary | undefined>
> = {
  notifyToSuccessMs: (summary) => summary.notifyToSuccessMs,
  publishToAckMs: (summary) => summary.messages?.publishToAckMs,
  publishToDeliveryMs: (summary) => summary.messages?.publishToDeliveryMs,
}

/** Metrics that count messages. */
const MESSAGES = {
  messagesSent: 'sent',
  messagesAcknowledged: 'acknowledged',
  messagesRefused: 'refused',
  messagesLost: 'lost',
  messagesNotSent: 'notSent',
  messagesDelivered: 'delivered',
} as const

function valueOf(metric: Metric, summary: UnjudgedSummary): number | string | null {
  const [, latency = '', percentile = ''] = /^(\w+Ms)(P50|P95|P99)$/.exec(metric) ?? []
  const latencies = LATENCIES[latency]?.(summary)
  if (latencies !== undefined) return latencies[percentile.toLowerCase() as 'p50' | 'p95' | 'p99']
  if (metric in MESSAGES) {
    return summary.messages?.[MESSAGES[metric as keyof typeof MESSAGES]] ?? null
  }
  switch (metric) {
    case 'unexpectedDenials':
      return summary.denied
    case 'rounds':
      return summary.soak?.rounds ?? null
    case 'memoryGrowthMibPerHour': {
      const bytes = summary.soak?.rssGrowthBytesPerHour ?? null
      return bytes === null ? null : Math.round(bytes / 10_485.76) / 100
    }
    default:
      return (summary as unknown as Readonly<Record<string, number | string>>)[metric] ?? null
  }
}

/** Executions are counted by the service, for all shards; the rest by this shard's devices. */
function plannedValue(
  metric: Metric,
  { mine }: RunPlan,
  plannedJobs: PlannedOutcomes,
  { messages }: UnjudgedSummary,
): number | null {
  switch (metric) {
    case 'connected':
      return mine.length
    case 'succeeded':
    case 'failed':
    case 'rejected':
    case 'timedOut':
      return plannedJobs[metric]
    case 'expectedDenials':
      return plannedDenials(mine)
    case 'messagesAcknowledged':
      return messages?.sentQos1 ?? 0
    case 'messagesDelivered':
      return messages?.deliveriesDue ?? 0
    default:
      return 0
  }
}
