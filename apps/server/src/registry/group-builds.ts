/**
 * Fills dynamic groups of large fleets, and erases groups that an earlier run began to, beside the
 * requests (gateway G78): one slice a turn of the event loop, each committed before the next begins.
 */
import type { GoesOn, Slices } from '../slices.ts'
import type { Turn } from '../turn.ts'

/** What a {@link GroupBuilds} works with. */
export interface GroupBuildsPorts {
  readonly turn: Turn
  readonly slices: Slices
  /** Does one slice. @returns whether more waits */
  readonly build: (goesOn: GoesOn) => boolean
  /** Told when a slice throws: a bug, or a disk that failed. */
  readonly onFault: (cause: unknown) => void
}

/** A builder that rests until it is woken. */
export class GroupBuilds {
  readonly #ports: GroupBuildsPorts
  #working: Promise<void> | undefined
  #stopped = false

  constructor(ports: GroupBuildsPorts) {
    this.#ports = ports
  }

  /** Tells that something waits to be built. */
  wake(): void {
    if (!this.#stopped) this.#working ??= this.#work()
  }

  /** Resolves when nothing waits any more. */
  async settle(): Promise<void> {
    while (this.#working !== undefined) await this.#working
  }

  /** Stops after the slice at work; what waits stays in the records. */
  stop(): void {
    this.#stopped = true
  }

  async #work(): Promise<void> {
    const { turn, slices, onFault } = this.#ports
    try {
      // Never inside the request that began the build: its reply goes first.
      do await turn.committed()
      while (await slices.slice(this.#buildSome))
      await turn.committed()
    } catch (cause) {
      this.#working = undefined
      onFault(cause)
    }
  }

  readonly #buildSome = (goesOn: GoesOn): boolean => {
    const waits = !this.#stopped && this.#ports.build(goesOn)
    // Who wakes it from here on begins anew: only the last slice's commit is still to come.
    if (!waits) this.#working = undefined
    return waits
  }
}
