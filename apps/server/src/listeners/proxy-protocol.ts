/**
 * PROXY protocol v2: a balancer in front says whom a connection is from, so that policies, logs and
 * events see the device's address and not the balancer's. Only from sources that were named; those
 * must send it, others must not and are taken as they come.
 */
import { createRequire } from 'node:module'
import { BlockList, createServer, isIP, type Server, type Socket } from 'node:net'
import type * as ProxyProtocol from 'proxy-protocol-js'
import { Server as HttpServer } from './node-http.ts'
import { plainIp } from './plain-ip.ts'
import { keepAddresses, type Addresses } from './told-addresses.ts'

const require = createRequire(import.meta.url)

/** Loaded with the first header: most servers stand behind no balancer. */
const library = (): typeof ProxyProtocol => require('proxy-protocol-js') as typeof ProxyProtocol

/** A header that takes longer, or more bytes, is not waited for. */
const headerMs = 10_000
const headerBytesMax = 4_096
/** What tells the length of the rest. */
const fixedBytes = 16

/** A source that is no address and no network; the message says what was expected. */
export class ProxySourceError extends Error {
  override readonly name = 'ProxySourceError'
}

/**
 * Addresses of balancers.
 *
 * @param sources - addresses, or networks as `10.0.0.0/8`
 * @returns undefined for none
 * @throws ProxySourceError
 */
export function proxySources(sources: readonly string[]): BlockList | undefined {
  if (sources.length === 0) return undefined
  const list = new BlockList()
  for (const source of sources) {
    const [address = '', prefix] = source.split('/')
    const version = isIP(address)
    const bits = version === 4 ? 32 : 128
    const length = prefix === undefined ? bits : Number(prefix)
    if (version === 0 || !Number.isInteger(length) || length < 0 || length > bits) {
      throw new ProxySourceError(`\`${source}\`: expected an address, or a network as 10.0.0.0/8`)
    }
    list.addSubnet(address, length, version === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}

/**
 * What listens in the place of a server and gives it its connections, those of balancers under the
 * addresses of whom they are from.
 *
 * @param failed - told where a balancer sent no header
 */
export function proxyFront(
  server: Server,
  sources: BlockList,
  failed: (sourceIp: string) => void,
): Server {
  // Half open, as HTTP servers have their sockets; TLS ends both ways by itself.
  const front = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    const sourceIp = plainIp(socket.remoteAddress ?? '')
    if (!sources.check(sourceIp, isIP(sourceIp) === 6 ? 'ipv6' : 'ipv4')) {
      server.emit('connection', socket)
      return
    }
    readHeader(socket, (told) => {
      if (told === undefined) {
        failed(sourceIp)
        socket.destroy()
        return
      }
      if (told !== 'own') keepAddresses(socket, told)
      server.emit('connection', socket)
      // TLS takes the bytes that were put back by itself; HTTP waits for them to flow.
      if (server instanceof HttpServer) socket.resume()
    })
  })
  // HTTP servers watch over slow requests between the two.
  front.on('listening', () => server.emit('listening'))
  front.on('close', () => server.close())
  return front
}

/**
 * Reads a header, and what the client says first, which is put back: only then is there somebody to
 * serve.
 *
 * @param done - told the addresses; `own` for a balancer's own connection, as its health checks are;
 *   not told of one that leaves, or says nothing, behind its header
 */
function readHeader(socket: Socket, done: (told: Addresses | 'own' | undefined) => void): void {
  let received: Buffer = Buffer.alloc(0)
  let header: ReturnType<typeof parseHeader> = 'more'
  const over = (): void => {
    clearTimeout(timeout)
    socket.off('data', read)
    socket.off('error', left)
    socket.off('end', left)
  }
  const left = (): void => {
    over()
    if (header === 'more' && received.length > 0) done(undefined)
    else socket.destroy()
  }
  const timeout = setTimeout(left, headerMs)
  const read = (bytes: Buffer): void => {
    received = received.length === 0 ? bytes : Buffer.concat([received, bytes])
    header = parseHeader(received)
    if (header === 'more' || header?.bytes === received.length) return
    over()
    if (header !== undefined) {
      socket.pause()
      socket.unshift(received.subarray(header.bytes))
    }
    done(header?.told)
  }
  socket.on('data', read)
  socket.on('error', left)
  socket.on('end', left)
  socket.once('close', () => clearTimeout(timeout))
}

/** A header at the beginning of `received`, and how long it is; undefined where there is none. */
export function parseHeader(
  received: Buffer,
): { readonly told: Addresses | 'own'; readonly bytes: number } | 'more' | undefined {
  const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
  const compared = Math.min(received.length, signature.length)
  if (received.compare(signature, 0, compared, 0, compared) !== 0) return undefined
  if (received.length < fixedBytes) return 'more'
  const bytes = fixedBytes + received.readUInt16BE(14)
  if (bytes > headerBytesMax) return undefined
  if (received.length < bytes) return 'more'
  try {
    const { Command, V2ProxyProtocol } = library()
    const { command, proxyAddress } = V2ProxyProtocol.parse(received.subarray(0, bytes))
    if (command === Command.LOCAL) return { told: 'own', bytes }
    const told = addressesOf(proxyAddress)
    return told && { told, bytes }
  } catch {
    return undefined
  }
}

function addressesOf(told: ProxyProtocol.V2ProxyProtocol['proxyAddress']): Addresses | undefined {
  const { IPv4ProxyAddress, IPv6ProxyAddress } = library()
  const isV4 = told instanceof IPv4ProxyAddress
  if (!isV4 && !(told instanceof IPv6ProxyAddress)) return undefined
  const text = ({ address }: { readonly address: readonly number[] }): string =>
    isV4 ? address.join('.') : v6Text(address)
  return {
    remoteAddress: text(told.sourceAddress),
    remotePort: told.sourcePort,
    localAddress: text(told.destinationAddress),
    localPort: told.destinationPort,
  }
}

/** As the system writes it: `2001:db8::1`. */
function v6Text(bytes: readonly number[]): string {
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[at * 2] ?? 0) << 8) | (bytes[at * 2 + 1] ?? 0)).toString(16),
  )
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}
