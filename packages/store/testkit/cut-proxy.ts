/** A wire to a server that can be cut at the worst moment. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** What happens to bytes from now on. */
export type Wire =
  /** They pass. */
  | 'whole'
  /** The next question reaches the server; its answer is swallowed, and then the wire breaks. */
  | 'answer lost'
  /** The next question breaks the wire before it reaches the server. */
  | 'question lost'
  /** Nothing passes and nothing breaks; new connections neither. */
  | 'silent'

/** A proxy before one port of loopback. */
export class CutProxy {
  wire: Wire = 'whole'
  readonly #port: number
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((client) => this.#join(client))

  constructor(port: number) {
    this.#port = port
  }

  /** @returns the port to connect to */
  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return (this.#server.address() as AddressInfo).port
  }

  /** Breaks every connection. */
  break(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  close(): void {
    this.#server.close()
    this.break()
  }

  #join(client: Socket): void {
    const server = connect(this.#port, '127.0.0.1')
    const both = [client, server]
    for (const socket of both) {
      this.#sockets.add(socket)
      // Whoever breaks it, the other end is told.
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        for (const one of both) one.destroy()
      })
    }
    client.on('data', (bytes) => {
      if (this.wire === 'question lost') {
        this.wire = 'whole'
        client.destroy()
      } else if (this.wire !== 'silent') server.write(bytes)
    })
    server.on('data', (bytes) => {
      if (this.wire === 'answer lost') {
        this.wire = 'whole'
        client.destroy()
      } else if (this.wire !== 'silent') client.write(bytes)
    })
  }
}
