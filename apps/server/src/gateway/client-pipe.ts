/** One client of a gateway: what it sends goes to the core, what the core sends goes to it. */
import type { TLSSocket } from 'node:tls'
import type { Channel, LinkEnd, LinkListener, Opening } from '@muster/link'
import { plainIp } from '../listeners/plain-ip.ts'
import { serverNameOf } from '../listeners/secure-socket.ts'

/** How long a client that is parted with may take its last bytes. */
const farewellMs = 2_000

/**
 * Joins a client to the core. A handshake holds the thread for half a millisecond or more: whoever
 * waits behind it is served before this one is read.
 */
export function pipeClient(
  socket: TLSSocket,
  listener: LinkListener,
  link: () => LinkEnd | undefined,
): void {
  const ignore = (): void => {}
  socket.on('error', ignore)
  let isJoined = false
  /** What there was to tell of it when it left, before the core was told anything. */
  let gone: Opening | undefined
  socket.once('end', () => {
    if (!isJoined) gone = openingOf(socket, listener)
  })
  // Two: the first comes up before the event loop looks at sockets again.
  setImmediate(() =>
    setImmediate(() => {
      const end = link()
      if (end === undefined || end.over) {
        socket.destroy()
        return
      }
      isJoined = true
      if (gone !== undefined) {
        tellOfLeft(end, gone)
        // Those for HTTP stay half open until this side ends too.
        socket.destroySoon()
        return
      }
      const channel = end.open(openingOf(socket, listener))
      if (socket.destroyed) channel.reset()
      else join(socket, channel)
    }),
  )
}

/** A device that left without a word is told to the operator; who shows no certificate looked at the port. */
function tellOfLeft(end: LinkEnd, gone: Opening): void {
  const isMqtt = gone.listener === 'mqtt' || gone.listener === 'alpn-mqtt'
  if (!isMqtt || gone.certificates.length === 0) return
  const channel = end.open(gone)
  channel.end()
  channel.reset()
}

function join(socket: TLSSocket, channel: Channel): void {
  /** Written, not taken by the system: the core is told once it is. */
  let untaken = 0
  channel.receiver = {
    bytes: (bytes) => {
      if (socket.write(bytes)) channel.took(bytes.byteLength)
      else untaken += bytes.byteLength
    },
    ended: () => void socket.end(),
    drained: () => void socket.resume(),
    reset: () => part(socket),
  }
  socket.on('drain', () => {
    const taken = untaken
    untaken = 0
    channel.took(taken)
  })
  socket.on('data', (bytes: Buffer) => {
    channel.send(bytes)
    if (channel.unsentBytes > 0) socket.pause()
  })
  socket.on('end', () => channel.end())
  socket.on('close', () => channel.reset())
}

/** Lets the client have what was written, and no longer than that. */
function part(socket: TLSSocket): void {
  if (socket.destroyed) return
  socket.destroySoon()
  const late = setTimeout(() => socket.destroy(), farewellMs)
  socket.once('close', () => clearTimeout(late))
}

function openingOf(socket: TLSSocket, listener: LinkListener): Opening {
  const { alpnProtocol } = socket
  return {
    listener,
    sourceIp: plainIp(socket.remoteAddress ?? ''),
    sourcePort: socket.remotePort ?? 0,
    targetIp: plainIp(socket.localAddress ?? ''),
    targetPort: socket.localPort ?? 0,
    serverName: serverNameOf(socket),
    alpnProtocol: typeof alpnProtocol === 'string' ? alpnProtocol : undefined,
    certificates: certificatesOf(socket),
  }
}

/** The client's certificate and those it sent above it, nearest first. */
function certificatesOf(socket: TLSSocket): Uint8Array[] {
  const certificates: Uint8Array[] = []
  let at = socket.getPeerX509Certificate()
  while (at !== undefined && certificates.length < 10) {
    certificates.push(at.raw)
    at = at.issuerCertificate
  }
  return certificates
}
