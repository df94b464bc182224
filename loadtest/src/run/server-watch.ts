/** Looks at the server while a run lasts: what it uses, and whether it is there. */
import { growthPerHour } from '@muster/fleet'
import { serverUsage, type AdminTarget, type ServerUsage } from '@muster/fleet/control'

const LOOK_EVERY_MS = 500
const SAMPLES_MAX = 4000

/** A server that is watched. */
export class ServerWatch {
  readonly #target: AdminTarget
  readonly #outageMs: number
  readonly #gone: (why: string) => void
  readonly #timer: NodeJS.Timeout
  #memory: (readonly [atMs: number, rssBytes: number])[] = []
  #looking = false
  #answeredAtMs: number | undefined
  last: ServerUsage | undefined

  /** @param gone - told once, when it gave no answer for so long though it did before */
  constructor(target: AdminTarget, outageSeconds: number, gone: (why: string) => void) {
    this.#target = target
    this.#outageMs = outageSeconds * 1000
    this.#gone = gone
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS)
    this.#timer.unref()
  }

  /** One look; undefined where the server does not tell. */
  async look(): Promise<ServerUsage | undefined> {
    if (this.#looking) return this.last
    this.#looking = true
    const usage = await serverUsage(this.#target)
    this.#looking = false
    const nowMs = performance.now()
    if (usage !== undefined) {
      this.last = usage
      this.#answeredAtMs = nowMs
      this.#memory.push([nowMs, usage.rssBytes])
      if (this.#memory.length > SAMPLES_MAX)
        this.#memory = this.#memory.filter((_, at) => at % 2 === 0)
      return usage
    }
    if (this.#answeredAtMs !== undefined && nowMs - this.#answeredAtMs >= this.#outageMs) {
      const seconds = ((nowMs - this.#answeredAtMs) / 1000).toFixed(1)
      this.#answeredAtMs = undefined
      this.#gone(`the server gave no answer for ${seconds} s`)
    }
    return undefined
  }

  /** How fast memory grew, bytes an hour, by least squares; undefined before there is enough to say. */
  memorySlopePerHour(): number | undefined {
    return growthPerHour(this.#memory.map(([atMs, rssBytes]) => [atMs / 1000, rssBytes] as const))
  }

  close(): void {
    clearInterval(this.#timer)
  }
}
