/**
 * Packets and handshakes as clients make them that get something wrong, and what they see of it.
 */
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls'
import type { TestDevice, TestServer } from '@muster/server/testkit'

/** What a client shows of itself. */
export type Identity = Pick<TestDevice, 'certificatePem' | 'privateKeyPem'>

/** MQTT 3.1.1 CONNECT. */
export function connectPacket(
  clientId: string,
  { level = 4, clean = true }: { readonly level?: number; readonly clean?: boolean } = {},
): Buffer {
  const id = Buffer.from(clientId)
  const body = Buffer.concat([
    Buffer.from([
      0,
      4,
      77,
      81,
      84,
      84,
      level,
      clean ? 2 : 0,
      0,
      60,
      id.length >> 8,
      id.length & 255,
    ]),
    id,
  ])
  return packet(0x10, body)
}

export function packet(header: number, body: Buffer): Buffer {
  const length: number[] = []
  let left = body.length
  do {
    length.push((left & 127) | (left > 127 ? 128 : 0))
    left >>= 7
  } while (left > 0)
  return Buffer.concat([Buffer.from([header, ...length]), body])
}

export function publishPacket(topic: string, payload = 'x', header = 0x30): Buffer {
  const name = Buffer.from(topic)
  const id = header > 0x31 ? [Buffer.from([0, 1])] : []
  const size = Buffer.from([name.length >> 8, name.length & 255])
  return packet(header, Buffer.concat([size, name, ...id, Buffer.from(payload)]))
}

export function subscribePacket(filters: readonly string[], qos = 0): Buffer {
  const parts = filters.map((filter) => {
    const name = Buffer.from(filter)
    return Buffer.concat([
      Buffer.from([name.length >> 8, name.length & 255]),
      name,
      Buffer.from([qos]),
    ])
  })
  return packet(0x82, Buffer.concat([Buffer.from([0, 1]), ...parts]))
}

/** A handshake; rejects with what the client says when it fails. */
export async function dial(
  port: number,
  server: TestServer,
  identity: Identity | undefined,
  options: ConnectionOptions = {},
): Promise<TLSSocket> {
  const socket = connectTls({
    host: '127.0.0.1',
    port,
    servername: 'localhost',
    ca: server.caPem,
    ...(identity && { cert: identity.certificatePem, key: identity.privateKeyPem }),
    ...options,
  })
  await once(socket, 'secureConnect')
  socket.on('error', () => {})
  return socket
}

/** What a failed handshake looks like to the client. */
export async function handshakeError(dialled: Promise<TLSSocket>): Promise<string> {
  try {
    const socket = await dialled
    socket.end()
    return 'the handshake succeeds'
  } catch (cause) {
    return `handshake error ${(cause as NodeJS.ErrnoException).code}`
  }
}

/** Sends packets and tells what came back before the connection was closed. */
export async function exchange(socket: TLSSocket, ...packets: readonly Buffer[]): Promise<string> {
  const received: Buffer[] = []
  socket.on('data', (bytes: Buffer) => received.push(bytes))
  const closed = once(socket, 'close')
  for (const one of packets) socket.write(one)
  await closed
  const bytes = Buffer.concat(received)
  return `${bytes.length === 0 ? '' : `${names(bytes)}, then `}the connection is closed`
}

/** CONNACK first where it came. */
function names(bytes: Buffer): string {
  const found: string[] = []
  for (let at = 0; at < bytes.length; at += 2 + (bytes[at + 1] ?? 0)) {
    const type = (bytes[at] ?? 0) >> 4
    const name = ['', '', 'CONNACK', '', 'PUBACK', '', '', '', '', 'SUBACK'][type] ?? `type ${type}`
    found.push(name === 'CONNACK' ? `CONNACK ${bytes[at + 3]}` : name)
  }
  return found.join(', ')
}

/** Bytes without TLS. */
export async function plain(port: number, bytes: Buffer | string): Promise<string> {
  const socket = connectTcp(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(bytes)
  socket.resume()
  await once(socket, 'close')
  return 'the connection is closed'
}

/** An HTTP answer in one line. */
export function answered({
  status,
  headers,
  text,
}: {
  status: number
  headers: object
  text: string
}): string {
  const type: unknown = Reflect.get(headers, 'x-amzn-errortype')
  const name = typeof type === 'string' ? ` ${type.split(':')[0]}` : ''
  const message = /"[Mm]essage":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? ''
  return `HTTP ${status}${name}: ${message}`
}
