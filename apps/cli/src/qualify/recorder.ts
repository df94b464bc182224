/** What happens on the wire of one case, as it happens. */
import type { Happening, WireEvent } from '@muster/qualify'

/** Keeps events and tells whoever waits for one. */
export class Recorder {
  readonly events: WireEvent[] = []
  readonly #startedMs = performance.now()
  #waiting = new Set<() => void>()

  record(happening: Happening): void {
    this.events.push({ atMs: Math.round(performance.now() - this.#startedMs), ...happening })
    for (const look of this.#waiting) look()
  }

  /** @returns whether it came in time */
  until(seen: () => boolean, patienceMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (came: boolean): void => {
        clearTimeout(timer)
        this.#waiting.delete(look)
        resolve(came)
      }
      const look = (): void => {
        if (seen()) end(true)
      }
      const timer = setTimeout(() => end(false), patienceMs)
      this.#waiting.add(look)
      look()
    })
  }

  /** Resolves when nothing has come for so long, at the latest after `longestMs`: some agents poll. */
  async quiet(quietMs: number, longestMs: number): Promise<void> {
    const lastMs = performance.now() + longestMs
    for (;;) {
      const before = this.events.length
      const came = await this.until(() => this.events.length > before, quietMs)
      if (!came || performance.now() > lastMs) return
    }
  }
}
