/** A gateway by itself, from its start to Ctrl-C. */
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { startGateway, yieldV8Threads } from '@muster/server/gateway'
import { serverAdminToken } from '../flags/admin-token.ts'
import { busOptions, joinToken } from '../flags/bus-flags.ts'
import type { GatewayFlags } from './gateway-command.ts'
import { shownHost } from './reachable-host.ts'
import { stopSignal, untilStopped } from './until-stopped.ts'

/** Joins the core, says where it listens, and stays until it is stopped. */
export async function runGateway(flags: GatewayFlags): Promise<void> {
  yieldV8Threads()
  const stop = stopSignal()
  const { alpnPort, bind, healthPort, httpsPort, mqttPort, sharePorts } = flags
  const name = flags.name ?? ownName()
  const gateway = await startGateway(
    {
      name,
      bus: busOptions(flags),
      joinToken: joinToken(flags),
      bind,
      ports: { mqttPort, httpsPort, alpnPort },
      sharePorts,
      proxyFrom: flags.proxyFrom ?? [],
      healthPort,
      adminToken: serverAdminToken(flags),
      say: (line) => process.stderr.write(`${name}: ${line}\n`),
    },
    stop,
  )
  if (gateway === undefined) return
  const told = { ...gateway.ports, healthPort: gateway.healthPort, name }
  if (flags.json) process.stdout.write(`${JSON.stringify({ ready: true, ...told })}\n`)
  else {
    const host = shownHost(bind)
    process.stdout.write(
      [
        `MQTT, mutual TLS    ${bind}:${told.mqttPort}`,
        `HTTPS, mutual TLS   https://${host}:${told.httpsPort}`,
        `TLS by ALPN         https://${host}:${told.alpnPort}`,
        `health, metrics     http://${host}:${told.healthPort}/_muster/health`,
        `${name} is ready; Ctrl-C stops it`,
        '',
      ].join('\n'),
    )
  }
  try {
    await Promise.race([untilStopped(stop), gateway.failed])
  } finally {
    // Also where it failed: its connection to NATS would keep the process.
    await gateway.close(flags.drainSeconds)
  }
}

/** No other gateway's: NATS knows it by its name alone. */
function ownName(): string {
  return `${hostname()
    .replaceAll(/[^A-Za-z0-9_-]/g, '-')
    .slice(0, 50)}-${randomBytes(3).toString('hex')}`
}
