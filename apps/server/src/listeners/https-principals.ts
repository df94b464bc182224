import type { Socket } from 'node:net'

/** The certificates that ask over HTTPS and have a connection open: as many as connections at most. */
export class HttpsPrincipals {
  readonly #known = new WeakSet<Socket>()
  /** Open connections by certificate. */
  readonly #connections = new Map<string, number>()

  /** A request was authenticated; more on the same connection change nothing. */
  asked(socket: Socket, certificateId: string): void {
    if (this.#known.has(socket)) return
    this.#known.add(socket)
    this.#connections.set(certificateId, (this.#connections.get(certificateId) ?? 0) + 1)
    socket.once('close', () => {
      const left = (this.#connections.get(certificateId) ?? 1) - 1
      if (left > 0) this.#connections.set(certificateId, left)
      else this.#connections.delete(certificateId)
    })
  }

  /** Their ids, each once. */
  ids(): Iterable<string> {
    return this.#connections.keys()
  }
}
