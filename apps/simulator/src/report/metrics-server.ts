/**
 * Prometheus metrics of a run while it lasts.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Gauge, Registry } from 'prom-client'
import type { Progress } from '../summary.ts'
import { MESSAGE_SUMS } from '../worker/message-tally.ts'

/** A listener at `/metrics` on 127.0.0.1. */
export interface MetricsServer {
  readonly port: number
  readonly show: (progress: Progress) => void
  close(): Promise<void>
}

/**
 * Starts the listener.
 *
 * @param port - 0 for a free one
 * @throws the system's error when the port is taken
 */
export async function startMetrics(port: number, host = '127.0.0.1'): Promise<MetricsServer> {
  const registry = new Registry()
  const gauge = (name: string, help: string, labelNames: string[] = []): Gauge =>
    new Gauge({ name: `muster_fleet_${name}`, help, labelNames, registers: [registry] })
  const devices = gauge('devices', 'devices of this run')
  const connected = gauge('connected', 'devices connected now')
  const reconnects = gauge('reconnects', 'connections after the first')
  const executions = gauge('executions', 'job executions as the service counts them', ['status'])
  const denials = gauge('denials', 'denials that devices saw', ['reason'])
  const expected = gauge('expected_denials', 'denials that the scenario calls for')
  const refusals = gauge('refusals', 'Jobs requests that the service refused', ['request'])
  const errors = gauge('errors', 'other failures that devices saw', ['kind'])
  const latency = gauge('notify_to_success_ms', 'from notify-next to SUCCEEDED', ['quantile'])
  const messages = gauge('messages', 'what devices published and heard beside jobs', ['outcome'])
  const delivery = gauge('publish_to_delivery_ms', 'from sent to a subscriber', ['quantile'])
  const cpu = gauge('generator_cpu_seconds', 'CPU that the worker processes used')
  const rss = gauge('generator_rss_bytes', 'memory of the worker processes')
  const lag = gauge('generator_event_loop_lag_ms', 'p99 of the worst worker since the last look')
  const server = createServer((request, response) => {
    if (request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end('metrics are at /metrics\n')
      return
    }
    void registry.metrics().then((text) => {
      response.writeHead(200, { 'content-type': registry.contentType }).end(text)
    })
  })
  server.listen(port, host)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    show: ({ devices: total, counts, job }) => {
      devices.set(total)
      connected.set(counts.connected)
      reconnects.set(counts.reconnects)
      expected.set(counts.expectedDenials)
      cpu.set(counts.cpuSeconds)
      rss.set(counts.rssBytes)
      lag.set(counts.eventLoopLagMs)
      for (const [reason, count] of Object.entries(counts.denied)) denials.set({ reason }, count)
      for (const [kind, count] of Object.entries(counts.errors)) errors.set({ kind }, count)
      for (const [request, count] of Object.entries(counts.refusals))
        refusals.set({ request }, count)
      for (const outcome of MESSAGE_SUMS) messages.set({ outcome }, counts.messages[outcome])
      for (const quantile of [0.5, 0.95, 0.99]) {
        const value = counts.notifyToSuccess.percentile(quantile)
        if (value !== undefined) latency.set({ quantile: String(quantile) }, value)
        const delivered = counts.messages.publishToDelivery.percentile(quantile)
        if (delivered !== undefined) delivery.set({ quantile: String(quantile) }, delivered)
      }
      if (job === undefined) return
      executions.set({ status: 'QUEUED' }, job.queued)
      executions.set({ status: 'IN_PROGRESS' }, job.inProgress)
      executions.set({ status: 'SUCCEEDED' }, job.succeeded)
      executions.set({ status: 'FAILED' }, job.failed)
      executions.set({ status: 'REJECTED' }, job.rejected)
      executions.set({ status: 'TIMED_OUT' }, job.timedOut)
      executions.set({ status: 'CANCELED' }, job.canceled)
      executions.set({ status: 'REMOVED' }, job.removed)
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
