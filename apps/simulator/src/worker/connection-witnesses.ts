/**
 * What the other devices of a process saw when one device's request was cut. A denial is one device's; a
 * server that goes takes everybody's connection with it, also of those who asked for nothing.
 */

/** Ends of connections within so long of each other may have one cause. */
const TOGETHER_MS = 2000
/** MQTT 5: the server shuts down; other codes are about one client. */
const SHUTTING_DOWN = 139
/** Moments with ends that are remembered: hours of them. */
const MOMENTS_MAX = 10_000

/** What happened to the server when a connection was cut. */
export type Witnessed = 'it stayed' | 'it went' | 'nobody knows'

/** The devices of a process that are told of nothing but the server: no faults of a network are theirs. */
export class ConnectionWitnesses {
  /** When each connection began, the oldest first; epoch milliseconds of the wall. */
  readonly #sinceMs = new Map<object, number>()
  /** Moments of {@link TOGETHER_MS} in which connections ended that waited for nothing. */
  readonly #moments = new Set<number>()

  connected(device: object, nowMs: number): void {
    this.#sinceMs.delete(device)
    this.#sinceMs.set(device, nowMs)
  }

  left(device: object): void {
    this.#sinceMs.delete(device)
  }

  /**
   * The server ended a connection that waited for no answer.
   *
   * @param reasonCode - of the DISCONNECT that said why, over MQTT 5
   */
  cutWhileIdle(nowMs: number, reasonCode?: number): void {
    if (reasonCode !== undefined && reasonCode !== SHUTTING_DOWN) return
    this.#moments.add(momentOf(nowMs))
    if (this.#moments.size <= MOMENTS_MAX) return
    for (const oldest of this.#moments) {
      this.#moments.delete(oldest)
      return
    }
  }

  /**
   * What those saw whose connection was there.
   *
   * @param cutAtMs - when one was cut, that of a device which has none since, or a newer one
   */
  ofCut(cutAtMs: number): Witnessed {
    const moment = momentOf(cutAtMs)
    const othersCut = [moment - 1, moment, moment + 1].some((one) => this.#moments.has(one))
    if (!othersCut) return 'it stayed'
    const [oldestMs = Infinity] = this.#sinceMs.values()
    return oldestMs < cutAtMs ? 'nobody knows' : 'it went'
  }
}

function momentOf(ms: number): number {
  return Math.floor(ms / TOGETHER_MS)
}
