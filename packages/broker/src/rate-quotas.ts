/**
 * AWS's rate quotas, a profile that is off unless asked for (gateway G20, G25, G35, G39, G123).
 * All are counted on wall time.
 */

/** Rates of a large region, per second (gateway section 8). */
export const rates = {
  connectsPerAccount: 3000,
  subscribesPerAccount: 3000,
  publishesInPerAccount: 20_000,
  publishesOutPerAccount: 20_000,
  /** Both ways together (gateway G35). */
  publishesPerConnection: 100,
  /** Waiting messages taken into sessions (gateway G25). */
  queuedPerAccount: 500,
  retainedPerAccount: 500,
} as const

/** Shortest time between two CONNECTs of one client ID, and two retained publishes to a topic. */
const spacingMs = 1000

/** Counts within seconds: at most `perSecond` from one whole second to the next. */
export class Rate {
  readonly #perSecond: number
  #second = -1
  #count = 0

  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  /** Whether one more fits into this second; counts it if so. */
  take(wallMs: number): boolean {
    const second = Math.floor(wallMs / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#count = 0
    }
    if (this.#count >= this.#perSecond) return false
    this.#count++
    return true
  }
}

/** The counters of one account. */
export class RateQuotas {
  readonly connects: Rate = new Rate(rates.connectsPerAccount)
  readonly subscribes: Rate = new Rate(rates.subscribesPerAccount)
  readonly publishesOut: Rate = new Rate(rates.publishesOutPerAccount)
  readonly queued: Rate = new Rate(rates.queuedPerAccount)
  readonly #publishesIn = new Rate(rates.publishesInPerAccount)
  readonly #retained = new Rate(rates.retainedPerAccount)
  readonly #lastConnect = new Map<string, number>()
  readonly #lastRetained = new Map<string, number>()

  /** gateway G20: one CONNECT a second for each client ID, of those who may use it. */
  mayConnect(clientId: string, wallMs: number): boolean {
    return spaced(this.#lastConnect, clientId, wallMs)
  }

  /** A publish of the account, over MQTT or HTTPS; gateway G39: retained once a second a topic. */
  mayPublish(topic: string, retain: boolean, wallMs: number): boolean {
    if (!this.#publishesIn.take(wallMs)) return false
    return !retain || (spaced(this.#lastRetained, topic, wallMs) && this.#retained.take(wallMs))
  }
}

/** Keeps only what is younger than the spacing, so that it grows with the rate, not with time. */
function spaced(last: Map<string, number>, key: string, wallMs: number): boolean {
  const before = last.get(key)
  if (before !== undefined && wallMs - before < spacingMs) return false
  last.delete(key)
  last.set(key, wallMs)
  for (const [oldest, atMs] of last) {
    if (wallMs - atMs < spacingMs) break
    last.delete(oldest)
  }
  return true
}
