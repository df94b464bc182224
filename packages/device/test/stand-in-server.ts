/**
 * A small server for tests of the device: real mutual TLS and MQTT packets, and answers that the
 * test decides, so that it can also misbehave.
 */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import {
  createAuthority,
  createDeviceKeyAndCsr,
  issueDeviceCertificate,
  issueServerCertificate,
  type Authority,
  type ServerCertificate,
} from '@muster/pki'
import {
  generate,
  parser,
  type IConnectPacket,
  type IPublishPacket,
  type Packet,
} from 'mqtt-packet'
import type { DeviceEndpoint, DeviceIdentity } from '../src/index.ts'

/** A publish of a client, and the means to answer it. */
export interface StandInRequest {
  readonly clientId: string
  readonly topic: string
  readonly body: Record<string, unknown>
  /** Sends `TOPIC/accepted` with the request's token. */
  accept(body?: object): void
  /** Sends `TOPIC/rejected` with the request's token. */
  reject(code: string, members?: object): void
}

/** What the stand-in does; everything is allowed by default. */
export interface StandInBehaviour {
  /** False: closes instead of CONNACK. */
  connect?: (packet: IConnectPacket) => boolean
  /** False: closes instead of SUBACK. */
  subscribe?: (filters: readonly string[]) => boolean
  request?: (request: StandInRequest) => void
}

export class StandInServer {
  readonly behaviour: StandInBehaviour
  readonly requests: { topic: string; body: Record<string, unknown> }[] = []
  readonly connects: IConnectPacket[] = []
  readonly #server: Server
  readonly authority: Authority
  readonly #sockets = new Map<string, { socket: TLSSocket; version: number }>()

  static async start(behaviour: StandInBehaviour = {}): Promise<StandInServer> {
    const authority = await createAuthority({ nowMs: Date.now() })
    const own = await issueServerCertificate(authority, {
      nowMs: Date.now(),
      keyType: 'EC',
      hostnames: ['localhost', '127.0.0.1'],
    })
    const server = new StandInServer(behaviour, authority, own)
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  private constructor(behaviour: StandInBehaviour, authority: Authority, own: ServerCertificate) {
    this.behaviour = behaviour
    this.authority = authority
    this.#server = createServer(
      {
        key: own.privateKeyPem,
        cert: own.certificatePem,
        ca: authority.certificatePem,
        requestCert: true,
      },
      (socket) => this.#serve(socket),
    )
  }

  get endpoint(): DeviceEndpoint {
    const { port } = this.#server.address() as AddressInfo
    const caPem = this.authority.certificatePem
    return { host: '127.0.0.1', serverName: 'localhost', mqttPort: port, caPem }
  }

  identity(thingName: string): DeviceIdentity {
    const { csrPem, privateKeyPem } = createDeviceKeyAndCsr({ commonName: thingName })
    const issued = issueDeviceCertificate(this.authority, csrPem, { nowMs: Date.now() })
    if (!issued.ok) throw new Error(issued.error.message)
    return { privateKeyPem, certificatePem: issued.value.certificatePem }
  }

  /** Sends a message to a client. */
  send(clientId: string, topic: string, body: object): void {
    const to = this.#sockets.get(clientId)
    to?.socket.write(
      generate(
        { cmd: 'publish', topic, payload: JSON.stringify(body), qos: 0, dup: false, retain: false },
        { protocolVersion: to.version },
      ),
    )
  }

  /** Closes a client's connection without a packet. */
  cut(clientId: string): void {
    this.#sockets.get(clientId)?.socket.end()
  }

  async stop(): Promise<void> {
    for (const { socket } of this.#sockets.values()) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #serve(socket: TLSSocket): void {
    socket.on('error', () => socket.destroy())
    const decoder = parser()
    let clientId = ''
    let version = 4
    const write = (packet: Packet): void => {
      socket.write(generate(packet, { protocolVersion: version }))
    }
    decoder.on('packet', (packet: Packet) => {
      if (packet.cmd === 'connect') {
        this.connects.push(packet)
        clientId = packet.clientId
        version = packet.protocolVersion ?? 4
        if (this.behaviour.connect?.(packet) === false) {
          socket.end()
          return
        }
        this.#sockets.set(clientId, { socket, version })
        write({ cmd: 'connack', returnCode: 0, reasonCode: 0, sessionPresent: false })
      } else if (packet.cmd === 'subscribe') {
        const filters = packet.subscriptions.map(({ topic }) => topic)
        if (this.behaviour.subscribe?.(filters) === false) socket.end()
        else
          write({ cmd: 'suback', messageId: packet.messageId ?? 0, granted: filters.map(() => 1) })
      } else if (packet.cmd === 'publish') {
        if (packet.qos > 0)
          write({ cmd: 'puback', messageId: packet.messageId ?? 0, reasonCode: 0 })
        this.#publish(clientId, packet)
      } else if (packet.cmd === 'pingreq') {
        write({ cmd: 'pingresp' })
      } else if (packet.cmd === 'disconnect') {
        socket.end()
      }
    })
    socket.on('data', (bytes) => decoder.parse(Buffer.from(bytes)))
  }

  #publish(clientId: string, packet: IPublishPacket): void {
    const text = String(packet.payload)
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>
    const { topic } = packet
    this.requests.push({ topic, body })
    const { clientToken } = body
    this.behaviour.request?.({
      clientId,
      topic,
      body,
      accept: (reply = {}) => {
        this.send(clientId, `${topic}/accepted`, { timestamp: 1, clientToken, ...reply })
      },
      reject: (code, members = {}) => {
        const reply = { code, message: code, timestamp: 1, clientToken, ...members }
        this.send(clientId, `${topic}/rejected`, reply)
      },
    })
  }
}
