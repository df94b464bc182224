/** An MQTT client that costs the generator little: one socket, packets counted by their first byte. */
import { connect, type SecureContext, type TLSSocket } from 'node:tls'
import { generate } from 'mqtt-packet'

const farewell = generate({ cmd: 'disconnect' })

export interface LeanClientOptions {
  readonly port: number
  readonly clientId: string
  readonly context: SecureContext
  /** Called with the packet type (3: PUBLISH) of each packet after CONNACK. */
  onPacket(type: number, client: LeanClient): void
}

/** How a connection failed. */
export type Failure = (cause: Error) => void

export class LeanClient {
  readonly clientId: string
  readonly socket: TLSSocket
  readonly #options: LeanClientOptions
  #rest: Buffer | undefined
  #connected = false

  constructor(options: LeanClientOptions, connected: () => void, failed: Failure) {
    this.#options = options
    this.clientId = options.clientId
    this.socket = connect({
      host: '127.0.0.1',
      port: options.port,
      servername: 'localhost',
      secureContext: options.context,
      rejectUnauthorized: false,
      ecdhCurve: 'X25519',
    })
    this.socket.setNoDelay(true)
    this.socket.on('error', failed)
    this.socket.on('close', () => failed(new Error(`${options.clientId} was closed`)))
    const { clientId } = options
    this.socket.write(generate({ cmd: 'connect', clientId, clean: true, keepalive: 600 }))
    this.socket.on('data', (bytes: Buffer) => {
      const all = this.#rest === undefined ? bytes : Buffer.concat([this.#rest, bytes])
      let at = 0
      for (;;) {
        const end = packetEnd(all, at)
        if (end === undefined) break
        const type = (all[at] ?? 0) >> 4
        at = end
        if (this.#connected) this.#options.onPacket(type, this)
        else {
          this.#connected = true
          connected()
        }
      }
      this.#rest = at === all.length ? undefined : all.subarray(at)
    })
  }

  write(bytes: Uint8Array): void {
    this.socket.write(bytes)
  }

  /** Says DISCONNECT and closes. */
  end(): void {
    this.socket.removeAllListeners('close')
    this.socket.removeAllListeners('error')
    this.socket.on('error', () => {})
    this.socket.end(farewell)
  }
}

/** Where the packet that begins at `at` ends; undefined when it is not whole. */
function packetEnd(bytes: Buffer, at: number): number | undefined {
  let remaining = 0
  let position = at + 1
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[position++]
    if (byte === undefined) return undefined
    remaining |= (byte & 0x7f) << shift
    if (byte < 0x80) break
  }
  const end = position + remaining
  return end > bytes.length ? undefined : end
}
