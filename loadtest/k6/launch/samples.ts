/** Figures from the samples that k6 writes with `--out json`, of one process or of many. */
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { METRICS } from '../scripts/parts/metric-names.ts'

/** Iterations that k6 could not begin at their time: its own metric. */
const DROPPED = 'dropped_iterations'

const COUNTED: ReadonlySet<string> = new Set([...Object.values(METRICS), DROPPED])

/** Sums of counters, and every value of trends, by metric. Adds up across processes. */
export class Samples {
  readonly #sums = new Map<string, number>()
  readonly #values = new Map<string, number[]>()
  #firstMs = Infinity
  #lastMs = -Infinity

  /**
   * Takes in one line of `--out json`.
   *
   * @throws SyntaxError when the line is no JSON
   */
  take(line: string): void {
    // k6 tells a dozen metrics of its own for each request: most lines are none of ours.
    if (!line.includes('"muster_') && !line.includes(DROPPED)) return
    const { type, metric, data } = JSON.parse(line) as {
      readonly type?: string
      readonly metric?: string
      readonly data?: { readonly value?: number; readonly time?: string }
    }
    const value = data?.value
    if (type !== 'Point' || metric === undefined || value === undefined) return
    if (!COUNTED.has(metric)) return
    const atMs = Date.parse(data?.time ?? '')
    this.#firstMs = Math.min(this.#firstMs, atMs)
    this.#lastMs = Math.max(this.#lastMs, atMs)
    if (metric.endsWith('_ms')) this.#valuesOf(metric).push(value)
    else this.#sums.set(metric, this.sum(metric) + value)
  }

  /** Sum of a counter's samples. */
  sum(metric: string): number {
    return this.#sums.get(metric) ?? 0
  }

  /** From the first sample of all to the last; 0 without any. */
  get seconds(): number {
    return Math.max(0, (this.#lastMs - this.#firstMs) / 1000)
  }

  /** Requests that were due and never sent. */
  get notOffered(): number {
    return this.sum(METRICS.notOffered) + this.sum(DROPPED)
  }

  /** Percentiles of all samples of a trend together; undefined without any. */
  percentiles(metric: string): Percentiles | undefined {
    const sorted = this.#valuesOf(metric).toSorted((a, b) => a - b)
    if (sorted.length === 0) return undefined
    const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
  }

  #valuesOf(metric: string): number[] {
    const values = this.#values.get(metric) ?? []
    this.#values.set(metric, values)
    return values
  }
}

/** Milliseconds. */
export interface Percentiles {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/**
 * Adds what a process wrote. A process that was killed leaves the end of its file out; what is there
 * counts.
 *
 * @param file - compressed, as k6 writes a name that ends with `.gz`
 * @returns whether the file was whole
 */
export async function readSamples(file: string, into: Samples): Promise<boolean> {
  const text = new TextDecoder()
  try {
    await pipeline(createReadStream(file), createGunzip(), async (chunks) => {
      let rest = ''
      for await (const chunk of chunks as AsyncIterable<Buffer>) {
        const lines = (rest + text.decode(chunk, { stream: true })).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) into.take(line)
      }
      if (rest !== '') into.take(rest)
    })
    return true
  } catch {
    return false
  }
}
