/**
 * Binding a TCP listener, with errors that say what to do.
 */
import type { AddressInfo, Server, Socket } from 'node:net'
import type { RunningListener } from './http.ts'

/** Where to listen, and how the user chose it. */
export interface ListenAddress {
  readonly bind: string
  /** 0: a free one. */
  readonly port: number
  /** The flag that chooses the port: `--mqtt-port`. */
  readonly flag: string
}

/** A listener that cannot start; the message names the port and the flag. */
export class ListenFault extends Error {
  override readonly name = 'ListenFault'
  /** The system's: `EADDRINUSE`. */
  readonly code: string | undefined

  constructor(message: string, code: string | undefined, cause: unknown) {
    super(message, { cause })
    this.code = code
  }
}

/**
 * Starts listening and keeps track of open sockets, so that closing ends them.
 *
 * @throws ListenFault when the port is taken or may not be bound
 */
export function listenTcp(server: Server, address: ListenAddress): Promise<RunningListener> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      // Farewells were sent by then; a client that does not take them is not waited for.
      const kill = setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, 250)
      server.once('close', () => clearTimeout(kill))
    })
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException): void => reject(listenFault(address, cause))
    server.once('error', failed)
    server.listen({ port: address.port, host: address.bind, backlog: 4096 }, () => {
      server.off('error', failed)
      resolve({ port: (server.address() as AddressInfo).port, close })
    })
  })
}

function listenFault(address: ListenAddress, cause: NodeJS.ErrnoException): ListenFault {
  const { bind, port, flag } = address
  const code = cause.code
  if (code === 'EADDRINUSE') {
    const message = `port ${port} on ${bind} is taken by another program: choose one with ${flag}`
    return new ListenFault(message, code, cause)
  }
  if (code === 'EACCES') {
    const message = `port ${port} may not be bound by this user: choose one above 1023 with ${flag}`
    return new ListenFault(message, code, cause)
  }
  return new ListenFault(
    `cannot listen on ${bind}:${port} (${flag}): ${cause.message}`,
    code,
    cause,
  )
}
