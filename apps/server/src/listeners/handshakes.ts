/**
 * Handshakes that come to nothing, told to the operator; a port that is only looked at is not.
 */
import type { Socket } from 'node:net'
import type { Server, TLSSocket } from 'node:tls'
import type { FailedHandshake } from '../decisions/tls-refusals.ts'
import type { Refusals } from '../decisions/refusals.ts'
import { plainIp } from './plain-ip.ts'
import { leafOf, serverNameOf, type SecureSocket } from './secure-socket.ts'
import { socketBelow } from './socket-below.ts'
import { passAddressesOn } from './told-addresses.ts'

/** Told of every handshake that ended, for metrics. */
export type OnHandshake = (listener: string, result: 'completed' | 'failed') => void

/** Who is told, and of which port. */
export interface HandshakeWatch {
  readonly handshakes: OnHandshake
  readonly refusals: Pick<Refusals, 'handshake'>
  readonly listener: FailedHandshake['listener']
}

/** Ends the sockets of failed handshakes and tells of them. */
export function watchHandshakes(
  server: Server,
  { handshakes, refusals, listener }: HandshakeWatch,
): void {
  // First of all: who takes the socket asks for its addresses.
  server.prependListener('secureConnection', passAddressesOn)
  server.on('secureConnection', () => handshakes(listener, 'completed'))
  // Once a socket is closed nobody knows any more where it came from.
  const addresses = new WeakMap<Socket, string>()
  server.prependListener('connection', (socket: Socket) => {
    addresses.set(socket, plainIp(socket.remoteAddress ?? ''))
  })
  server.on('tlsClientError', (cause: NodeJS.ErrnoException, socket: TLSSocket) => {
    handshakes(listener, 'failed')
    const below = socketBelow(socket)
    const serverName = typeof socket.servername === 'string' ? socket.servername : undefined
    const code = isUnknownHost(cause) ? 'UNKNOWN_HOST' : (cause.code ?? cause.message)
    // Who opens a connection and says nothing, as a health check does, was refused nothing.
    const silent = code === 'ECONNRESET' && serverName === undefined && !(below?.bytesRead ?? 0)
    if (!silent) {
      const sourceIp = (below && addresses.get(below)) ?? plainIp(socket.remoteAddress ?? '')
      refusals.handshake({ code, listener, sourceIp, serverName })
    }
    socket.destroy()
  })
}

/**
 * Told of a client that leaves right after its handshake, without a word.
 *
 * @param orderly - it closed its side, and its socket is still there; false: it was cut off
 */
export type LeftSilently = (orderly: boolean) => void

/**
 * What to call when a client leaves right after its handshake. Who shows no certificate and closes in
 * good order looked at the port, as a balancer's check does, and was refused nothing.
 */
export function leftSilently(
  socket: SecureSocket,
  { refusals, listener }: Pick<HandshakeWatch, 'refusals' | 'listener'>,
): LeftSilently {
  const sourceIp = plainIp(socket.remoteAddress ?? '')
  const serverName = serverNameOf(socket)
  return (orderly) => {
    if (orderly && leafOf(socket) === undefined) return
    refusals.handshake({ code: 'CLIENT_LEFT', listener, sourceIp, serverName })
  }
}

/** An SNI host that is none of this server's; the handshake fails with it (gateway G6). */
export class UnknownHostError extends Error {
  override readonly name = 'UnknownHostError'
}

function isUnknownHost(cause: unknown): boolean {
  return cause instanceof UnknownHostError
}
