/**
 * How fast one MQTT client is read: a burst is handled over several turns of the event loop, a
 * client that does not take its replies waits, and so does one above the throughput quota. Nothing
 * is lost meanwhile: what is not read stays with the client.
 */
import type { BrokerConnection, Transport } from '@muster/broker'
import { MqttPace } from './mqtt-pace.ts'
import type { MqttSocket } from './mqtt-socket.ts'

/** Unsent bytes above which no more is read from the client, so that it cannot pile up replies. */
const unsentBytesMax = 262_144

/** What reading depends on. */
export interface Reading {
  readonly socket: Pick<MqttSocket, 'pause' | 'resume' | 'isPaused'>
  readonly connection: BrokerConnection
  /** What one connection may send a second; undefined: any amount (gateway G35). */
  readonly bytesPerSecondMax: number | undefined
  /** `bufferedBytes`: sent to the client and not taken by its socket yet. */
  readonly transport: Pick<Transport, 'bufferedBytes'>
}

/** Hands received bytes to the broker and pauses the socket whenever the client must wait. */
export class MqttReading {
  readonly #of: Reading
  /** Packets were received that the broker has yet to handle. */
  #packetsWait = false
  #nextTurn: NodeJS.Immediate | undefined
  readonly #pace: MqttPace

  constructor(of: Reading) {
    this.#of = of
    this.#pace = new MqttPace(of.bytesPerSecondMax, () => this.proceed())
  }

  take(bytes: Uint8Array): void {
    this.#packetsWait = this.#of.connection.receive(bytes)
    this.#pace.take(bytes.byteLength)
    this.proceed()
  }

  /** Reads on, unless something still holds the client up; the socket's `drain` calls it. */
  proceed(): void {
    const { socket, connection, transport } = this.#of
    if (this.#nextTurn !== undefined) return
    if (this.#pace.holds || transport.bufferedBytes > unsentBytesMax) {
      socket.pause()
      return
    }
    if (!this.#packetsWait) {
      if (socket.isPaused()) socket.resume()
      return
    }
    socket.pause()
    this.#nextTurn = setImmediate(() => {
      this.#nextTurn = undefined
      this.#packetsWait = connection.proceed()
      this.proceed()
    })
  }

  /** The socket is gone. */
  stop(): void {
    this.#pace.stop()
    clearImmediate(this.#nextTurn)
  }
}
