/** Whether a server stays as it is over a long run: its memory, its file, what it holds open, its latency. */
import { LatencyHistogram } from './latency-histogram.ts'
import {
  steadyGrowth,
  type SteadyBound,
  type SteadyGrowth,
  type SteadyVerdict,
} from './steady-growth.ts'

/** What is watched, in the order in which it is told. */
export const steadyMeasures = ['memory', 'file', 'handles', 'latencyP50', 'latencyP99'] as const
export type SteadyMeasure = (typeof steadyMeasures)[number]

/** What a long run says of a server; null what it did not tell, or not often enough. */
export interface Steadiness extends Readonly<Record<SteadyMeasure, SteadyGrowth | null>> {
  /** `grows` when anything does; `steady` when everything that is told is. */
  readonly verdict: SteadyVerdict
}

/** What a server uses at a moment. */
export interface SteadyUse {
  /** Resident, of its process. */
  readonly rssBytes: number
  /** Of its database with the log; undefined where it does not tell. */
  readonly fileBytes: number | undefined
  /** Files and sockets; undefined where it does not tell. */
  readonly openHandles: number | undefined
}

const MIB = 1_048_576
/** Growth an hour that is borne: of latencies a share of what they are, but never less than what others cause. */
const BOUNDS: Readonly<Record<SteadyMeasure, SteadyBound>> = {
  memory: { perHourMax: 32 * MIB, least: 16 * MIB },
  file: { perHourMax: 16 * MIB, least: 8 * MIB },
  handles: { perHourMax: 30, least: 10 },
  latencyP50: { perHourMax: (meanMs) => Math.max(5, meanMs / 10), least: 5 },
  latencyP99: { perHourMax: (meanMs) => Math.max(50, meanMs / 2), least: 50 },
}
/** So many windows of latencies a run; below a second a window is too few answers to say. */
const WINDOWS = 120
const WINDOW_SECONDS_MIN = 1
/** A longer run is thinned out, not cut. */
const SAMPLES_MAX = 4000

/** Keeps what a judgement of {@link Steadiness} needs, within bounds. */
export class SteadyRecord {
  readonly #windowSeconds: number
  readonly #samples: Record<SteadyMeasure, (readonly [number, number])[]> = {
    memory: [],
    file: [],
    handles: [],
    latencyP50: [],
    latencyP99: [],
  }
  #window = new LatencyHistogram()
  #windowBeganAt: number | undefined

  /** @param seconds - how long the run will be, more or less */
  constructor(seconds: number) {
    this.#windowSeconds = Math.max(WINDOW_SECONDS_MIN, seconds / WINDOWS)
  }

  /** What the server uses. */
  use(seconds: number, { fileBytes, openHandles, rssBytes }: SteadyUse): void {
    this.#add('memory', seconds, rssBytes)
    if (fileBytes !== undefined) this.#add('file', seconds, fileBytes)
    if (openHandles !== undefined) this.#add('handles', seconds, openHandles)
  }

  /** How long answers took that came since the last call. */
  latencies(seconds: number, recent: LatencyHistogram): void {
    this.#windowBeganAt ??= seconds
    this.#window.add(recent)
    if (seconds - this.#windowBeganAt < this.#windowSeconds) return
    const [p50, p99] = [this.#window.percentile(0.5), this.#window.percentile(0.99)]
    if (p50 !== undefined) this.#add('latencyP50', seconds, p50)
    if (p99 !== undefined) this.#add('latencyP99', seconds, p99)
    this.#window = new LatencyHistogram()
    this.#windowBeganAt = seconds
  }

  judge(): Steadiness {
    const of = (measure: SteadyMeasure): SteadyGrowth | null =>
      steadyGrowth(this.#samples[measure], BOUNDS[measure]) ?? null
    const all = {
      memory: of('memory'),
      file: of('file'),
      handles: of('handles'),
      latencyP50: of('latencyP50'),
      latencyP99: of('latencyP99'),
    }
    const verdicts = Object.values(all).flatMap((one) => (one === null ? [] : [one.verdict]))
    const isSteady = verdicts.length > 0 && verdicts.every((verdict) => verdict === 'steady')
    const verdict = verdicts.includes('grows') ? 'grows' : isSteady ? 'steady' : 'unclear'
    return { verdict, ...all }
  }

  #add(measure: SteadyMeasure, seconds: number, amount: number): void {
    const samples = this.#samples[measure]
    samples.push([seconds, amount])
    if (samples.length < SAMPLES_MAX) return
    this.#samples[measure] = samples.filter((_, place) => place % 2 === 0)
  }
}
