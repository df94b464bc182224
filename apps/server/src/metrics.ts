/** Prometheus metrics of a server, all under `muster_`. */
import type { BrokerCounts } from '@muster/broker'
import type { Store } from '@muster/store'
import type { Counter as AnyCounter, Gauge as AnyGauge, Registry as AnyRegistry } from 'prom-client'
import type { AllowedCounts } from './decisions/allowed-counts.ts'
import type { GatewayView } from './gateways/gateway-hub.ts'
import type { Health } from './health.ts'
import type { Machine } from './machine.ts'
import type { HttpsPrincipals } from './listeners/https-principals.ts'
import { OperationSeconds } from './operation-seconds.ts'
import { Counter, Gauge, Histogram, Registry } from './prometheus.ts'

/** Figures that the broker keeps. */
export interface MeteredBroker {
  readonly connectionCount: number
  readonly principalCount: number
  hasPrincipal(principalId: string): boolean
  readonly sessionCount: number
  readonly retainedCount: number
  readonly waiting: { readonly deliveries: number; readonly bytes: number }
  /** Totals by name since the start. */
  readonly counts: Readonly<Record<keyof BrokerCounts, number>>
}

/** What keeps figures of its own; they are read when metrics are asked for. */
export interface MeteredParts {
  readonly broker: MeteredBroker
  readonly store: Pick<Store, 'jobCounts' | 'fileBytes'>
  readonly allowed: Pick<AllowedCounts, 'entries'>
  readonly httpsPrincipals: Pick<HttpsPrincipals, 'ids'>
}

/** How an operation of AWS came. */
export type MeteredProtocol = 'http' | 'mqtt'

/** An operation of AWS that was answered. */
export interface MeteredOperation {
  readonly service: string
  readonly operation: string
  /** Of HTTP; over MQTT what it would be there. */
  readonly status: number
  readonly durationMs: number
}

/** What the server tells as it happens, and the text of it all. */
export interface Metrics {
  /** Adds the figures that others keep; once. */
  meter(parts: MeteredParts): void
  denied(action: string, effect: string): void
  answered(protocol: MeteredProtocol, operation: MeteredOperation): void
  committed(durationMs: number): void
  /** Adds the figures of a store that a database elsewhere confirms; once. */
  meterStore(read: () => { readonly epoch: number; readonly unconfirmed: number }): void
  /** The database confirmed a transaction. */
  confirmed(durationMs: number, turns: number): void
  /** @param count - how many; 1 where nothing is said */
  handshake(listener: string, result: string, count?: number): void
  /** Adds the figures of a core's gateways; once. */
  meterGateways(gateways: () => readonly GatewayView[]): void
  text(): Promise<string>
}

/** Makes the metrics of one server; several in one process do not mix. */
export function serverMetrics(
  health: Pick<Health, 'troubles' | 'failedTotal'>,
  machine: Pick<Machine, 'meterProcess'>,
): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const figures = figuresIn(registry)
  figures.gauge('muster_set_aside', 'Parts that failed and are set aside', () => {
    return health.troubles.length
  })
  figures.counter('muster_failures_total', 'Failures of parts that are then set aside', () => {
    return health.failedTotal
  })
  const denied = new Counter({
    name: 'muster_denied_total',
    help: 'Denied actions by action and effect',
    labelNames: ['action', 'effect'],
    registers,
  })
  const operations = new OperationSeconds(registry)
  const committed = new Histogram({
    name: 'muster_commit_seconds',
    help: 'Durable commits, each for all requests of a turn',
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.2],
    registers,
  })
  let isProcessMetered = false
  let confirmed = (_durationMs: number, _turns: number): void => {}
  const handshakes = new Counter({
    name: 'muster_tls_handshakes_total',
    help: 'TLS handshakes by listener and result',
    labelNames: ['listener', 'result'],
    registers,
  })
  return {
    meter: (parts) => meterParts(figures, parts),
    denied: (action, effect) => denied.inc({ action, effect }),
    answered: (protocol, operation) => operations.observe(protocol, operation),
    committed: (durationMs) => committed.observe(durationMs / 1000),
    meterStore: (read) => {
      figures.gauge('muster_store_epoch', 'Which leader of its database this is', () => {
        return read().epoch
      })
      const waiting = 'Turns that the database has not confirmed: nobody was told of them'
      figures.gauge('muster_store_unconfirmed_turns', waiting, () => read().unconfirmed)
      confirmed = confirmations(registry)
    },
    confirmed: (durationMs, turns) => confirmed(durationMs, turns),
    handshake: (listener, result, count = 1) => handshakes.inc({ listener, result }, count),
    meterGateways: (gateways) => meterGateways(figures, gateways),
    text: () => {
      if (!isProcessMetered) machine.meterProcess(registry)
      isProcessMetered = true
      return registry.metrics()
    },
  }
}

/** Transactions of the database, with the turns that gathered for each. */
function confirmations(registry: AnyRegistry): Metrics['confirmed'] {
  const seconds = new Histogram({
    name: 'muster_store_confirm_seconds',
    help: 'Transactions of the database, from sending to the answer',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.2, 1],
    registers: [registry],
  })
  const turns = new Counter({
    name: 'muster_store_turns_total',
    help: 'Turns that the database has confirmed',
    registers: [registry],
  })
  return (durationMs, more) => {
    seconds.observe(durationMs / 1000)
    turns.inc(more)
  }
}

function meterParts({ gauge, family }: Figures, parts: MeteredParts): void {
  const { allowed, broker, httpsPrincipals, store } = parts
  gauge('muster_connections', 'Open MQTT connections', () => broker.connectionCount)
  const distinct = 'Certificates and access keys that have one, or a connection over HTTPS'
  gauge('muster_distinct_principals', distinct, () => {
    const more = [...httpsPrincipals.ids()].filter((id) => !broker.hasPrincipal(id))
    return broker.principalCount + more.length
  })
  gauge('muster_sessions', 'MQTT sessions, absent clients included', () => broker.sessionCount)
  gauge('muster_retained_messages', 'Retained messages', () => broker.retainedCount)
  gauge('muster_waiting_deliveries', 'QoS 1 deliveries, waiting or in flight', () => {
    return broker.waiting.deliveries
  })
  gauge('muster_waiting_bytes', 'Bytes of the messages behind them, each once', () => {
    return broker.waiting.bytes
  })
  gauge('muster_rollout_queue', 'Things that wait for their execution of a job', () => {
    return store.jobCounts.queuedTargets
  })
  gauge('muster_database_bytes', 'Size of the database file', () => store.fileBytes.database)
  gauge('muster_database_log_bytes', 'Size of its write-ahead log', () => store.fileBytes.log)
  family(Gauge, 'muster_job_executions', 'Job executions by status', 'status', () => {
    return store.jobCounts.executions
  })
  family(Counter, 'muster_broker_total', 'Broker totals since the start, by kind', 'kind', () => {
    return Object.entries(broker.counts)
  })
  family(Counter, 'muster_allowed_total', 'Allowed actions by action', 'action', () => {
    return allowed.entries()
  })
}

function meterGateways({ family }: Figures, gateways: () => readonly GatewayView[]): void {
  const each = (read: (gateway: GatewayView) => number) => () =>
    gateways().map((gateway) => [gateway.name, read(gateway)] as const)
  const connections = 'Open connections of clients at each gateway, of any protocol'
  family(
    Gauge,
    'muster_gateway_connections',
    connections,
    'gateway',
    each((one) => one.connections),
  )
  const resident = 'Resident memory of each gateway'
  family(
    Gauge,
    'muster_gateway_resident_bytes',
    resident,
    'gateway',
    each((one) => one.figures?.residentBytes ?? 0),
  )
  const cpu = 'CPU time that each gateway has used'
  family(
    Counter,
    'muster_gateway_cpu_seconds_total',
    cpu,
    'gateway',
    each((one) => one.figures?.cpuSeconds ?? 0),
  )
}

/** Metrics whose values somebody else keeps. */
interface Figures {
  gauge(name: string, help: string, read: () => number): void
  /** @param read - a total that only grows */
  counter(name: string, help: string, read: () => number): void
  /** One for each value of a label. */
  family(
    kind: typeof Gauge | typeof Counter,
    name: string,
    help: string,
    label: string,
    read: () => Iterable<readonly [string, number]>,
  ): void
}

function figuresIn(registry: AnyRegistry): Figures {
  const registers = [registry]
  const family: Figures['family'] = (kind, name, help, label, read) => {
    // A counter can only be added to: from nothing, what it is comes out.
    const metric = new kind({
      name,
      help,
      labelNames: [label],
      registers,
      collect() {
        metric.reset()
        for (const [value, total] of read()) metric.inc({ [label]: value }, total)
      },
    })
  }
  return {
    family,
    gauge: (name, help, read) => {
      const metric: AnyGauge = new Gauge({
        name,
        help,
        registers,
        collect: () => metric.set(read()),
      })
    },
    counter: (name, help, read) => {
      const metric: AnyCounter = new Counter({
        name,
        help,
        registers,
        collect: () => {
          metric.reset()
          metric.inc(read())
        },
      })
    },
  }
}
