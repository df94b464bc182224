/** Health and metrics of a gateway: `GET /_muster/health` and `/_muster/metrics`, in the clear. */
import type { ServerResponse } from 'node:http'
import type { Counter as AnyCounter, Gauge as AnyGauge, Registry as AnyRegistry } from 'prom-client'
import { listen, type RunningListener } from '../listeners/listen.ts'
import { createServer } from '../listeners/node-http.ts'
import { collectProcess, Counter, Gauge, Registry } from '../prometheus.ts'
import type { Gateway } from './gateway.ts'

/** Where it listens, and who may read metrics. */
export interface GatewayHealthOptions {
  readonly bind: string
  /** 0: a free one. */
  readonly port: number
  /** Asked of who reads metrics, as `Authorization: Bearer …`; undefined: of nobody. */
  readonly adminToken: string | undefined
}

/** Starts listening; rejects with the system's error when the port is taken. */
export function startGatewayHealth(
  name: string,
  gateway: Gateway,
  { adminToken, bind, port }: GatewayHealthOptions,
): Promise<RunningListener> {
  const registry = gatewayMetrics(gateway)
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    const path = request.url?.split('?')[0]
    if (path === '/_muster/health') answerHealth(name, gateway, response)
    else if (path !== '/_muster/metrics') response.writeHead(404).end()
    else if (adminToken !== undefined && request.headers.authorization !== `Bearer ${adminToken}`) {
      response.writeHead(401).end()
    } else {
      void registry.metrics().then((text) => {
        response.writeHead(200, { 'content-type': registry.contentType }).end(text)
      })
    }
  })
  return listen(server, { bind, port })
}

/** 503 while it takes no clients, so that a balancer sends them elsewhere. */
function answerHealth(name: string, gateway: Gateway, response: ServerResponse): void {
  const { connections, ports, state } = gateway
  const status = state === 'serving' ? 'ok' : state
  const body = JSON.stringify({ status, gateway: name, connections, ports })
  response.writeHead(state === 'serving' ? 200 : 503, { 'content-type': 'application/json' })
  response.end(`${body}\n`)
}

function gatewayMetrics(gateway: Gateway): AnyRegistry {
  const registry = new Registry()
  const registers = [registry]
  collectProcess(registry, 'muster_')
  const connections: AnyGauge = new Gauge({
    name: 'muster_gateway_connections',
    help: 'Open connections of clients, of any protocol',
    registers,
    collect: () => connections.set(gateway.connections),
  })
  const handshakes: AnyCounter = new Counter({
    name: 'muster_tls_handshakes_total',
    help: 'TLS handshakes by listener and result',
    labelNames: ['listener', 'result'],
    registers,
    collect: () => {
      handshakes.reset()
      for (const [key, total] of Object.entries(gateway.counts.handshakes)) {
        const [listener = '', result = ''] = key.split(' ')
        handshakes.inc({ listener, result }, total)
      }
    },
  })
  return registry
}
