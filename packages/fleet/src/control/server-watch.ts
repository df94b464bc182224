/** Looks at the server while a run lasts: what it uses, and whether it is there. */
import { machineMs } from '../machine-time.ts'
import type { AdminTarget } from './admin-api.ts'
import { serverUsage, type ServerUsage } from './server-usage.ts'

const LOOK_EVERY_MS = 500

/** A server that is watched. */
export class ServerWatch {
  readonly #target: AdminTarget
  readonly #outageMs: number
  readonly #gone: (why: string) => void
  readonly #timer: NodeJS.Timeout
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
    const nowMs = machineMs()
    if (usage !== undefined) {
      this.last = usage
      this.#answeredAtMs = nowMs
      return usage
    }
    if (this.#answeredAtMs !== undefined && nowMs - this.#answeredAtMs >= this.#outageMs) {
      const seconds = ((nowMs - this.#answeredAtMs) / 1000).toFixed(1)
      this.#answeredAtMs = undefined
      this.#gone(`the server gave no answer for ${seconds} s`)
    }
    return undefined
  }

  close(): void {
    clearInterval(this.#timer)
  }
}
