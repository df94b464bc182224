/** The three listeners of a gateway: TLS ends here, and nothing of what is in it is understood. */
import type { BlockList } from 'node:net'
import type { Server, TLSSocket } from 'node:tls'
import type { GatewayPorts, LinkListener } from '@muster/link'
import { alpnFront } from '../listeners/alpn-front.ts'
import { httpsFront, mqttFront } from '../listeners/certificate-fronts.ts'
import type { HandshakeWatch } from '../listeners/handshakes.ts'
import { listen, type RunningListener } from '../listeners/listen.ts'
import { openPort } from '../listeners/open-port.ts'
import { tlsOptions, type TlsSettings } from '../listeners/tls-options.ts'

/** How listeners are set up. */
export interface FrontsOptions {
  readonly bind: string
  readonly ports: GatewayPorts
  /** Several gateways of this machine listen on the same ports, and the system shares clients out. */
  readonly sharePorts: boolean
  /** Balancers that say whom a connection is from. */
  readonly proxySources: BlockList | undefined
  readonly tls: TlsSettings
  readonly watch: Omit<HandshakeWatch, 'listener'>
  take(socket: TLSSocket, listener: LinkListener): void
}

/** Listeners that are up. */
export interface Fronts {
  readonly ports: GatewayPorts
  /** Shows other certificates from now on. */
  renew(tls: TlsSettings): void
  /** Takes no more clients; those there are stay. */
  stopAccepting(): void
  /** Ends what is open and frees the ports. */
  close(): Promise<void>
}

/**
 * Opens all three, or none.
 *
 * @throws ListenError
 */
export async function openFronts(options: FrontsOptions): Promise<Fronts> {
  const { bind, ports, proxySources, sharePorts, take, tls, watch } = options
  const open: RunningListener[] = []
  const tlsServers: Server[] = []
  const close = async (): Promise<void> => {
    await Promise.all(open.map((listener) => listener.close()))
  }
  const start = async (
    port: number,
    flag: string,
    listener: HandshakeWatch['listener'],
    front: Parameters<typeof listen>[0],
  ): Promise<number> => {
    const proxies = proxySources && {
      sources: proxySources,
      failed: (sourceIp: string) =>
        watch.refusals.handshake({ code: 'NO_PROXY_HEADER', listener, sourceIp }),
    }
    const plan = { bind, port, flag, freeWhenTaken: false }
    const opened = await openPort(
      plan,
      (wanted) => listen(front, { bind, port: wanted, shared: sharePorts, proxies }),
      () => {},
    )
    open.push(opened)
    return opened.port
  }
  const mqtt = mqttFront(tls, { ...watch, listener: 'MQTT' }, (socket) => take(socket, 'mqtt'))
  const https = httpsFront(tls, { ...watch, listener: 'HTTPS' }, (socket) => take(socket, 'https'))
  const alpn = alpnFront(
    tls,
    { ...watch, listener: 'ALPN' },
    {
      mqtt: (socket) => take(socket, 'alpn-mqtt'),
      https: (socket) => take(socket, 'alpn-https'),
      signed: (socket) => take(socket, 'alpn-signed'),
    },
  )
  tlsServers.push(mqtt, https, ...alpn.tlsServers)
  try {
    return {
      ports: {
        mqttPort: await start(ports.mqttPort, '--mqtt-port', 'MQTT', mqtt),
        httpsPort: await start(ports.httpsPort, '--https-port', 'HTTPS', https),
        alpnPort: await start(ports.alpnPort, '--alpn-port', 'ALPN', alpn.server),
      },
      renew: (settings) => {
        for (const server of tlsServers) server.setSecureContext(tlsOptions(settings))
      },
      stopAccepting: () => {
        for (const listener of open) listener.stopAccepting()
      },
      close,
    }
  } catch (cause) {
    await close()
    throw cause
  }
}
