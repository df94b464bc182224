/**
 * One MQTT client's socket, TLS or WebSocket stream, joined to the broker.
 */
import type { Broker, BrokerConnection, Peer, Transport } from '@muster/broker'
import type { CancelAlarm } from '@muster/clock'
import type { Machine } from '../machine.ts'
import type { LeftSilently } from './handshakes.ts'
import type { MqttOutbox, Outgoing } from './mqtt-outbox.ts'
import { MqttPace } from './mqtt-pace.ts'
import { PendingBytes } from './pending-bytes.ts'
import { MqttReading } from './mqtt-reading.ts'

/**
 * How long a closing socket may take to hand over its last bytes. Until then what still comes is
 * read and dropped: closing on unread bytes would reset the connection, and the client might never
 * see the DISCONNECT that says why.
 */
const farewellMs = 2_000

/** What of a socket is used; TLS sockets, WebSocket streams and those of a link have it. */
export interface MqttSocket {
  readonly destroyed: boolean
  readonly writableEnded: boolean
  /** Bytes written that are not taken yet. */
  readonly writableLength: number
  /** Whether anything was received. */
  readonly readableDidRead: boolean
  on(event: 'data', listener: (bytes: Buffer) => void): unknown
  on(event: 'drain' | 'error' | 'end' | 'close', listener: () => void): unknown
  write(bytes: Uint8Array): unknown
  end(): unknown
  destroy(): unknown
  pause(): unknown
  resume(): unknown
  isPaused(): boolean
}

/** What MQTT sockets are joined to. */
export interface MqttGateway {
  readonly broker: Broker
  readonly outbox: MqttOutbox
  readonly setTimer: Machine['setTimer']
  /** What one connection may send, and be sent, a second; undefined: any amount (gateway G35). */
  readonly connectionBytesPerSecondMax: number | undefined
}

/**
 * Hands a socket's bytes to the broker, and the broker's to the socket.
 *
 * @param socket - past its handshake; nobody else reads it
 * @param left - told when the client leaves without having said a word
 */
export function attachMqtt(
  gateway: MqttGateway,
  socket: MqttSocket,
  peer: Peer,
  left?: LeftSilently,
): BrokerConnection {
  const transport = new SocketTransport(socket, gateway)
  const connection = gateway.broker.open(transport, peer)
  const reading = new MqttReading({
    socket,
    connection,
    transport,
    bytesPerSecondMax: gateway.connectionBytesPerSecondMax,
  })
  socket.on('data', (bytes: Buffer) => {
    if (!transport.closing) transport.answer(reading, bytes)
  })
  const drained = (): void => {
    connection.drained()
    reading.proceed()
  }
  transport.onDrained = drained
  socket.on('drain', drained)
  socket.on('error', () => {})
  let isGone = false
  const leave = (orderly: boolean): void => {
    if (!isGone && !socket.readableDidRead && !transport.closing) left?.(orderly)
    isGone = true
    connection.lost()
  }
  socket.on('end', () => leave(true))
  socket.on('close', () => {
    leave(false)
    transport.stop()
    reading.stop()
  })
  return connection
}

/**
 * {@link attachMqtt} for a socket whose handshake has just ended. A handshake holds the thread for
 * half a millisecond or more: whoever waits behind it is served before its CONNECT is read. Until
 * then the TLS server hears the socket's errors.
 */
export function attachHandshaken(
  gateway: MqttGateway,
  socket: MqttSocket,
  peer: Peer,
  left: LeftSilently,
): void {
  let isAttached = false
  let isOver = false
  socket.on('end', () => {
    if (isAttached) return
    isOver = true
    left(true)
  })
  // Two: the first comes up before the event loop looks at sockets again.
  setImmediate(() =>
    setImmediate(() => {
      if (isOver) return
      isAttached = true
      if (socket.destroyed) left(false)
      else attachMqtt(gateway, socket, peer, left)
    }),
  )
}

class SocketTransport implements Transport, Outgoing {
  readonly #socket: MqttSocket
  readonly #outbox: MqttOutbox
  readonly #pending = new PendingBytes()
  /** The client's own bytes are being handled: what to do with the answers is decided after them. */
  #answering = false
  #closing = false
  readonly #setTimer: Machine['setTimer']
  #cancelFarewell: CancelAlarm | undefined
  readonly #pace: MqttPace
  #wasHeld = false
  /** Called when bytes that the pace held back have left; the socket tells of others itself. */
  onDrained: () => void = () => {}

  constructor(socket: MqttSocket, { outbox, setTimer, connectionBytesPerSecondMax }: MqttGateway) {
    this.#socket = socket
    this.#setTimer = setTimer
    this.#outbox = outbox
    this.#pace = new MqttPace(connectionBytesPerSecondMax, () => {
      this.#wasHeld = true
      this.#pending.mark(this.#outbox.turn)
      this.#await()
    })
  }

  /** The broker is done with this socket. */
  get closing(): boolean {
    return this.#closing
  }

  get bufferedBytes(): number {
    return this.#pending.bytes + this.#socket.writableLength
  }

  send(bytes: Uint8Array): void {
    this.#pending.push(this.#outbox.turn, bytes)
    this.#await()
  }

  close(): void {
    this.#closing = true
    this.#pace.stop()
    this.#pending.mark(this.#outbox.turn)
    this.#await()
  }

  /**
   * Has received bytes handled and writes what the client is answered, when no commit must come
   * first: at the end of the turn it would wait for everything else that is read in it, other
   * clients' handshakes too.
   */
  answer(reading: MqttReading, bytes: Uint8Array): void {
    this.#answering = true
    reading.take(bytes)
    this.#answering = false
    if (this.#pending.isEmpty) return
    if (this.#outbox.durable && !this.#pace.holds && !this.#closing) this.#write(Infinity)
    else this.#await()
  }

  flush(turn: number): void {
    if (this.#pace.holds && !this.#closing) {
      this.#pending.hold(turn)
      return
    }
    this.#write(turn)
    const socket = this.#socket
    if (this.#wasHeld) {
      this.#wasHeld = false
      this.onDrained()
    }
    if (!this.#closing || !this.#pending.isEmpty) return
    if (socket.destroyed || socket.writableEnded) return
    socket.end()
    socket.resume()
    this.#cancelFarewell = this.#setTimer(() => socket.destroy(), farewellMs)
  }

  fail(): void {
    this.#pending.take(Infinity)
    this.#socket.destroy()
  }

  /** The socket is gone. */
  stop(): void {
    this.#cancelFarewell?.()
    this.#pace.stop()
  }

  /** Writes what was sent until a turn, and in it. */
  #write(turn: number): void {
    const socket = this.#socket
    const bytes = this.#pending.take(turn)
    if (bytes === undefined) return
    if (bytes.byteLength > 0 && !socket.destroyed && !socket.writableEnded) socket.write(bytes)
    if (!this.#closing) this.#pace.take(bytes.byteLength)
  }

  #await(): void {
    if (this.#answering) return
    const turn = this.#pending.unawaited()
    if (turn !== undefined) this.#outbox.add(this, turn)
  }
}
