/**
 * Why requests of one device were cut. Over MQTT 3.1.1 AWS denies by closing the connection (gateway
 * G10, G34, G42), and a server that goes away closes it too.
 */
import type { LinkDown } from '@muster/device'
import type { ConnectionWitnesses } from './connection-witnesses.ts'

/** MQTT 5: the server shuts down, the keep-alive ran out, the client ID was taken, an operator ended it. */
const ENDED_FOR_ANOTHER_REASON: ReadonlySet<unknown> = new Set([139, 141, 142, 152])

/** What became of a request that was cut, as far as can be told. */
export interface CutRequest {
  /** `connect`, `publish`, `subscribe`. */
  readonly what: string
  readonly cause: 'denied' | 'outage' | 'unknown'
}

interface Cut {
  readonly what: string
  /** With its topic. */
  readonly request: string
  readonly atMs: number
  readonly reasonCode: number | undefined
}

/** The cut requests of one device, each judged when it is known whether the server is there. */
export class CutRequests {
  readonly #witnesses: Pick<ConnectionWitnesses, 'ofCut'>
  #last: Cut | undefined
  /** A request that was cut, nobody knows why: when it is cut again, it is denied. */
  #unexplained: string | undefined

  constructor(witnesses: Pick<ConnectionWitnesses, 'ofCut'>) {
    this.#witnesses = witnesses
  }

  /** Takes the end of a connection that was `refused` or `denied`. */
  cut({ detail, kind, reasonCode }: LinkDown, atMs: number): void {
    const request = kind === 'refused' ? 'connect' : detail.replace(/^closed during /, '')
    this.#last = { what: request.split(' ')[0] ?? 'request', request, atMs, reasonCode }
  }

  /** A request like one that was cut is allowed: neither was denied. */
  answered(request: string): void {
    if (this.#unexplained === request) this.#unexplained = undefined
  }

  /**
   * Judges the last cut, if it was not yet.
   *
   * @param serverWasThere - whether anything listened at the next attempt to connect
   */
  settle(serverWasThere: boolean): CutRequest | undefined {
    const cut = this.#last
    if (cut === undefined) return undefined
    this.#last = undefined
    const cause = serverWasThere ? this.#causeOf(cut) : 'outage'
    this.#unexplained = cause === 'outage' ? undefined : cut.request
    return { what: cut.what, cause }
  }

  #causeOf({ atMs, reasonCode, request }: Cut): CutRequest['cause'] {
    if (reasonCode !== undefined) {
      return ENDED_FOR_ANOTHER_REASON.has(reasonCode) ? 'outage' : 'denied'
    }
    const witnessed = this.#witnesses.ofCut(atMs)
    if (witnessed !== 'nobody knows') return witnessed === 'it stayed' ? 'denied' : 'outage'
    return this.#unexplained === request ? 'denied' : 'unknown'
  }
}
