/**
 * What the agent takes for AWS: TLS ends here, and what is in it is passed on to a private server with
 * the agent's own certificate, so that every rule about certificates and policies is the server's.
 */
import type { IncomingMessage } from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { createAuthority, issueServerCertificate } from '@muster/pki'
import { httpsRelay } from './https-relay.ts'
import type { JobFiles } from './job-files.ts'
import { MqttRelay } from './mqtt-relay.ts'
import type { RelayPorts } from './passing.ts'

/** Where the server is, and what the agent's thing shows there. */
export interface ServiceAddress {
  readonly mqttPort: number
  readonly httpsPort: number
  readonly caPem: string
  readonly certificatePem: string
  readonly privateKeyPem: string
  /** SHA-256 of the certificate, lower-case hexadecimal. */
  readonly certificateId: string
}

/** What fronts show to agents; one serves all cases of a run. */
export interface FrontIdentity {
  readonly caPem: string
  readonly certificates: readonly { readonly cert: string; readonly key: string }[]
}

/** Makes an authority, and a certificate of either kind for `localhost`. */
export async function frontIdentity(nowMs: number): Promise<FrontIdentity> {
  const authority = await createAuthority({ nowMs })
  const hostnames = ['localhost', '127.0.0.1', '::1']
  const issued = await Promise.all(
    (['EC', 'RSA'] as const).map((keyType) =>
      issueServerCertificate(authority, { hostnames, keyType, nowMs }),
    ),
  )
  return {
    caPem: authority.certificatePem,
    certificates: issued.map(({ certificatePem, privateKeyPem }) => ({
      cert: certificatePem,
      key: privateKeyPem,
    })),
  }
}

export class ServiceFront {
  readonly #mqtt: Server
  readonly #https: HttpsServer
  readonly #relays = new Set<MqttRelay>()
  readonly #sockets = new Set<TLSSocket>()
  readonly #service: () => ServiceAddress | undefined
  readonly #ports: RelayPorts
  #down = false

  /** @param service - undefined while the server is away */
  constructor(
    identity: FrontIdentity,
    service: () => ServiceAddress | undefined,
    ports: RelayPorts,
    files: JobFiles,
  ) {
    this.#service = service
    this.#ports = ports
    const tls = {
      cert: identity.certificates.map(({ cert }) => cert),
      key: identity.certificates.map(({ key }) => key),
      requestCert: true,
      rejectUnauthorized: false,
    }
    this.#mqtt = createServer({ ...tls, noDelay: true }, (socket) => this.#take(socket))
    const relay = httpsRelay({ ...ports, service: (request) => this.#serviceOf(request) })
    this.#https = createHttpsServer(
      { ...tls, ALPNProtocols: ['http/1.1'] },
      (request, response) => {
        if (!files.answer(request, response)) relay(request, response)
      },
    )
    for (const server of [this.#mqtt, this.#https]) {
      server.on('secureConnection', (socket: TLSSocket) => {
        socket.on('error', () => {})
        this.#sockets.add(socket)
        socket.once('close', () => this.#sockets.delete(socket))
      })
    }
  }

  /** Listens on free ports of loopback. */
  async listen(): Promise<{ readonly mqttPort: number; readonly httpsPort: number }> {
    for (const server of [this.#mqtt, this.#https]) {
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
    }
    const [mqttPort, httpsPort] = [this.#mqtt, this.#https].map(
      (server) => (server.address() as AddressInfo).port,
    )
    return { mqttPort: mqttPort ?? 0, httpsPort: httpsPort ?? 0 }
  }

  /** Ends connections; MQTT ones, since those over HTTPS end with their requests. */
  cut(): void {
    for (const relay of this.#relays) relay.cut()
  }

  /** Takes no connections from now on, or again. */
  setDown(down: boolean): void {
    this.#down = down
    if (down) this.cut()
  }

  /** Sends a notification as if the service did. */
  forge(topic: string, payload: string): void {
    for (const relay of this.#relays) relay.forge(topic, payload)
  }

  async close(): Promise<void> {
    const closed = [this.#mqtt, this.#https].map(
      (server) => new Promise<void>((resolve) => server.close(() => resolve())),
    )
    for (const socket of this.#sockets) socket.destroy()
    await Promise.all(closed)
  }

  #serviceOf({ socket }: IncomingMessage): ServiceAddress | undefined {
    return this.#known(socket as TLSSocket)
  }

  /** Where the agent's connection leads, for the certificate that the case gave it. */
  #known(socket: TLSSocket): ServiceAddress | undefined {
    const service = this.#down ? undefined : this.#service()
    const shown = socket.getPeerX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase()
    return shown === service?.certificateId ? service : undefined
  }

  #take(agent: TLSSocket): void {
    const service = this.#known(agent)
    if (service === undefined) {
      agent.destroy()
      return
    }
    const { caPem, certificatePem, mqttPort, privateKeyPem } = service
    const upstream = connect({
      host: 'localhost',
      servername: 'localhost',
      port: mqttPort,
      ca: caPem,
      cert: certificatePem,
      key: privateKeyPem,
    })
    const relay = new MqttRelay(agent, upstream, this.#ports)
    this.#relays.add(relay)
    agent.once('close', () => this.#relays.delete(relay))
  }
}
