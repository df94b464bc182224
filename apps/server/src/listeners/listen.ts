/** Binding a TCP listener of any protocol. */
import type { AddressInfo, BlockList, Server, Socket } from 'node:net'
import { proxyFront } from './proxy-protocol.ts'

/** A listener that is up. */
export interface RunningListener {
  readonly port: number
  /** Stops listening and frees the port; connections stay. */
  stopAccepting(): void
  /** Stops listening, ends connections and resolves once the port is free. */
  close(): Promise<void>
}

/** Where to listen. */
export interface ListenAddress {
  readonly bind: string
  /** 0: a free one. */
  readonly port: number
  /** Other processes of this user may listen on it too; the system shares connections out. */
  readonly shared?: boolean
  /** Balancers that say whom a connection is from; undefined: none. */
  readonly proxies?: Proxies | undefined
}

/** Balancers, and who is told of one that says nothing. */
export interface Proxies {
  readonly sources: BlockList
  failed(sourceIp: string): void
}

/** How long what is open may take to end: farewells are sent by then, answers on their way. */
const closingMs = 300

/**
 * Starts listening and keeps track of open sockets, so that closing ends them: sockets that a
 * server gave away (TLS, upgraded) are not its own any more, but hold its port all the same.
 *
 * Rejects with the system's error when the port is taken or may not be bound.
 */
export function listen(
  behind: Server,
  { bind, port, proxies, shared = false }: ListenAddress,
): Promise<RunningListener> {
  const server =
    proxies === undefined ? behind : proxyFront(behind, proxies.sources, proxies.failed)
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> =>
    (stopped ??= new Promise((resolve) => server.close(() => resolve())))
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const close = async (): Promise<void> => {
    const kill = setTimeout(() => {
      for (const socket of sockets) socket.destroy()
    }, closingMs)
    await stop()
    clearTimeout(kill)
  }
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    // Where the system cannot share a port, a cluster of Node's does it for its workers.
    const reusePort = shared && process.platform === 'linux'
    server.listen({ port, host: bind, backlog: 4096, exclusive: !shared, reusePort }, () => {
      server.off('error', reject)
      const { port: taken } = server.address() as AddressInfo
      resolve({ port: taken, stopAccepting: () => void stop(), close })
    })
  })
}
