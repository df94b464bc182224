/**
 * Server-sent events: an answer that goes on until the client leaves. Listeners are bounded, and
 * one that does not read what it is sent is dropped.
 */
import type { ServerResponse } from 'node:http'
import type { EventsAnswer, ServerEvent } from '../mount.ts'

/** Most listeners at a time. */
const listenersMax = 32
/** Bytes that may wait for a listener. */
const unreadBytesMax = 262_144
/** A comment now and then keeps what is between from closing a quiet stream. */
const quietMs = 15_000

/** The open streams of one server. */
export class EventStreams {
  #open = 0

  /** Whether there is room for another. */
  get full(): boolean {
    return this.#open >= listenersMax
  }

  /** Sends the events of an answer until the client is gone or too slow. */
  serve(response: ServerResponse, { events }: EventsAnswer): void {
    this.#open += 1
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    // What a client asks for at once is not what it failed to read.
    let unreadMax = Infinity
    const write = (text: string): void => {
      if (response.destroyed) return
      response.write(text)
      if (response.writableLength > unreadMax) response.destroy()
    }
    // A head without a body may wait for it: the client learns at once that it listens.
    write(': listening\n\n')
    const end = events((event) => write(textOf(event)))
    unreadMax = response.writableLength + unreadBytesMax
    response.once('drain', () => (unreadMax = unreadBytesMax))
    const quiet = setInterval(() => write(': quiet\n\n'), quietMs)
    response.once('close', () => {
      this.#open -= 1
      clearInterval(quiet)
      end()
    })
  }
}

function textOf({ name, data }: ServerEvent): string {
  return `event: ${name}\ndata: ${data}\n\n`
}
