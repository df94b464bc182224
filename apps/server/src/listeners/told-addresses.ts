/** Addresses of a connection that somebody else told, in the place of the socket's own. */
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { socketBelow } from './socket-below.ts'

/** Who is connected with whom. */
export interface Addresses {
  readonly remoteAddress: string
  readonly remotePort: number
  readonly localAddress: string
  readonly localPort: number
}

const told = new WeakMap<Socket, Addresses>()

/** From now on the socket says these addresses. */
export function keepAddresses(socket: Socket, addresses: Addresses): void {
  told.set(socket, addresses)
  for (const [name, value] of Object.entries(addresses)) {
    Object.defineProperty(socket, name, { value, configurable: true })
  }
}

/** A TLS socket says what was told of the socket that it is on. */
export function passAddressesOn(socket: TLSSocket): void {
  const below = socketBelow(socket)
  const addresses = below && told.get(below)
  if (addresses !== undefined) keepAddresses(socket, addresses)
}
