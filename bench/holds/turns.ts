/**
 * How long a process holds its event loop: the longest of its turns, as the clock sees it and as CPU
 * that the thread itself used. Other processes lengthen the first, not the second.
 */

/** The longest turn of a span of time, in milliseconds. */
export interface LongestTurn {
  readonly wallMs: number
  readonly ownMs: number
}

/** Watches turns from one {@link TurnMeter.begin} to the next {@link TurnMeter.end}. */
export class TurnMeter {
  #isWatching = false
  #wallMs = 0
  #ownMs = 0
  #lastWallMs = 0
  #lastOwnMs = 0

  begin(): void {
    this.#isWatching = true
    this.#wallMs = 0
    this.#ownMs = 0
    this.#lastWallMs = performance.now()
    this.#lastOwnMs = ownMs()
    setImmediate(this.#turn)
  }

  end(): LongestTurn {
    this.#isWatching = false
    return { wallMs: this.#wallMs, ownMs: this.#ownMs }
  }

  readonly #turn = (): void => {
    if (!this.#isWatching) return
    const wallMs = performance.now()
    const own = ownMs()
    this.#wallMs = Math.max(this.#wallMs, wallMs - this.#lastWallMs)
    this.#ownMs = Math.max(this.#ownMs, own - this.#lastOwnMs)
    this.#lastWallMs = wallMs
    this.#lastOwnMs = own
    setImmediate(this.#turn)
  }
}

function ownMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
