/**
 * How long operations took, as a Prometheus histogram. The client's own `Histogram` sorts, checks and
 * joins four labels for each observation, a tenth of what a `jobs/get` costs (`bench metrics`); here an
 * operation's figures are found by its words, and are what the client writes.
 */
import type { Metric, Registry } from 'prom-client'
import type { MeteredOperation, MeteredProtocol } from './metrics.ts'

const NAME = 'muster_operation_seconds'
const HELP = 'AWS operations by service, name, protocol and HTTP status, or what it would be'
/** Upper bounds, seconds. */
export const OPERATION_BUCKETS = [0.001, 0.005, 0.02, 0.1, 0.5, 2] as const

/** Of one operation, protocol and status. */
interface Figures {
  readonly labels: Readonly<Record<string, string | number>>
  /** Observations up to each bound and above the one before it; the last is above all. */
  readonly counts: number[]
  sumSeconds: number
}

/** A sample of a metric: its labels and those of all samples of an operation are written one after the other. */
interface Sample {
  readonly metricName: string
  readonly labels: Readonly<Record<string, string | number>>
  readonly sharedLabels: Readonly<Record<string, string | number>>
  readonly value: number
}

/** Durations by service, operation, protocol and status, of which there are some hundred. */
export class OperationSeconds {
  readonly #all: Figures[] = []
  readonly #byService = new Map<string, Map<string, Map<MeteredProtocol, Map<number, Figures>>>>()

  /** @param registry - writes it among its metrics */
  constructor(registry: Registry) {
    const metric = { name: NAME, get: () => Promise.resolve(this.#told()) }
    // The client takes whatever has a name and can be asked; its types name its own classes only.
    registry.registerMetric(metric as unknown as Metric)
  }

  /** Counts an operation that was answered. */
  observe(protocol: MeteredProtocol, operation: MeteredOperation): void {
    const figures = this.#figures(protocol, operation)
    const seconds = operation.durationMs / 1000
    figures.sumSeconds += seconds
    let at = 0
    while (seconds > (OPERATION_BUCKETS[at] ?? Infinity)) at += 1
    figures.counts[at] = (figures.counts[at] ?? 0) + 1
  }

  #figures(protocol: MeteredProtocol, { service, operation, status }: MeteredOperation): Figures {
    const operations = kept(this.#byService, service, () => new Map())
    const protocols = kept(operations, operation, () => new Map())
    const statuses = kept(protocols, protocol, () => new Map())
    return kept(statuses, status, () => {
      const labels = { service, operation, protocol, status }
      const counts = Array.from({ length: OPERATION_BUCKETS.length + 1 }, () => 0)
      const figures = { labels, counts, sumSeconds: 0 }
      this.#all.push(figures)
      return figures
    })
  }

  #told(): { name: string; help: string; type: string; values: readonly Sample[] } {
    return { name: NAME, help: HELP, type: 'histogram', values: this.#all.flatMap(samples) }
  }
}

function samples({ labels: sharedLabels, counts, sumSeconds }: Figures): readonly Sample[] {
  let upTo = 0
  const buckets = counts.map((count, at) => {
    upTo += count
    const labels = { le: OPERATION_BUCKETS[at] ?? '+Inf' }
    return { metricName: `${NAME}_bucket`, labels, sharedLabels, value: upTo }
  })
  return [
    ...buckets,
    { metricName: `${NAME}_sum`, labels: {}, sharedLabels, value: sumSeconds },
    { metricName: `${NAME}_count`, labels: {}, sharedLabels, value: upTo },
  ]
}

function kept<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}
