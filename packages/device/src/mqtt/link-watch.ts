/**
 * Why a connection ended. AWS refuses an MQTT 3.1.1 CONNECT, PUBLISH or SUBSCRIBE by closing
 * without a packet (gateway G10, G34, G42), so the device can only tell by what it was waiting for.
 */
import type { Duplex } from 'node:stream'

/** Why a connection ended or could not be made. */
export interface LinkDown {
  /**
   * - `unreachable`: no TCP connection: nothing listens, no route, no answer
   * - `tls`: the handshake failed
   * - `refused`: closed, or CONNACK with an error, in answer to CONNECT
   * - `denied`: closed while a publish or subscribe waited for its acknowledgement
   * - `closed`: ended by the server or the network at any other time
   * - `timeout`: no CONNACK in time
   * - `stopped`: ended by this device
   */
  readonly kind: 'unreachable' | 'tls' | 'refused' | 'denied' | 'closed' | 'timeout' | 'stopped'
  /** For people: the system's error, the reason code, or the request that was waiting. */
  readonly detail: string
  /** CONNACK return code or DISCONNECT reason code, if one came. */
  readonly reasonCode?: number
}

/** Follows one connection from its socket to its end. */
export class LinkWatch {
  #tcp = false
  #tls = false
  #accepted = false
  #peerEnded = false
  #error: Error | undefined
  #reasonCode: number | undefined
  #waiting = new Set<string>()

  /** Watches `socket` and gives it back. */
  socket<S extends Duplex>(socket: S): S {
    socket.once('connect', () => (this.#tcp = true))
    socket.once('secureConnect', () => (this.#tls = true))
    socket.once('end', () => (this.#peerEnded = true))
    socket.once('error', (error: Error) => (this.#error ??= error))
    return socket
  }

  accepted(): void {
    this.#accepted = true
  }

  failed(error: Error): void {
    const code = (error as { code?: unknown }).code
    if (typeof code === 'number') this.#reasonCode = code
    this.#error ??= error
  }

  disconnected(reasonCode: number | undefined): void {
    if (reasonCode !== undefined) this.#reasonCode = reasonCode
  }

  requestSent(what: string): void {
    this.#waiting.add(what)
  }

  requestAnswered(what: string): void {
    this.#waiting.delete(what)
  }

  /** The reason, now that the connection has ended. */
  down(error: Error | undefined = this.#error): LinkDown {
    const detail = error?.message ?? ''
    const code = this.#reasonCode === undefined ? {} : { reasonCode: this.#reasonCode }
    const timedOut = /connack timeout|ETIMEDOUT/i.test(detail)
    if (!this.#tcp && !this.#tls) {
      return { kind: timedOut ? 'timeout' : 'unreachable', detail: detail || 'no connection' }
    }
    if (timedOut && !this.#accepted) return { kind: 'timeout', detail }
    const byPeer = this.#peerEnded || this.#reasonCode !== undefined || error !== undefined
    if (!byPeer) return { kind: 'stopped', detail: 'closed by this device' }
    if (!this.#tls) return { kind: 'tls', detail: detail || 'closed during the TLS handshake' }
    if (!this.#accepted) {
      return { kind: 'refused', detail: detail || 'closed instead of CONNACK', ...code }
    }
    const [waiting] = this.#waiting
    if (waiting !== undefined)
      return { kind: 'denied', detail: `closed during ${waiting}`, ...code }
    return { kind: 'closed', detail: detail || 'closed by the server', ...code }
  }
}
