/** What a run came to: the JSON line, and what pages and comparisons are made of. */
import type { LatencyHistogram, Steadiness } from '@muster/fleet'
import type { LoadPath } from '../catalogue.ts'
import type { ProfileName } from '../load-profile.ts'
import type { Sums, Tally } from '../tally.ts'
import type { Verdict } from '../thresholds/judge.ts'

/** How long answers took, milliseconds from when they were to be asked for; null: there were none. */
export interface Latencies {
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly max: number | null
}

/** What thresholds are held against, of a stage or of a run. */
export interface Figures extends Readonly<Sums> {
  readonly seconds: number
  readonly offeredPerSecond: number
  readonly answeredPerSecond: number
  /** Deliveries that did not come. */
  readonly undelivered: number
  readonly latencyMs: Latencies
  /** By what they are of: decisions, deliveries, changes. */
  readonly latenciesMs: Readonly<Record<string, Latencies & { readonly count: number }>>
  readonly kinds: Readonly<Record<string, number>>
}

/** One part of a run. */
export interface StageSummary extends Figures {
  readonly name: string
  readonly perSecond: number
  /** Of one core, 0 to 1 and beyond; null where the server does not tell. */
  readonly serverCpu: number | null
  readonly generatorCpu: number
  readonly loopLagMsP99: number
  /** With `stress`: what broke, empty when everything held. */
  readonly broke?: readonly string[]
}

/** Where a server gives out. */
export interface Knee {
  /** The highest rate that held; 0 when not even the first did. */
  readonly perSecond: number
  /** The lowest that did not; null when none was found. */
  readonly brokePerSecond: number | null
  readonly broke: readonly string[]
  readonly gaveOut: string
}

/** A whole run. */
export interface LoadSummary extends Figures {
  readonly ok: boolean
  readonly scenario: string
  readonly path: LoadPath | 'both' | 'none'
  readonly profile: ProfileName
  readonly closed: boolean
  readonly devices: number
  /** Distinct principals that the server saw; null where it does not tell. */
  readonly principals: number | null
  /** Decisions a second as the server counted them; null where it does not tell. */
  readonly decisionsPerSecond: { readonly allowed: number; readonly denied: number } | null
  readonly generator: {
    readonly processes: number
    readonly cpuSeconds: number
    readonly loopLagMsP99: number
    readonly bytesPerDevice: number
  }
  readonly server: {
    readonly cpuSeconds: number
    readonly rssBytes: number
  } | null
  /** With `soak`: whether memory, file, handles and latency stayed as they were. */
  readonly steadiness?: Steadiness
  readonly stages: readonly StageSummary[]
  readonly knee?: Knee
  /** Why the run ended before its time. */
  readonly endedEarly?: string
  readonly thresholds: readonly Verdict[]
  /** What is not as it should be, one sentence each. */
  readonly failures: readonly string[]
}

/** The figures of a tally. */
export function figuresOf(tally: Tally, seconds: number): Figures {
  const { kinds, latencies, sums } = tally
  const perSecond = (count: number): number =>
    seconds > 0 ? Math.round((count / seconds) * 10) / 10 : 0
  const named = [...latencies].filter(([name]) => name !== 'all')
  return {
    ...sums,
    seconds: Math.round(seconds * 100) / 100,
    offeredPerSecond: perSecond(sums.offered),
    answeredPerSecond: perSecond(sums.answered),
    undelivered: sums.deliveriesDue - sums.delivered,
    latencyMs: latenciesOf(latencies.get('all')),
    latenciesMs: Object.fromEntries(
      named.map(([name, all]) => [name, { count: all.count, ...latenciesOf(all) }]),
    ),
    kinds: { ...kinds },
  }
}

function latenciesOf(histogram: LatencyHistogram | undefined): Latencies {
  const at = (share: number): number | null => histogram?.percentile(share) ?? null
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}
