/**
 * HTTPS as one device speaks it: a connection of its own, kept alive, one request at a time on it.
 * Answers are told by a callback: for thousands a second a promise each is dear.
 */
import { isIPv6 } from 'node:net'
import type { SecureContext, TLSSocket } from 'node:tls'
import { openTlsSocket, type DeviceEndpoint } from '@muster/device'
import { present } from '@muster/model'
import { Client, type Dispatcher } from 'undici'

/** Who asks, and where. */
export interface LeanHttpsOptions {
  readonly endpoint: DeviceEndpoint
  /** The device's certificate; it is dear to make, and can be used again. */
  readonly secureContext: SecureContext
  readonly localAddress?: string | undefined
  /** How long a connection or an answer may take, milliseconds; default 10 000. */
  readonly timeoutMs?: number
}

/** What came of a request. */
export interface LeanAnswer {
  /** 0 without an answer. */
  readonly status: number
  /** AWS's name of the error; empty where there is none. */
  readonly errorType: string
  readonly body: string
  /** Why there is no answer. */
  readonly cause?: Error
}

/** A device's connection, opened at its first request and again whenever it is gone. */
export class LeanHttps {
  readonly #client: Client
  #isOpen = false

  /** @param connected - told whenever a connection is open */
  constructor(options: LeanHttpsOptions, connected: (socket: TLSSocket) => void = () => {}) {
    const { endpoint, localAddress, secureContext, timeoutMs = 10_000 } = options
    const port = endpoint.httpsPort ?? 8443
    const host = endpoint.serverName ?? endpoint.host
    this.#client = new Client(`https://${isIPv6(host) ? `[${host}]` : host}:${port}`, {
      allowH2: false,
      pipelining: 1,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      // Longer than servers do, who close first; a device that rests keeps its connection.
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      connect: (_target, callback) => {
        const tls = { secureContext, ...present({ localAddress }) }
        const socket = openTlsSocket(endpoint, port, undefined, tls)
        const failed = (cause: Error): void => callback(cause, null)
        const late = (): void => void socket.destroy(new Error('connection timed out'))
        socket.setTimeout(timeoutMs, late)
        socket.once('error', failed)
        socket.once('secureConnect', () => {
          socket.setTimeout(0)
          socket.off('timeout', late)
          socket.off('error', failed)
          this.#isOpen = true
          socket.once('close', () => (this.#isOpen = false))
          connected(socket)
          callback(null, socket)
        })
      },
    })
  }

  /** Whether a connection is open. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Asks; requests on one connection go one after the other. */
  request(
    method: 'GET' | 'PUT' | 'POST',
    path: string,
    body: string | Buffer | null,
    answered: (answer: LeanAnswer) => void,
  ): void {
    this.#client.dispatch({ method, path, body }, new Exchange(answered))
  }

  /** Closes at once, whatever is under way. */
  async destroy(): Promise<void> {
    await this.#client.destroy()
  }
}

const KEEP_ALIVE_MS = 600_000

/** One request's answer as it comes. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #answered: (answer: LeanAnswer) => void
  #status = 0
  #errorType = ''
  #first: Buffer | undefined
  #more: Buffer[] | undefined

  constructor(answered: (answer: LeanAnswer) => void) {
    this.#answered = answered
  }

  onRequestStart(): void {}

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status
    if (status >= 400) {
      this.#errorType = String(headers['x-amzn-errortype'] ?? '').split(':')[0] ?? ''
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#first === undefined) this.#first = chunk
    else (this.#more ??= [this.#first]).push(chunk)
  }

  onResponseEnd(): void {
    const whole = this.#more === undefined ? this.#first : Buffer.concat(this.#more)
    const body = whole?.toString() ?? ''
    this.#answered({ status: this.#status, errorType: this.#errorType, body })
  }

  onResponseError(_controller: Dispatcher.DispatchController, cause: Error): void {
    this.#answered({ status: 0, errorType: '', body: '', cause })
  }
}
