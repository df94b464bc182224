/**
 * How long a process holds its event loop: the longest of its turns, as CPU that the thread itself used,
 * as time less what the thread waited for a core, and as the clock sees it. Other processes lengthen the
 * last one; a disk that is slow to flush also the second.
 */
import { closeSync, openSync, readSync } from 'node:fs'

/** The longest turn of a span of time by each way of looking, in milliseconds. */
export interface LongestTurn {
  readonly ownMs: number
  readonly heldMs: number
  readonly wallMs: number
}

/** Times of a thread so far. */
interface Times {
  readonly wallMs: number
  readonly ownMs: number
  /** It was ready to run, and no core was free; Linux alone tells. */
  readonly waitedMs: number
}

const NONE: LongestTurn = { ownMs: 0, heldMs: 0, wallMs: 0 }

/** Watches turns from one {@link TurnMeter.begin} to the next {@link TurnMeter.end}. */
export class TurnMeter {
  readonly #buffer = Buffer.alloc(128)
  #schedstat: number | undefined
  #last: Times | undefined
  #longest = NONE

  begin(): void {
    this.#schedstat = opened('/proc/self/schedstat')
    this.#longest = NONE
    this.#last = this.#times()
    setImmediate(this.#turn)
  }

  end(): LongestTurn {
    this.#last = undefined
    if (this.#schedstat !== undefined) closeSync(this.#schedstat)
    return this.#longest
  }

  readonly #turn = (): void => {
    if (this.#last === undefined) return
    const { wallMs, ownMs, waitedMs } = this.#last
    const now = this.#times()
    const wall = now.wallMs - wallMs
    this.#longest = {
      ownMs: Math.max(this.#longest.ownMs, now.ownMs - ownMs),
      heldMs: Math.max(this.#longest.heldMs, wall - (now.waitedMs - waitedMs)),
      wallMs: Math.max(this.#longest.wallMs, wall),
    }
    this.#last = now
    setImmediate(this.#turn)
  }

  #times(): Times {
    const { user, system } = process.threadCpuUsage()
    return {
      wallMs: performance.now(),
      ownMs: (user + system) / 1000,
      waitedMs: this.#waitedMs(),
    }
  }

  #waitedMs(): number {
    if (this.#schedstat === undefined) return 0
    const length = readSync(this.#schedstat, this.#buffer, 0, this.#buffer.length, 0)
    const [, waitedNs] = this.#buffer.toString('ascii', 0, length).split(' ')
    return Number(waitedNs) / 1e6
  }
}

function opened(file: string): number | undefined {
  try {
    return openSync(file, 'r')
  } catch {
    return undefined
  }
}
