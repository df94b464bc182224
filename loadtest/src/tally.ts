/**
 * What came of the requests of one stage of a run. Sums and histograms add up across processes.
 *
 * offered = sent + notOffered; sent = answered + errors + timeouts + what is under way; answered =
 * allowed + deniedExpected + deniedUnexpected + allowedUnexpected + throttled.
 */
import { LatencyHistogram } from '@muster/fleet'

/** What a request should be answered. */
export type Expectation = 'allowed' | 'denied'
/** What it was answered. */
export type Decision = 'allowed' | 'denied' | 'throttled'

/** The sums, by name. */
export interface Sums {
  /** Arrivals that fell due. */
  offered: number
  sent: number
  answered: number
  allowed: number
  deniedExpected: number
  deniedUnexpected: number
  /** What should have been denied and was not. */
  allowedUnexpected: number
  throttled: number
  /** No answer: refused connections, lost ones, failures of the server. */
  errors: number
  timeouts: number
  /** Arrivals that fell due and were not sent: no device was free, or this generator was late. */
  notOffered: number
  /** Messages that others had to receive, and those that they did. */
  deliveriesDue: number
  delivered: number
  /** Messages and requests sent, those beside the load included. */
  messages: number
}

/** A tally as sent between processes. */
export interface TallyData {
  readonly sums: Readonly<Sums>
  /** By what was asked and what came of it. */
  readonly kinds: Readonly<Record<string, number>>
  /** `LatencyHistogram.encoded` by name; `all` is every answer, from when it was to be asked. */
  readonly latencies: Readonly<Record<string, string>>
}

/** Kinds that are told apart; more are counted together. */
const KINDS_MAX = 60

const nothing = (): Sums => ({
  offered: 0,
  sent: 0,
  answered: 0,
  allowed: 0,
  deniedExpected: 0,
  deniedUnexpected: 0,
  allowedUnexpected: 0,
  throttled: 0,
  errors: 0,
  timeouts: 0,
  notOffered: 0,
  deliveriesDue: 0,
  delivered: 0,
  messages: 0,
})

/** Counts as it happens. */
export class Tally {
  readonly sums: Sums = nothing()
  readonly kinds: Record<string, number> = {}
  readonly latencies: Map<string, LatencyHistogram> = new Map()
  /** When what is counted here began to be offered, by `machineMs`. */
  readonly beganAtMs: number

  constructor(beganAtMs = 0) {
    this.beganAtMs = beganAtMs
  }

  /** An answer, `latencyMs` after it was to be asked for. */
  answered(kind: string, expected: Expectation, got: Decision, latencyMs: number): void {
    const { sums } = this
    sums.answered++
    if (got === 'throttled') sums.throttled++
    else if (got === 'allowed' && expected === 'allowed') sums.allowed++
    else if (got === 'allowed') sums.allowedUnexpected++
    else if (expected === 'denied') sums.deniedExpected++
    else sums.deniedUnexpected++
    this.count(`${kind} ${got}`)
    this.latency('all', latencyMs)
    this.latency(got, latencyMs)
  }

  /** No answer, and why. */
  failed(kind: string, why: string, times = 1): void {
    this.sums.errors += times
    this.count(`${kind}: ${why}`, times)
  }

  timedOut(kind: string, times = 1): void {
    this.sums.timeouts += times
    this.count(`${kind} timed out`, times)
  }

  /** Counts something under a name. */
  count(kind: string, times = 1): void {
    if (times === 0) return
    const known = kind in this.kinds || Object.keys(this.kinds).length < KINDS_MAX
    const key = known ? kind : 'others'
    this.kinds[key] = (this.kinds[key] ?? 0) + times
  }

  /** Records a latency under a name. */
  latency(name: string, latencyMs: number): void {
    let histogram = this.latencies.get(name)
    if (histogram === undefined) {
      histogram = new LatencyHistogram()
      this.latencies.set(name, histogram)
    }
    histogram.record(latencyMs)
  }

  /** Requests sent of which nothing is known yet. */
  get underWay(): number {
    const { answered, errors, sent, timeouts } = this.sums
    return sent - answered - errors - timeouts
  }

  get data(): TallyData {
    const encoded = [...this.latencies].map(([name, { encoded }]) => [name, encoded] as const)
    return {
      sums: { ...this.sums },
      kinds: { ...this.kinds },
      latencies: Object.fromEntries(encoded),
    }
  }

  add({ kinds, latencies, sums }: TallyData): void {
    for (const name of Object.keys(sums) as (keyof Sums)[]) this.sums[name] += sums[name]
    for (const [kind, times] of Object.entries(kinds)) this.count(kind, times)
    for (const [name, encoded] of Object.entries(latencies)) {
      const more = new LatencyHistogram(encoded)
      const known = this.latencies.get(name)
      if (known === undefined) this.latencies.set(name, more)
      else known.add(more)
    }
  }
}

/** Tallies of several processes or stages as one. */
export function sumOf(parts: readonly TallyData[]): Tally {
  const all = new Tally()
  for (const part of parts) all.add(part)
  return all
}
