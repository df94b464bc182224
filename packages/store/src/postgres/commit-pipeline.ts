/**
 * Which turns are durable elsewhere, and which transaction comes next: turns that end while one is
 * under way gather for the one after it. Pure: told of what happens, it says what to do, so that every
 * order of events can be played.
 */

/** The row that says who leads, and up to which turn what it did is kept. */
export interface LeaderRow {
  /** Rises by one with every leader. */
  readonly epoch: number
  /** Of this epoch's leader: the last turn that is kept. */
  readonly turn: number
}

/** One transaction: it is kept only where the row says `epoch` and `after`, and sets `turn`. */
export interface PipelinedCommit {
  readonly epoch: number
  /** The turn that was kept before it. */
  readonly after: number
  /** The last of the turns in it. */
  readonly turn: number
}

/** What became of a commit that nobody answered. */
export type Finding =
  /** It was kept. */
  | 'kept'
  /** It was not: the same goes again. */
  | 'again'
  /** There was none. */
  | 'nothing'
  /** Another leads, or the database is not what it was: this one must stop. */
  | 'over'

type Done = (fault?: { readonly cause: unknown }) => void

/** The pipeline of one leader. */
export class CommitPipeline {
  readonly #epoch: number
  #kept: number
  #last: number
  #underWay: PipelinedCommit | undefined
  #isLost = false
  #over: { readonly cause: unknown } | undefined
  readonly #waiting: { readonly turn: number; readonly done: Done }[] = []

  /** @param leader - the row as this leader wrote it */
  constructor({ epoch, turn }: LeaderRow) {
    this.#epoch = epoch
    this.#kept = turn
    this.#last = turn
  }

  /** Turns that are not known to be kept. */
  get unconfirmed(): number {
    return this.#last - this.#kept
  }

  /** Why this leader is none any more. */
  get over(): { readonly cause: unknown } | undefined {
    return this.#over
  }

  /** A turn with writes ended. */
  turnEnded(): void {
    if (this.#over === undefined) this.#last += 1
  }

  /**
   * The transaction to send now, with everything that was written until now; undefined while one is
   * under way, when there is nothing, or when it is unknown what became of the last one.
   */
  next(): PipelinedCommit | undefined {
    if (this.#underWay !== undefined || this.#isLost || this.#over !== undefined) return undefined
    if (this.#last === this.#kept) return undefined
    this.#underWay = { epoch: this.#epoch, after: this.#kept, turn: this.#last }
    return this.#underWay
  }

  /** The transaction under way is kept. */
  confirmed(): void {
    if (this.#underWay === undefined || this.#over !== undefined) return
    this.#kept = this.#underWay.turn
    this.#underWay = undefined
  }

  /** The connection broke: whether the transaction under way was kept is unknown. */
  lost(): void {
    this.#isLost = true
  }

  /** There is a connection again, and this is the row. */
  found({ epoch, turn }: LeaderRow): Finding {
    if (this.#over !== undefined || epoch !== this.#epoch) return 'over'
    const underWay = this.#underWay
    if (underWay !== undefined && turn === underWay.turn) {
      this.#isLost = false
      this.confirmed()
      return 'kept'
    }
    // Less than what was confirmed: the database was put back, and holds not what clients were told.
    if (turn !== this.#kept) return 'over'
    this.#isLost = false
    return underWay === undefined ? 'nothing' : 'again'
  }

  /** Whether all is kept up to a turn, the last one when none is given. */
  isKept(turn: number = this.#last): boolean {
    return this.#over === undefined && turn <= this.#kept
  }

  /** Remembers who waits for all turns that ended until now. */
  wait(done: Done): void {
    if (this.#over !== undefined) done(this.#over)
    else this.#waiting.push({ turn: this.#last, done })
  }

  /** Tells everybody whose turns are kept, in the order of asking. @param may - asked before each */
  tell(may: () => boolean = () => true): void {
    for (;;) {
      const [first] = this.#waiting
      if (first === undefined || !this.isKept(first.turn) || !may()) return
      this.#waiting.shift()
      first.done()
    }
  }

  /** This leader is none any more: whoever waits is told so, and whoever comes. */
  stop(cause: unknown): void {
    if (this.#over !== undefined) return
    this.#over = { cause }
    for (const { done } of this.#waiting.splice(0)) done(this.#over)
  }
}
