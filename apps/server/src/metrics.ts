/** Prometheus metrics of a server, all under `muster_`. */
import type { BrokerCounts } from '@muster/broker'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Health } from './health.ts'

/** Figures that the broker keeps; read when metrics are asked for. */
export interface MeteredBroker {
  readonly connectionCount: number
  readonly sessionCount: number
  readonly retainedCount: number
  readonly waiting: { readonly deliveries: number; readonly bytes: number }
  /** Totals by name since the start. */
  readonly counts: Readonly<Record<keyof BrokerCounts, number>>
}

/** What the server tells as it happens, and the text of it all. */
export interface Metrics {
  /** Adds a broker's figures; once. */
  meter(broker: MeteredBroker): void
  denied(action: string, effect: string): void
  answered(service: string, operation: string, status: number, durationMs: number): void
  committed(durationMs: number): void
  text(): Promise<string>
}

/** Makes the metrics of one server; several in one process do not mix. */
export function serverMetrics(health: Pick<Health, 'troubles' | 'failedTotal'>): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'muster_' })
  const registers = [registry]
  const gauge = (name: string, help: string, read: () => number): void => {
    void new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  }
  gauge('muster_set_aside', 'Parts that failed and are set aside', () => health.troubles.length)
  void new Counter({
    name: 'muster_failures_total',
    help: 'Failures of parts that are then set aside',
    registers,
    collect() {
      this.reset()
      this.inc(health.failedTotal)
    },
  })
  const denied = new Counter({
    name: 'muster_denied_total',
    help: 'Denied actions by action and effect',
    labelNames: ['action', 'effect'],
    registers,
  })
  const answered = new Histogram({
    name: 'muster_operation_seconds',
    help: 'AWS operations by service, name and HTTP status',
    labelNames: ['service', 'operation', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2],
    registers,
  })
  const committed = new Histogram({
    name: 'muster_commit_seconds',
    help: 'Durable commits, each for all requests of a turn',
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.2],
    registers,
  })
  return {
    meter: (broker) => {
      gauge('muster_connections', 'Open MQTT connections', () => broker.connectionCount)
      gauge('muster_sessions', 'MQTT sessions, absent clients included', () => broker.sessionCount)
      gauge('muster_retained_messages', 'Retained messages', () => broker.retainedCount)
      gauge('muster_waiting_deliveries', 'QoS 1 deliveries, waiting or in flight', () => {
        return broker.waiting.deliveries
      })
      gauge('muster_waiting_bytes', 'Bytes of the messages behind them, each once', () => {
        return broker.waiting.bytes
      })
      void new Gauge({
        name: 'muster_broker_total',
        help: 'Broker totals since the start, by kind',
        labelNames: ['kind'],
        registers,
        collect() {
          for (const [kind, total] of Object.entries(broker.counts)) this.set({ kind }, total)
        },
      })
    },
    denied: (action, effect) => denied.inc({ action, effect }),
    answered: (service, operation, status, durationMs) =>
      answered.observe({ service, operation, status }, durationMs / 1000),
    committed: (durationMs) => committed.observe(durationMs / 1000),
    text: () => registry.metrics(),
  }
}
