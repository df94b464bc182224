/** Raw MQTT on real TLS sockets, for what MQTT.js hides: closes, exact packets, handshakes. */
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { generate, parser, type IConnectPacket, type Packet } from 'mqtt-packet'
import type { TestDevice, TestServer } from '@muster/server/testkit'

type Identity = Pick<TestDevice, 'certificatePem' | 'privateKeyPem'>

/** Completes a handshake; rejects when it fails. */
export function handshake(
  server: TestServer,
  identity: Identity | undefined,
  options: ConnectionOptions = {},
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: '127.0.0.1',
      port: server.mqttPort,
      servername: 'localhost',
      ca: server.caPem,
      ...(identity === undefined
        ? {}
        : { cert: identity.certificatePem, key: identity.privateKeyPem }),
      ...options,
    })
    socket.once('secureConnect', () => {
      socket.off('error', reject)
      socket.on('error', () => {})
      resolve(socket)
    })
    socket.once('error', reject)
  })
}

/** A client that sees every packet. */
export interface RawClient {
  readonly socket: TLSSocket
  /** Everything received so far. */
  readonly packets: readonly Packet[]
  send(packet: Packet): void
  raw(bytes: Uint8Array): void
  /** The next packet that was not awaited yet; rejects when the connection closes instead. */
  next(): Promise<Packet>
  /** Resolves with what was received but not awaited once the server closed the connection. */
  closed(): Promise<Packet[]>
}

/** Speaks MQTT on a socket past its handshake; sends CONNECT when one is given. */
export function rawClient(socket: TLSSocket, connectPacket?: Partial<IConnectPacket>): RawClient {
  const protocolVersion = connectPacket?.protocolVersion ?? 4
  const packets: Packet[] = []
  let taken = 0
  let wake = (): void => {}
  const reader = parser({ protocolVersion })
  reader.on('packet', (packet) => {
    packets.push(packet)
    wake()
  })
  socket.on('data', (bytes: Buffer) => reader.parse(bytes))
  socket.on('close', () => wake())
  const change = (): Promise<void> => new Promise((resolve) => (wake = resolve))
  const send = (packet: Packet): void => {
    socket.write(generate(packet, { protocolVersion }))
  }
  if (connectPacket !== undefined) {
    send({ cmd: 'connect', clean: true, keepalive: 60, clientId: 'raw', ...connectPacket })
  }
  return {
    socket,
    packets,
    send,
    raw: (bytes) => socket.write(bytes),
    next: async () => {
      while (taken >= packets.length) {
        if (socket.closed) throw new Error('the server closed the connection')
        await change()
      }
      return packets[taken++] as Packet
    },
    closed: async () => {
      while (!socket.closed) await change()
      return packets.slice(taken)
    },
  }
}
