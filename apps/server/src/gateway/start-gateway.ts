/** A gateway on a bus with its health, from its options to its end. */
import type { GatewayPorts } from '@muster/link'
import { inboxOf, natsGatewayBus } from '@muster/link/nats'
import { checkBus, type BusOptions } from '../bus/bus-options.ts'
import { connectBus } from '../bus/connect-bus.ts'
import { ExposureError, isLoopback } from '../exposure.ts'
import { proxySources } from '../listeners/proxy-protocol.ts'
import { Gateway, type GatewayOptions } from './gateway.ts'
import { startGatewayHealth } from './gateway-health.ts'

/** How a gateway starts; each member is a flag of `muster gateway`. */
export interface GatewayProcessOptions extends Omit<GatewayOptions, 'bus'> {
  readonly bus: BusOptions
  /** Where health and metrics are; 0: a free port. */
  readonly healthPort: number
  /** Asked of who reads metrics. */
  readonly adminToken: string | undefined
}

/** A gateway that has joined. */
export interface RunningGateway {
  readonly ports: GatewayPorts
  readonly healthPort: number
  /** Rejects when the core refuses it or its ports are taken meanwhile; else it joins again. */
  readonly failed: Promise<never>
  /** Parts with clients over so long, and leaves. */
  close(drainSeconds: number): Promise<void>
}

/**
 * Joins a core, waiting for bus and core where they are not there yet.
 *
 * @param stop - gives the waiting up; undefined is answered then
 * @throws BusError, ExposureError, GatewayRefusedError, ListenError
 */
export async function startGateway(
  options: GatewayProcessOptions,
  stop: AbortSignal,
): Promise<RunningGateway | undefined> {
  const { adminToken, bind, bus, healthPort, joinToken, name, say } = options
  checkBus(bus, joinToken)
  proxySources(options.proxyFrom)
  if (!isLoopback(bind) && adminToken === undefined) {
    throw new ExposureError(
      `bound to \`${bind}\` metrics need --admin-token-file, MUSTER_ADMIN_TOKEN or --admin-token`,
    )
  }
  const stopped = new Promise<undefined>((resolve) => {
    if (stop.aborted) resolve(undefined)
    stop.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  const client = { name, inboxPrefix: inboxOf(name), say, signal: stop }
  const connection = await connectBus(bus, client).catch((cause: unknown) => {
    if (stop.aborted) return undefined
    throw cause
  })
  if (connection === undefined) return undefined
  const gateway = new Gateway({ ...options, bus: natsGatewayBus(connection) })
  // Before it has joined: who watches it sees that it is not there yet.
  const health = await startGatewayHealth(name, gateway, { bind, port: healthPort, adminToken })
  const close = async (drainSeconds: number): Promise<void> => {
    await gateway.drain(drainSeconds)
    await health.close()
  }
  try {
    await Promise.race([gateway.start(), stopped])
  } catch (cause) {
    await close(0)
    throw cause
  }
  if (stop.aborted) {
    await close(0)
    return undefined
  }
  return { ports: gateway.ports, healthPort: health.port, failed: stayJoined(gateway, say), close }
}

async function stayJoined(gateway: Gateway, say: (line: string) => void): Promise<never> {
  for (;;) {
    const why = await gateway.ended
    if (gateway.state === 'stopped' || gateway.state === 'draining') return new Promise(() => {})
    say(`the link to the core has ended: ${why}`)
    await gateway.restart()
    if (gateway.state === 'serving') say('joined again')
  }
}
