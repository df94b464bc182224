/**
 * One turn of the event loop: what arrives together commits together, and nothing leaves before. A turn
 * that wrote is two rounds of the loop where few wait for it.
 *
 * Handlers run synchronously and write to the store's open batch; replies, messages and packets
 * are effects that run after the commit. So durability costs one flush for all requests of a turn
 * (design decision 6) and sockets are written once per turn. Where nothing was written nothing must
 * be waited for: {@link Turn.durable} says so.
 *
 * Where commits become durable elsewhere, effects wait for that too, in order, while later turns go on:
 * what they tell may rest on it, whether they wrote anything or not.
 */
import type { Confirmation } from '@muster/store'

/** The batch that a turn commits; the store implements it. */
export interface Batch {
  /** Whether anything was written since the last commit. */
  readonly dirty: boolean
  /** Calls this with the first write after each commit. */
  onBatchOpened(opened: () => void): void
  /** Makes all writes since the last commit durable, or throws with none of them kept. */
  commit(): void
  /** Where commits become durable after {@link commit}; absent: they are then. */
  readonly confirmation?: Confirmation | undefined
  /** Forgets all writes since the last commit. */
  rollback(): void
}

/** Collects effects until the writes they depend on are durable. */
export interface Turn {
  /** All that was written is durable: what is known now may be told at once. */
  readonly durable: boolean
  /**
   * Rises with every turn. What is sent now may leave with what waits for the turn of this number: while
   * effects of a turn run that is durable, it is that one's.
   */
  readonly number: number
  /** Runs `effect` once this turn's writes are durable, in order of registration. */
  afterCommit(effect: () => void): void
  /** Resolves once everything written so far is durable; rejects when it never will be. */
  committed(): Promise<void>
}

interface Waiter {
  resolve(): void
  reject(cause: unknown): void
}

/**
 * Clients that were answered together ask again one after the other, and only the first of them is there
 * when the event loop looks: a turn of writes with fewer effects than this takes what the loop brings
 * next as well. That halves the flushes of a few clients.
 */
export const ENOUGH_FOR_A_FLUSH = 64

/** Who is told when a turn goes wrong. */
export interface TurnFaults {
  /**
   * The commit failed: nothing of the turn is durable or was told to anyone. What memory holds is
   * ahead of the disk now, so the server must stop; until it has, every turn ends like this.
   */
  commitFailed(cause: unknown): void
  /** An effect threw after a good commit: a bug; the other effects ran. */
  effectFailed(cause: unknown): void
}

/**
 * The server's only {@link Turn}: ends each turn of the event loop with a commit, also of what nobody
 * waits for, a membership that follows a lost connection for example.
 */
export class CommitTurn implements Turn {
  readonly #batch: Batch
  readonly #faults: TurnFaults
  readonly #afterTurn: (run: () => void) => void
  #effects: (() => void)[] = []
  #waiters: Waiter[] = []
  #scheduled = false
  #number = 1
  /** Number of the turn whose effects run. */
  #telling: number | undefined
  /** Why a commit failed: memory is ahead of the disk since then, and no later commit may hide it. */
  #broken: { readonly cause: unknown } | undefined

  /** @param afterTurn - runs the end of a turn: after all that the event loop handles now */
  constructor(
    batch: Batch,
    faults: TurnFaults,
    afterTurn: (run: () => void) => void = (run) => void setImmediate(run),
  ) {
    this.#batch = batch
    this.#faults = faults
    this.#afterTurn = afterTurn
    batch.onBatchOpened(() => this.#schedule())
    batch.confirmation?.whenOver((cause) => {
      this.#broken ??= { cause }
      faults.commitFailed(cause)
    })
  }

  get durable(): boolean {
    const { confirmation, dirty } = this.#batch
    return this.#broken === undefined && !dirty && confirmation?.settled !== false
  }

  get number(): number {
    return this.#telling ?? this.#number
  }

  afterCommit(effect: () => void): void {
    this.#effects.push(effect)
    this.#schedule()
  }

  committed(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject })
      this.#schedule()
    })
  }

  /** Ends the turn now instead of at the end of the event loop's turn. */
  end(): void {
    const effects = this.#effects
    const waiters = this.#waiters
    this.#effects = []
    this.#waiters = []
    this.#scheduled = false
    const ended = this.#number++
    try {
      if (this.#broken !== undefined) throw this.#broken.cause
      if (this.#batch.dirty) this.#batch.commit()
    } catch (cause) {
      this.#broken ??= { cause }
      if (this.#batch.dirty) this.#batch.rollback()
      for (const waiter of waiters) waiter.reject(cause)
      this.#faults.commitFailed(cause)
      return
    }
    if (effects.length === 0 && waiters.length === 0) return
    const { confirmation } = this.#batch
    if (confirmation === undefined || confirmation.settled) this.#tell(ended, effects, waiters)
    else {
      confirmation.whenSettled((fault) => {
        if (fault === undefined) this.#tell(ended, effects, waiters)
        else for (const waiter of waiters) waiter.reject(fault.cause)
      })
    }
  }

  #tell(ended: number, effects: readonly (() => void)[], waiters: readonly Waiter[]): void {
    this.#telling = ended
    for (const effect of effects) {
      try {
        effect()
      } catch (cause) {
        this.#faults.effectFailed(cause)
      }
    }
    this.#telling = undefined
    for (const waiter of waiters) waiter.resolve()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#afterTurn(() => {
      const waiting = this.#effects.length + this.#waiters.length
      if (this.#batch.dirty && waiting < ENOUGH_FOR_A_FLUSH) this.#afterTurn(() => this.end())
      else this.end()
    })
  }
}
