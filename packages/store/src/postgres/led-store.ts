/**
 * The store of a leader: the rules read and write a SQLite copy at once, and what a turn wrote goes to
 * the database behind it. Who waits for a turn waits until it is kept there.
 */
import type { CatalogState } from '@muster/catalog'
import type { JobsState } from '@muster/jobs'
import type { ShadowState } from '@muster/shadow'
import type { StreamsState } from '@muster/streams'
import type { Records } from '../sqlite-records.ts'
import { reasonOf, type SqliteStore } from '../sqlite-store.ts'
import type { Confirmation, Store } from '../store.ts'
import { CommitPipeline, type LeaderRow, type PipelinedCommit } from './commit-pipeline.ts'
import { DatabaseOutage, DatabaseRefusal } from './database-refusal.ts'
import type { LeaderDatabase } from './leader-database.ts'
import { LeaderLease } from './leader-lease.ts'
import { systemTime, type LeaderTime } from './leader-time.ts'
import type { RowCapture, RowImages } from './row-capture.ts'

/** This core leads no more: another does, or its database is out of reach. */
export class NotLeaderError extends Error {
  override readonly name = 'NotLeaderError'
}

/** Bounds of a leader, in milliseconds. */
export interface LeaderBounds {
  /** How long it tells what it knows without a word from the database. */
  readonly leaseMs: number
  /** How long it tries to reach the database again before it gives up. */
  readonly outageMs: number
}

/** What a leader tells of its database. */
export interface LeaderEvents {
  /** It is out of reach or silent since a moment ago, or still is for another reason. */
  lost(cause: unknown): void
  /** It is in reach again. */
  regained(): void
  /** A transaction was confirmed. @param turns - how many turns it held */
  confirmed(durationMs: number, turns: number): void
}

/** What a leader has when it begins. */
export interface LedStoreParts {
  readonly copy: SqliteStore
  readonly capture: RowCapture
  readonly database: LeaderDatabase
  readonly row: LeaderRow
  /** When the question was sent whose answer was `row`. */
  readonly askedMs: number
  readonly bounds: LeaderBounds
  /** The system's when absent. */
  readonly time?: LeaderTime
  readonly isNew: boolean
  /** Called once the store is closed. */
  readonly closed: () => void
}

/** How often it is looked whether the database was heard. */
const TICKS_PER_LEASE = 4
/** Leases without an answer after which the database counts as silent: clients have waited for one of them. */
const SILENT_LEASES = 2
const SILENT_TICKS = SILENT_LEASES * TICKS_PER_LEASE

/** Pauses between attempts to reach the database. */
const RETRY_FIRST_MS = 50
const RETRY_MAX_MS = 1000

interface UnderWay {
  readonly commit: PipelinedCommit
  readonly images: RowImages
}

/** The store of one leader. */
export class LedStore implements Store, Confirmation {
  readonly isNew: boolean
  readonly lost = undefined
  readonly #parts: LedStoreParts
  readonly #pipeline: CommitPipeline
  readonly #lease: LeaderLease
  readonly #time: LeaderTime
  readonly #stopAsking: () => void
  #events: LeaderEvents = { lost: () => {}, regained: () => {}, confirmed: () => {} }
  #underWay: UnderWay | undefined
  #isAsking = false
  /** Counts connections: what one that is lost still says is not heard. */
  #connections = 0
  #lostSinceMs: number | undefined
  /** Ticks that something was asked and not answered; not by a clock: who was held up has not listened. */
  #silentTicks = 0
  #over: ((cause: unknown) => void) | undefined
  #closing = false
  #closed: Promise<void> | undefined

  constructor(parts: LedStoreParts) {
    this.#parts = parts
    this.isNew = parts.isNew
    this.#pipeline = new CommitPipeline(parts.row)
    this.#lease = new LeaderLease(parts.bounds.leaseMs, parts.askedMs)
    this.#time = parts.time ?? systemTime
    this.#stopAsking = this.#time.every(parts.bounds.leaseMs / TICKS_PER_LEASE, () => this.#tick())
  }

  get records(): Records {
    return this.#parts.copy.records
  }

  get jobs(): JobsState {
    return this.#parts.copy.jobs
  }

  get shadows(): ShadowState {
    return this.#parts.copy.shadows
  }

  get streams(): StreamsState {
    return this.#parts.copy.streams
  }

  get catalog(): CatalogState {
    return this.#parts.copy.catalog
  }

  get fileBytes(): Store['fileBytes'] {
    return this.#parts.copy.fileBytes
  }

  get jobCounts(): Store['jobCounts'] {
    return this.#parts.copy.jobCounts
  }

  get dirty(): boolean {
    return this.#parts.copy.dirty
  }

  /** The epoch of this leader, and how many turns wait for the database. */
  get figures(): { readonly epoch: number; readonly unconfirmed: number } {
    return { epoch: this.#parts.row.epoch, unconfirmed: this.#pipeline.unconfirmed }
  }

  get confirmation(): Confirmation {
    return this
  }

  get settled(): boolean {
    return this.#pipeline.isKept() && this.#lease.holds(this.#time.nowMs())
  }

  /** Who hears of the database; one at most. */
  observe(events: LeaderEvents): void {
    this.#events = events
  }

  whenOver(told: (cause: unknown) => void): void {
    this.#over = told
    if (this.#pipeline.over !== undefined) told(this.#pipeline.over.cause)
  }

  whenSettled(done: (fault?: { readonly cause: unknown }) => void): void {
    this.#pipeline.wait(done)
    this.#tell()
    if (!this.#lease.holds(this.#time.nowMs())) this.#ask()
  }

  takeTouchedJobs(): ReadonlySet<string> {
    return this.#parts.copy.takeTouchedJobs()
  }

  onBatchOpened(opened: () => void): void {
    this.#parts.copy.onBatchOpened(opened)
  }

  commit(): void {
    if (!this.dirty) return
    this.#parts.copy.commit()
    this.#pipeline.turnEnded()
    this.#send()
  }

  rollback(): void {
    this.#parts.copy.rollback()
    // What ended before the turn that is undone may have waited for it.
    this.#send()
  }

  reset(): void {
    const { capture, copy } = this.#parts
    capture.emptying(() => copy.reset())
    this.#pipeline.turnEnded()
    this.#send()
  }

  /** Waits until all is kept; not for a database that is out of reach. Idempotent. */
  close(): Promise<void> {
    return (this.#closed ??= this.#close())
  }

  async #close(): Promise<void> {
    if (this.dirty) this.rollback()
    this.#closing = true
    const { database, row, copy, closed } = this.#parts
    if (this.#pipeline.over === undefined && this.#lostSinceMs === undefined) {
      await new Promise<void>((resolve) => {
        this.#pipeline.wait(() => resolve())
        this.#tell()
      })
    }
    this.#stopAsking()
    if (this.#pipeline.isKept()) await database.leave(row.epoch).catch(() => database.break())
    else database.break()
    this.#pipeline.stop(new NotLeaderError('the store is closed'))
    copy.close()
    closed()
  }

  #send(): void {
    // What the open turn wrote may be rolled back still: its end sends it.
    if (this.dirty) return
    const commit = this.#pipeline.next()
    if (commit === undefined) return
    const underWay = { commit, images: this.#parts.capture.take() }
    this.#underWay = underWay
    void this.#deliver(underWay)
  }

  async #deliver(underWay: UnderWay): Promise<void> {
    try {
      await this.#sendUnderWay(underWay)
    } catch (cause) {
      this.#isLost(cause)
    }
  }

  /** @throws what the database says where it is out of reach */
  async #sendUnderWay({ commit, images }: UnderWay): Promise<void> {
    const sentMs = this.#time.nowMs()
    const connection = this.#connections
    try {
      const isKept = await this.#parts.database.commit(commit, images)
      if (connection !== this.#connections) return
      if (!isKept) {
        this.#stop(new NotLeaderError('another core leads: what this one wrote is refused'))
        return
      }
    } catch (cause) {
      if (connection !== this.#connections) return
      if (!(cause instanceof DatabaseRefusal)) throw cause
      this.#stop(cause)
      return
    }
    this.#heard(sentMs)
    this.#events.confirmed(this.#time.nowMs() - sentMs, commit.turn - commit.after)
    this.#confirmed()
  }

  /** Nothing is under way any more, and the database does what it is asked. */
  #confirmed(): void {
    this.#underWay = undefined
    this.#pipeline.confirmed()
    if (this.#lostSinceMs !== undefined) {
      this.#lostSinceMs = undefined
      this.#events.regained()
    }
    this.#tell()
    this.#send()
  }

  #tell(): void {
    this.#pipeline.tell(() => this.#closing || this.#lease.holds(this.#time.nowMs()))
  }

  /** Tells of a database that takes its time: nobody is answered meanwhile. */
  #tick(): void {
    if (this.#lostSinceMs !== undefined || this.#pipeline.over !== undefined) return
    const waits = this.#isAsking || this.#underWay !== undefined
    this.#silentTicks = waits ? this.#silentTicks + 1 : 0
    if (this.#silentTicks === SILENT_TICKS) {
      const seconds = (SILENT_LEASES * this.#parts.bounds.leaseMs) / 1000
      this.#events.lost(new DatabaseOutage(`no answer for ${seconds} s`))
    }
    this.#ask()
  }

  /** The database answered a question that was sent then. */
  #heard(sentMs: number): void {
    this.#lease.heard(sentMs)
    const wasSilent = this.#silentTicks >= SILENT_TICKS
    this.#silentTicks = 0
    if (wasSilent) this.#events.regained()
  }

  /** Asks whether this leader still leads, where no commit says so. */
  #ask(): void {
    if (this.#isAsking || this.#underWay !== undefined || this.#lostSinceMs !== undefined) return
    if (this.#pipeline.over !== undefined) return
    this.#isAsking = true
    const sentMs = this.#time.nowMs()
    const connection = this.#connections
    this.#parts.database
      .row()
      .then((row) => {
        if (connection !== this.#connections) return
        if (row.epoch !== this.#parts.row.epoch) {
          this.#stop(new NotLeaderError(`another core leads, of epoch ${row.epoch}`))
          return
        }
        this.#heard(sentMs)
        this.#tell()
      })
      .catch((cause: unknown) => {
        if (connection === this.#connections) this.#isLost(cause)
      })
      .finally(() => {
        this.#isAsking = false
      })
  }

  #isLost(cause: unknown): void {
    if (this.#lostSinceMs !== undefined || this.#pipeline.over !== undefined) return
    this.#lostSinceMs = this.#time.nowMs()
    this.#silentTicks = 0
    this.#losesConnection()
    void this.#regain(cause)
  }

  #losesConnection(): void {
    this.#connections += 1
    this.#pipeline.lost()
  }

  /** Until a connection does what is asked of it: one that answers and writes nothing is no end of the outage. */
  async #regain(first: unknown): Promise<void> {
    let why = first
    let told: string | undefined
    for (let pauseMs = RETRY_FIRST_MS; ; pauseMs = Math.min(pauseMs * 2, RETRY_MAX_MS)) {
      if (this.#pipeline.over !== undefined) return
      if (told !== reasonOf(why)) this.#events.lost(why)
      told = reasonOf(why)
      const fault = this.#givesUp(why)
      if (fault !== undefined) {
        this.#stop(fault)
        return
      }
      try {
        await this.#tryAgain()
        return
      } catch (cause) {
        why = cause
      }
      await this.#time.pause(pauseMs)
    }
  }

  /** Why this leader waits for its database no longer. */
  #givesUp(why: unknown): NotLeaderError | undefined {
    if (this.#closing) {
      return new NotLeaderError('closed while the database was out of reach', { cause: why })
    }
    const { outageMs } = this.#parts.bounds
    if (this.#time.nowMs() - (this.#lostSinceMs ?? 0) <= outageMs) return undefined
    const message = `the database was out of reach for ${Math.round(outageMs / 1000)} s`
    return new NotLeaderError(`${message}: ${reasonOf(why)}`, { cause: why })
  }

  /**
   * Connects anew, and sends again what was under way and is not kept.
   *
   * @throws what the database says as long as it is out of reach
   */
  async #tryAgain(): Promise<void> {
    const { database } = this.#parts
    const askedMs = this.#time.nowMs()
    const row = await database.regain()
    if (this.#pipeline.over !== undefined) {
      // Closed meanwhile: this connection has the lock, which another core waits for.
      database.break()
      return
    }
    if (row === undefined) {
      this.#stop(new NotLeaderError('another core took the lock'))
      return
    }
    const finding = this.#pipeline.found(row)
    if (finding === 'over') {
      const message =
        row.epoch === this.#parts.row.epoch
          ? `the database was put back to turn ${row.turn}, before what it had confirmed`
          : `another core leads, of epoch ${row.epoch}`
      this.#stop(new NotLeaderError(message))
      return
    }
    this.#lease.heard(askedMs)
    this.#tell()
    if (finding === 'again' && this.#underWay !== undefined) {
      try {
        await this.#sendUnderWay(this.#underWay)
      } catch (cause) {
        this.#losesConnection()
        throw cause
      }
    } else this.#confirmed()
  }

  #stop(cause: unknown): void {
    if (this.#pipeline.over !== undefined) return
    this.#stopAsking()
    this.#parts.database.break()
    this.#pipeline.stop(cause)
    this.#over?.(cause)
  }
}
