/** What remains of a run: one line of figures for each shard, and one for all of them. */

/** A metric in the data that k6 hands to `handleSummary`. */
interface Metric {
  readonly values: Readonly<Record<string, number>>
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>
}

/** As much of k6's summary data as is read here. */
export interface SummaryData {
  readonly metrics: Readonly<Record<string, Metric>>
  readonly state?: { readonly testRunDurationMs: number }
}

/** One k6 process's run. */
export interface ShardSummary {
  readonly thingName: string
  readonly requests: number
  /** Share of requests that failed, 0 to 1. */
  readonly failed: number
  readonly completedJobs: number
  readonly seconds: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** Whether every threshold held. */
  readonly ok: boolean
}

/** All shards together. Percentiles do not add up, so those of the worst shard stand here. */
export interface RunSummary {
  readonly shards: number
  readonly requests: number
  readonly requestsPerSecond: number
  readonly failed: number
  readonly completedJobs: number
  readonly worstP50Ms: number
  readonly worstP95Ms: number
  readonly worstP99Ms: number
  readonly ok: boolean
}

/** Metrics that the scripts record, by what they mean. */
export const metricNames = {
  answerMs: 'jobs_answer_ms',
  failed: 'jobs_failed',
  completed: 'jobs_completed',
} as const

/** Percentiles that the scripts ask k6 for. */
export const trendStats: string[] = ['avg', 'min', 'med', 'max', 'p(95)', 'p(99)']

/** Reads one shard's figures; what k6 did not measure counts as nothing. */
export function shardSummary(thingName: string, data: SummaryData): ShardSummary {
  const value = (metric: string, name: string): number => data.metrics[metric]?.values[name] ?? 0
  const failed = data.metrics[metricNames.failed]?.values
  return {
    thingName,
    requests: (failed?.['passes'] ?? 0) + (failed?.['fails'] ?? 0),
    failed: failed?.['rate'] ?? 0,
    completedJobs: value(metricNames.completed, 'count'),
    seconds: (data.state?.testRunDurationMs ?? 0) / 1000,
    p50Ms: value(metricNames.answerMs, 'med'),
    p95Ms: value(metricNames.answerMs, 'p(95)'),
    p99Ms: value(metricNames.answerMs, 'p(99)'),
    ok: Object.values(data.metrics).every((metric) =>
      Object.values(metric.thresholds ?? {}).every((threshold) => threshold.ok),
    ),
  }
}

/** Whether a file that a shard left holds its figures. */
export function isShardSummary(value: unknown): value is ShardSummary {
  const has = (name: keyof ShardSummary, type: string): boolean =>
    typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === type
  return has('thingName', 'string') && has('requests', 'number') && has('ok', 'boolean')
}

/** Adds shards up. No shard at all is not a success. */
export function runSummary(shards: readonly ShardSummary[]): RunSummary {
  const sum = (pick: (shard: ShardSummary) => number): number =>
    shards.reduce((total, shard) => total + pick(shard), 0)
  const worst = (pick: (shard: ShardSummary) => number): number => Math.max(0, ...shards.map(pick))
  const requests = sum((shard) => shard.requests)
  const seconds = worst((shard) => shard.seconds)
  return {
    shards: shards.length,
    requests,
    requestsPerSecond: seconds === 0 ? 0 : requests / seconds,
    failed: requests === 0 ? 0 : sum((shard) => shard.failed * shard.requests) / requests,
    completedJobs: sum((shard) => shard.completedJobs),
    worstP50Ms: worst((shard) => shard.p50Ms),
    worstP95Ms: worst((shard) => shard.p95Ms),
    worstP99Ms: worst((shard) => shard.p99Ms),
    ok: shards.length > 0 && shards.every((shard) => shard.ok),
  }
}
