/** What a run measured, judged by thresholds as k6 judges. */

interface Sample {
  readonly metric: string
  readonly value: number
  readonly atMs: number
}

/** Metrics of a run, as they come. */
export class Samples {
  readonly #types = new Map<string, { readonly type: string; readonly isTime: boolean }>()
  readonly #all: Sample[] = []
  readonly #awaited = new Map<string, () => void>()

  declare(name: string, type: string, isTime = false): void {
    this.#types.set(name, { type, isTime })
  }

  add(metric: string, value: number): void {
    this.#all.push({ metric, value, atMs: Date.now() })
    this.#awaited.get(metric)?.()
  }

  /** Resolves with the next sample of a metric. */
  next(metric: string): Promise<void> {
    return new Promise((resolve) => this.#awaited.set(metric, resolve))
  }

  values(metric: string): number[] {
    return this.#all.filter((sample) => sample.metric === metric).map(({ value }) => value)
  }

  /** Sum of a counter; 0 when it was never added to. */
  sum(metric: string): number {
    return this.values(metric).reduce((sum, value) => sum + value, 0)
  }

  /** Expressions that do not hold; one of a metric without samples is not looked at. */
  broken(thresholds: Readonly<Record<string, readonly Threshold[]>>): string[] {
    return Object.entries(thresholds).flatMap(([metric, expressions]) => {
      const values = this.values(metric)
      if (values.length === 0) return []
      return expressions
        .map((one) => (typeof one === 'string' ? one : one.threshold))
        .filter((expression) => !holds(expression, values))
        .map((expression) => `${metric}: ${expression}`)
    })
  }

  /** Lines of `--out json`. */
  lines(tags: Readonly<Record<string, string>>): string[] {
    const told = new Set<string>()
    return this.#all.flatMap(({ metric, value, atMs }) => {
      const time = new Date(atMs).toISOString()
      const point = { metric, type: 'Point', data: { time, value, tags } }
      if (told.has(metric)) return [JSON.stringify(point)]
      told.add(metric)
      const { type = 'counter', isTime = false } = this.#types.get(metric) ?? {}
      const contains = isTime ? 'time' : 'default'
      const data = { name: metric, type, contains, thresholds: [], submetrics: null }
      return [JSON.stringify({ type: 'Metric', data, metric }), JSON.stringify(point)]
    })
  }
}

/** As a script writes one. */
export type Threshold = string | { readonly threshold: string }

function holds(expression: string, values: readonly number[]): boolean {
  const found = /^(rate|count|p\((\d+)\))(<=|>=|<|>)([\d.]+)$/.exec(expression)
  if (found === null) throw new Error(`the stand-in does not know the threshold ${expression}`)
  const [, what, percent, sign, bound] = found
  const sum = values.reduce((total, value) => total + value, 0)
  const value =
    what === 'count'
      ? sum
      : what === 'rate'
        ? sum / values.length
        : percentile(values, Number(percent))
  const limit = Number(bound)
  return sign === '<='
    ? value <= limit
    : sign === '<'
      ? value < limit
      : sign === '>'
        ? value > limit
        : value >= limit
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0
}
