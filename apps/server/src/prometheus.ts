/**
 * The parts of the Prometheus client that a server needs from its start, each by its file: the package
 * as a whole brings the figures of the process, summaries and OpenTelemetry's API, a hundred modules.
 */
import { createRequire } from 'node:module'
import type * as Prometheus from 'prom-client'

const require = createRequire(import.meta.url)

export const Counter = require('prom-client/lib/counter.js') as typeof Prometheus.Counter
export const Gauge = require('prom-client/lib/gauge.js') as typeof Prometheus.Gauge
export const Histogram = require('prom-client/lib/histogram.js') as typeof Prometheus.Histogram
export const Registry = require('prom-client/lib/registry.js') as typeof Prometheus.Registry

/**
 * Adds the figures of this process. What is counted, garbage collections say, is counted from now on;
 * but for CPU time, which the process knows from its start.
 */
export function collectProcess(registry: Prometheus.Registry, prefix: string): void {
  const { collectDefaultMetrics } = require('prom-client') as typeof Prometheus
  collectDefaultMetrics({ register: registry, prefix })
  const { system, user } = process.cpuUsage()
  const before = { user, system, '': user + system }
  for (const [kind, microseconds] of Object.entries(before)) {
    const name = `${prefix}process_cpu_${kind === '' ? '' : `${kind}_`}seconds_total`
    const counter = registry.getSingleMetric(name) as Prometheus.Counter | undefined
    counter?.inc(microseconds / 1e6)
  }
}
