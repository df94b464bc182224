/**
 * One connection that sends requests made beforehand, one at a time: so lean that the client is not
 * what is measured. It looks for the end of an answer and for its status, and for nothing else.
 */
import { connect, type Socket } from 'node:net'
import { connect as connectTls, type SecureContext } from 'node:tls'

/** Where requests go. */
export interface ExchangeTarget {
  readonly port: number
  /** With a device's certificate: mutual TLS. */
  readonly secureContext?: SecureContext
}

/** A connection's next request; undefined: there is none, and the connection ends. */
export type NextRequest = () => Buffer | undefined

/** Told of every answer. */
export type Answered = (status: number) => void

/** Sends until there is nothing to send; connects again where the server ends a connection. */
export class Exchange {
  readonly #target: ExchangeTarget
  readonly #next: NextRequest
  readonly #answered: Answered
  #socket: Socket | undefined
  #received = ''
  #waiting = false

  constructor(target: ExchangeTarget, next: NextRequest, answered: Answered) {
    this.#target = target
    this.#next = next
    this.#answered = answered
    this.#connect()
  }

  /** Ends without waiting for an answer. */
  end(): void {
    this.#socket?.removeAllListeners()
    this.#socket?.on('error', () => {})
    this.#socket?.destroy()
    this.#socket = undefined
  }

  #connect(): void {
    const { port, secureContext } = this.#target
    const socket =
      secureContext === undefined
        ? connect(port, '127.0.0.1', () => this.#send())
        : connectTls(
            {
              port,
              host: '127.0.0.1',
              servername: 'localhost',
              secureContext,
              checkServerIdentity,
            },
            () => this.#send(),
          )
    this.#socket = socket
    socket.setNoDelay(true)
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => this.#read(text))
    socket.on('error', () => this.#broken())
    socket.on('close', () => this.#broken())
  }

  /** A server that answers and closes, as HTTP/1.0 ones do, is asked on a new connection. */
  #broken(): void {
    if (this.#socket === undefined) return
    if (this.#waiting) this.#answered(0)
    this.end()
    this.#waiting = false
    this.#received = ''
    this.#connect()
  }

  #send(): void {
    const request = this.#next()
    if (request === undefined) {
      this.end()
      return
    }
    this.#waiting = true
    this.#socket?.write(request)
  }

  #read(text: string): void {
    this.#received = this.#received === '' ? text : this.#received + text
    const head = this.#received.indexOf('\r\n\r\n')
    if (head < 0 || !isWhole(this.#received, head)) return
    const status = Number(this.#received.slice(9, 12))
    const isLast = closeHeader.test(this.#received.slice(0, head + 2))
    this.#received = ''
    this.#waiting = false
    this.#answered(status)
    if (isLast) {
      this.end()
      this.#connect()
    } else this.#send()
  }
}

/** The certificate of each server is the same one, and its authority is trusted. */
function checkServerIdentity(): undefined {
  return undefined
}

const closeHeader = /\r\nconnection: *close\r\n/i
const lengthHeader = /\r\ncontent-length: *(\d+)/i

function isWhole(received: string, head: number): boolean {
  const length = lengthHeader.exec(received)?.[1]
  if (length !== undefined) return received.length >= head + 4 + Number(length)
  if (received.slice(9, 12) === '204') return true
  return received.endsWith('\r\n0\r\n\r\n')
}
