/** Binding a TCP listener of any protocol. */
import type { AddressInfo, Server, Socket } from 'node:net'

/** A listener that is up. */
export interface RunningListener {
  readonly port: number
  /** Stops listening, ends connections and resolves once the port is free. */
  close(): Promise<void>
}

/** Where to listen. */
export interface ListenAddress {
  readonly bind: string
  /** 0: a free one. */
  readonly port: number
}

/** How long what is open may take to end: farewells are sent by then, answers on their way. */
const closingMs = 300

/**
 * Starts listening and keeps track of open sockets, so that closing ends them: sockets that a
 * server gave away (TLS, upgraded) are not its own any more, but hold its port all the same.
 *
 * Rejects with the system's error when the port is taken or may not be bound.
 */
export function listen(server: Server, { bind, port }: ListenAddress): Promise<RunningListener> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      const kill = setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, closingMs)
      server.close(() => {
        clearTimeout(kill)
        resolve()
      })
    })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: bind, backlog: 4096 }, () => {
      server.off('error', reject)
      resolve({ port: (server.address() as AddressInfo).port, close })
    })
  })
}
