/**
 * The machine that a simulated server runs on: its turns, timers, chance and disk are the world's, and
 * it can die at any moment.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { CancelAlarm } from '@muster/clock'
import type { Machine } from '@muster/server/in-process'
import { openStore, type Store } from '@muster/store'
import type { Choices } from '../choices.ts'
import { muteViolations } from '../violation.ts'
import { tappedStore, type StoreTaps } from './store-taps.ts'

/** Time of the world: all its machines have it, and it goes on while none runs. */
export interface WorldTime {
  /** Never jumps. */
  monotonicMs: number
  /** Epoch milliseconds at monotonic 0; changes when the clock is set. */
  epochAtZeroMs: number
}

interface Timer {
  readonly atMs: number
  readonly order: number
  readonly fire: () => void
}

/** Where a machine dies. */
export type DeathPoint =
  /** The next commit is lost. */
  | 'before commit'
  /** The next commit is kept, and nobody is told. */
  | 'after commit'
  /** Of the next commit some are told: this many writes on sockets leave. */
  | { readonly afterWrites: number }

/** One life of a server's process. */
export class SimMachine implements Machine {
  readonly #time: WorldTime
  readonly #choices: Choices
  readonly #database: DatabaseSync
  readonly #taps: StoreTaps
  #turnEnds: (() => void)[] = []
  #timers: Timer[] = []
  #order = 0
  #death: DeathPoint | undefined
  /** What commits fail with: the disk is full. */
  diskIsFull = false
  /** A commit failed: the server must end. */
  hasFailed = false
  /** How long the next commits take. */
  slowCommitMs = 0
  alive = true

  constructor(time: WorldTime, choices: Choices, database: DatabaseSync, taps: StoreTaps) {
    this.#time = time
    this.#choices = choices
    this.#database = database
    this.#taps = taps
  }

  epochMs(): number {
    return Math.floor(this.#time.epochAtZeroMs + this.#time.monotonicMs)
  }

  monotonicMs(): number {
    return this.#time.monotonicMs
  }

  random(): number {
    return this.#choices.fraction()
  }

  uuid(): string {
    const hex = Array.from({ length: 32 }, () => this.#choices.between(0, 15).toString(16)).join('')
    const at = (from: number, to: number): string => hex.slice(from, to)
    return `${at(0, 8)}-${at(8, 12)}-4${at(13, 16)}-8${at(17, 20)}-${at(20, 32)}`
  }

  setTimer(fire: () => void, afterMs: number): CancelAlarm {
    const timer = {
      atMs: this.#time.monotonicMs + Math.max(0, afterMs),
      order: this.#order++,
      fire,
    }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  afterTurn(run: () => void): void {
    this.#turnEnds.push(run)
  }

  meterProcess(): void {}

  openStore(): Store {
    const store = openStore({ database: this.#database })
    return tappedStore(store, this.#taps, { commit: () => this.#commit(store) })
  }

  /** It dies at this point of the next commit; at once when nothing is written until `endTurn`. */
  dieAt(point: DeathPoint): void {
    this.#death = point
  }

  /** Whether it is about to die. */
  get isDoomed(): boolean {
    return this.#death !== undefined
  }

  die(): void {
    this.alive = false
    this.#turnEnds = []
    this.#timers = []
    this.#death = undefined
  }

  /** Told by sockets before each write: false when the machine is dead by then. */
  mayWrite(): boolean {
    if (!this.alive) return false
    const death = this.#death
    if (typeof death !== 'object') return true
    if (death.afterWrites <= 0) {
      this.die()
      return false
    }
    this.#death = { afterWrites: death.afterWrites - 1 }
    return true
  }

  /** Whether something waits for the end of the turn. */
  get hasTurnEnds(): boolean {
    return this.#turnEnds.length > 0
  }

  /** Runs what waits for the end of the turn, one after the other. */
  *endTurn(): Generator<undefined> {
    const ends = this.#turnEnds
    this.#turnEnds = []
    for (const end of ends) {
      if (!this.alive) return
      end()
      yield
    }
  }

  /** When the next timer fires; undefined when none is set. */
  nextTimerAtMs(): number | undefined {
    return this.#first()?.atMs
  }

  /** Fires the timer that is due first. */
  fireNext(): void {
    const timer = this.#first()
    if (timer === undefined) return
    this.#timers = this.#timers.filter((other) => other !== timer)
    timer.fire()
  }

  #first(): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) {
      const isEarlier =
        first === undefined ||
        timer.atMs < first.atMs ||
        (timer.atMs === first.atMs && timer.order < first.order)
      if (isEarlier) first = timer
    }
    return first
  }

  #commit(store: Store): void {
    if (!this.alive) return
    if (this.#death === 'before commit') {
      this.die()
      return
    }
    this.#time.monotonicMs += this.slowCommitMs
    try {
      if (this.diskIsFull) throw new Error('database or disk is full')
      store.commit()
    } catch (cause) {
      this.hasFailed = true
      muteViolations(true)
      throw cause
    }
    this.#taps.committed()
    if (this.#death === 'after commit') this.die()
  }
}
