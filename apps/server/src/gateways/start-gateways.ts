/** The gateways of a core in the place of TLS listeners of its own. */
import type { Channel, GatewayPorts } from '@muster/link'
import { natsCoreBus } from '@muster/link/nats'
import { connectBus } from '../bus/connect-bus.ts'
import { isLocalBus } from '../bus/bus-options.ts'
import type { AlpnOptions } from '../listeners/alpn.ts'
import { leftSilently } from '../listeners/handshakes.ts'
import { deviceHttp, signedHttp } from '../listeners/http-behind-tls.ts'
import { certificatePeer } from '../listeners/mqtt-certificate.ts'
import { attachMqtt } from '../listeners/mqtt-socket.ts'
import { newTicketKeys } from '../listeners/tls-options.ts'
import type { GatewaysOptions, ServerOptions } from '../options.ts'
import type { ServerIdentity } from '../server-identity.ts'
import type { Services } from '../services.ts'
import { GatewayHub, type GatewayView, type HubEvents } from './gateway-hub.ts'
import { LinkedMqtt } from './linked-mqtt.ts'
import { LinkedStream } from './linked-stream.ts'
import { LocalGateways } from './local-gateways.ts'

/** What is behind TLS, wherever that ends. */
export type BehindTls = Omit<AlpnOptions, 'address' | 'tls'>

/** What gateways are started with. */
export interface GatewaysNeeds {
  readonly options: ServerOptions
  readonly gateways: GatewaysOptions
  readonly identity: ServerIdentity
  readonly services: Services
  readonly knownHosts: readonly string[]
  readonly behind: BehindTls
  /** Gateways of a bus listen on these. */
  portsChanged(ports: GatewayPorts): void
}

/** Gateways that may come and go. */
export interface Gateways {
  /** Where clients reach them; 0 where that is not known yet. */
  readonly ports: GatewayPorts
  readonly notes: readonly string[]
  all(): readonly GatewayView[]
  /** Those of this machine part with their clients over time; others are not this server's to end. */
  drain(): Promise<void>
  /** Ends their links, and those that are of this machine. */
  close(): Promise<void>
}

/**
 * Starts those of this machine, or takes those of a bus.
 *
 * @throws BusError, ListenError
 */
export function startGateways(needs: GatewaysNeeds): Promise<Gateways> {
  const { gateways } = needs
  return gateways.kind === 'local' ? startLocal(needs, gateways.count) : serveBus(needs, gateways)
}

async function startLocal(needs: GatewaysNeeds, count: number): Promise<Gateways> {
  const { bind, drainSeconds, freePortsWhenTaken, log, ports, proxyFrom } = needs.options
  const { health } = needs.services
  const local = new LocalGateways({
    count,
    bind,
    ports,
    freePortsWhenTaken,
    drainSeconds,
    proxyFrom,
    health,
    log,
  })
  const hub = openHub(needs, undefined, local)
  await hub.serve(local.bus)
  const close = async (): Promise<void> => {
    hub.close()
    await local.close()
  }
  try {
    return {
      ports: await local.start(),
      notes: local.notes,
      drain: () => local.drain(),
      all: () => hub.gateways(),
      close,
    }
  } catch (cause) {
    await close()
    throw cause
  }
}

async function serveBus(
  needs: GatewaysNeeds,
  { bus: busOptions, joinToken }: Extract<GatewaysOptions, { kind: 'bus' }>,
): Promise<Gateways> {
  const { health } = needs.services
  const { log } = needs.options
  const connection = await connectBus(busOptions, {
    name: 'core',
    say: (line) => log.warn(line),
    signal: needs.options.signal,
  })
  const bus = natsCoreBus(connection)
  const wanted = needs.options.ports
  let ports: GatewayPorts = wanted
  const hub = openHub(
    needs,
    { joinToken, open: isLocalBus(busOptions) },
    {
      listening: (name, told) => {
        health.works(`gateway ${name}`)
        // What was said by flag is where clients come, whatever stands between.
        ports = {
          mqttPort: wanted.mqttPort || told.mqttPort,
          httpsPort: wanted.httpsPort || told.httpsPort,
          alpnPort: wanted.alpnPort || told.alpnPort,
        }
        needs.portsChanged(ports)
      },
      failed: (name, message) => health.failed(`gateway ${name}`, new Error(message)),
      ended: () => {},
    },
  )
  await hub.serve(bus)
  return {
    get ports() {
      return ports
    },
    notes: [],
    drain: () => Promise.resolve(),
    all: () => hub.gateways(),
    close: async () => {
      hub.close()
      // What clients were sent last leaves first, where NATS is there.
      await Promise.race([connection.flush().catch(() => {}), patience()])
      await bus.close()
    },
  }
}

/** How long a core that stops waits for NATS. */
function patience(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 500))
}

function openHub(
  { behind, identity, knownHosts, options, services }: GatewaysNeeds,
  token: { readonly joinToken: string | undefined; readonly open: boolean } | undefined,
  events: HubEvents,
): GatewayHub {
  const { health, metrics, refusals } = services
  const names = [...new Set([...options.hostnames, 'localhost', '127.0.0.1', '::1'])]
  return new GatewayHub(
    {
      joinToken: token?.joinToken,
      mayJoinWithoutToken: token?.open === true && token.joinToken === undefined,
      authority: identity.authority,
      hostnames: names,
      knownHosts,
      ticketKeys: newTicketKeys(options)?.toString('base64'),
      take: clientTaker(behind),
      refusedHandshake: (refused) => refusals.handshake(refused),
      handshakes: (listener, result, count) => metrics.handshake(listener, result, count),
      health,
      log: options.log,
    },
    events,
  )
}

/** Joins clients to what is behind TLS, by the listener that they came to. */
function clientTaker(behind: BehindTls): (channel: Channel) => void {
  const { certificates, gateway, refusals } = behind
  const device = deviceHttp(behind)
  const signed = signedHttp(behind)
  for (const http of [device, signed]) {
    http.on('request', ({ socket }, response) => {
      if (socket instanceof LinkedStream) socket.asked(response)
    })
    // They watch over slow requests from when they listen, which these never do.
    http.emit('listening')
  }
  return (channel) => {
    switch (channel.opening.listener) {
      case 'https':
      case 'alpn-https':
        device.emit('connection', new LinkedStream(channel))
        return
      case 'alpn-signed':
        signed.emit('connection', new LinkedStream(channel))
        return
      case 'mqtt':
      case 'alpn-mqtt': {
        const socket = new LinkedMqtt(channel)
        const listener = channel.opening.listener === 'mqtt' ? 'MQTT' : 'ALPN'
        const left = leftSilently(socket, { refusals, listener })
        const connection = attachMqtt(gateway, socket, certificatePeer(socket, certificates), left)
        socket.shutDown = () => connection.shutDown()
      }
    }
  }
}
