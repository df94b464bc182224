/**
 * The store of a leader in any order of events, on a database that is played: answers that come late or
 * never, commits that were kept or not, another leader, time that passes.
 */
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import type { LeaderRow, PipelinedCommit } from '../../src/postgres/commit-pipeline.ts'
import { DatabaseOutage, DatabaseRefusal } from '../../src/postgres/database-refusal.ts'
import type { LeaderDatabase } from '../../src/postgres/leader-database.ts'
import type { LeaderTime } from '../../src/postgres/leader-time.ts'
import { LedStore, NotLeaderError } from '../../src/postgres/led-store.ts'
import { RowCapture, type RowImages } from '../../src/postgres/row-capture.ts'
import { readShapes } from '../../src/postgres/table-shape.ts'
import { SqliteStore } from '../../src/sqlite-store.ts'

const LEASE_MS = 2000
const OUTAGE_MS = 60_000

/** Time that passes when it is told to. */
class PlayedTime implements LeaderTime {
  #nowMs = 0
  #runs: { readonly atMs: number; readonly everyMs?: number; readonly run: () => void }[] = []

  nowMs(): number {
    return this.#nowMs
  }

  every(everyMs: number, run: () => void): () => void {
    const again = { atMs: this.#nowMs + everyMs, everyMs, run }
    this.#runs.push(again)
    return () => {
      this.#runs = this.#runs.filter(({ run: other }) => other !== run)
    }
  }

  pause(ms: number): Promise<void> {
    return new Promise((run) => this.#runs.push({ atMs: this.#nowMs + ms, run }))
  }

  pass(ms: number): void {
    this.#nowMs += ms
    const due = this.#runs.filter(({ atMs }) => atMs <= this.#nowMs)
    this.#runs = this.#runs.filter(({ atMs }) => atMs > this.#nowMs)
    for (const { everyMs, run } of due) {
      if (everyMs !== undefined) this.#runs.push({ atMs: this.#nowMs + everyMs, everyMs, run })
      run()
    }
  }
}

/** A question that waits to be answered. */
interface Asked {
  /** Does what is asked; the answer is under way. */
  work(): void
  /** The answer arrives, of what was done now or before. */
  answer(): void
  /** @param isKept - whether the question still had its effect */
  lose(isKept: boolean): void
}

/** A database that answers when it is told to. */
class PlayedDatabase implements LeaderDatabase {
  row_: LeaderRow = { epoch: 1, turn: 0 }
  readonly kept = new Map<string, string>()
  readonly asked: Asked[] = []
  isReachable = true
  isLockFree = true
  /** It answers, and has no room for what is written. */
  isFull = false

  commit(commit: PipelinedCommit, images: RowImages): Promise<boolean> {
    if (this.isFull) {
      const refused = new DatabaseOutage('no space left on device')
      return new Promise((_, reject) => setImmediate(() => reject(refused)))
    }
    return this.#ask(() => {
      if (this.row_.epoch !== commit.epoch || this.row_.turn !== commit.after) return false
      this.row_ = { epoch: commit.epoch, turn: commit.turn }
      const [records] = images.tables.filter(({ table }) => table === 'records')
      for (const { c1, c2 } of JSON.parse(records?.rows ?? '[]') as { c1: string; c2: string }[]) {
        this.kept.set(c1, c2)
      }
      return true
    })
  }

  row(): Promise<LeaderRow> {
    return this.#ask(() => this.row_)
  }

  regain(): Promise<LeaderRow | undefined> {
    if (!this.isReachable) return Promise.reject(new Error('refused'))
    return Promise.resolve(this.isLockFree ? this.row_ : undefined)
  }

  leave(): Promise<void> {
    return Promise.resolve()
  }

  break(): void {}

  #ask<T>(effect: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      let done: { readonly result: T } | undefined
      const work = (): T => (done ??= { result: effect() }).result
      this.asked.push({
        work,
        answer: () => resolve(work()),
        lose: (isKept) => {
          if (isKept) work()
          reject(new Error('Connection terminated unexpectedly'))
        },
      })
    })
  }
}

interface Played {
  readonly store: LedStore
  readonly database: PlayedDatabase
  readonly time: PlayedTime
}

function play(): Played {
  const copy = new SqliteStore({ isCopy: true })
  const [database, time] = [new PlayedDatabase(), new PlayedTime()]
  const store = new LedStore({
    copy,
    capture: new RowCapture(copy.database, readShapes(copy.database)),
    database,
    row: database.row_,
    askedMs: 0,
    bounds: { leaseMs: LEASE_MS, outageMs: OUTAGE_MS },
    time,
    isNew: true,
    closed: () => {},
  })
  onTestFinished(() => store.close())
  return { store, database, time }
}

/** Lets everything happen that waits for nobody. */
const passed = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function put(store: LedStore, key: string, value = key): void {
  store.records.put('kind', key, value)
  store.commit()
}

it('turns that end while a commit is under way go together, each row once', async () => {
  const { store, database } = play()
  put(store, 'a')
  put(store, 'b', '1')
  put(store, 'b', '2')
  expect([database.asked.length, store.figures.unconfirmed]).toEqual([1, 3])
  database.asked.shift()?.answer()
  await passed()
  expect([...database.kept]).toEqual([['a', 'a']])
  database.asked.shift()?.answer()
  await passed()
  expect([...database.kept]).toEqual([
    ['a', 'a'],
    ['b', '2'],
  ])
  expect([database.row_.turn, store.settled]).toEqual([3, true])
})

it('what an open turn wrote does not go with the turns before it', async () => {
  const { store, database } = play()
  put(store, 'a')
  put(store, 'b')
  store.records.put('kind', 'open', '1')
  database.asked.shift()?.answer()
  await passed()
  expect(database.asked).toEqual([])
  // Those before it do not wait for a next one either.
  store.rollback()
  database.asked.shift()?.answer()
  await passed()
  expect([...database.kept.keys()]).toEqual(['a', 'b'])
  put(store, 'c')
  database.asked.shift()?.answer()
  await passed()
  expect([...database.kept.keys()]).toEqual(['a', 'b', 'c'])
})

it('without a word from the database nothing is told after the lease; with one it goes on', async () => {
  const { store, database, time } = play()
  const told: string[] = []
  time.pass(LEASE_MS - 1)
  expect(store.settled).toBe(true)
  time.pass(1)
  expect(store.settled).toBe(false)
  store.whenSettled(() => told.push('read'))
  await passed()
  expect([told, database.asked.length]).toEqual([[], 1])
  database.asked.shift()?.answer()
  await passed()
  expect([told, store.settled]).toEqual([['read'], true])
})

it('an answer that comes late says that it led when it was asked, and no more', async () => {
  const { store, database, time } = play()
  time.pass(LEASE_MS / 4)
  const [asked] = database.asked.splice(0)
  asked?.work()
  database.row_ = { epoch: 2, turn: 0 }
  time.pass(LEASE_MS)
  asked?.answer()
  await passed()
  expect(store.settled).toBe(false)
  // The same of a commit.
  const other = play()
  put(other.store, 'a')
  const [commit] = other.database.asked.splice(0)
  commit?.work()
  other.database.row_ = { epoch: 2, turn: 0 }
  other.time.pass(LEASE_MS)
  commit?.answer()
  await passed()
  expect([other.store.settled, other.store.figures.unconfirmed]).toEqual([false, 0])
})

it('what PostgreSQL refuses for good ends the leader, and whoever waits is told why', async () => {
  const { store, database } = play()
  const refusal = new DatabaseRefusal('permission denied for table records')
  database.commit = () => Promise.reject(refusal)
  const causes: unknown[] = []
  store.whenOver((cause) => causes.push(cause))
  put(store, 'a')
  store.whenSettled((fault) => causes.push(fault?.cause))
  await passed()
  expect(causes).toEqual([refusal, refusal])
})

it('a database that stays away ends the leader after the time that it was given', async () => {
  const { store, database, time } = play()
  const causes: unknown[] = []
  store.whenOver((cause) => causes.push(cause))
  put(store, 'a')
  database.isReachable = false
  database.asked.shift()?.lose(false)
  for (let second = 0; second <= OUTAGE_MS / 1000; second += 1) {
    expect(causes).toEqual([])
    await passed()
    time.pass(1001)
  }
  await passed()
  expect(causes).toEqual([new NotLeaderError('the database was out of reach for 60 s: refused')])
})

/** Lets a database that is full say so. */
async function answered(): Promise<void> {
  await passed()
  await passed()
}

/** A store, and what it tells of its database. */
function playObserved(): Played & { readonly told: string[] } {
  const played = play()
  const told: string[] = []
  played.store.observe({
    lost: (cause) => told.push(`lost: ${(cause as Error).message}`),
    regained: () => told.push('regained'),
    confirmed: () => {},
  })
  played.store.whenOver((cause) => told.push(`over: ${(cause as Error).message}`))
  return { ...played, told }
}

/** The same on a database that is full. */
function playFull(): ReturnType<typeof playObserved> {
  const played = playObserved()
  played.database.isFull = true
  put(played.store, 'a')
  return played
}

it('a database that takes long for an answer is told of, and is no outage', async () => {
  const { database, store, time, told } = playObserved()
  put(store, 'a')
  for (let tick = 1; tick < 8; tick += 1) time.pass(LEASE_MS / 4)
  expect(told).toEqual([])
  time.pass(LEASE_MS / 4)
  time.pass(LEASE_MS / 4)
  expect(told).toEqual(['lost: no answer for 4 s'])
  database.asked.shift()?.answer()
  await passed()
  expect([told.at(-1), store.figures.unconfirmed]).toEqual(['regained', 0])
  // One that was held up itself has not listened: that says nothing of its database.
  put(store, 'b')
  time.pass(OUTAGE_MS)
  database.asked.shift()?.answer()
  await passed()
  expect(told).toHaveLength(2)
})

it('a database that answers and writes nothing is out of reach, and ends the leader as one that is away', async () => {
  const { told, time } = playFull()
  for (let second = 0; second <= OUTAGE_MS / 1000; second += 1) {
    expect(told.filter((one) => one.startsWith('over'))).toEqual([])
    await answered()
    time.pass(1001)
  }
  await answered()
  expect(told).toEqual([
    'lost: no space left on device',
    'over: the database was out of reach for 60 s: no space left on device',
  ])
})

it('a database that writes again ends its outage with the first turn that it keeps', async () => {
  const { database, store, told, time } = playFull()
  await answered()
  time.pass(1001)
  await answered()
  database.isFull = false
  time.pass(1001)
  await answered()
  // It is asked, and has not answered.
  expect([told, database.asked.length]).toEqual([['lost: no space left on device'], 1])
  database.asked.shift()?.answer()
  await answered()
  expect([told.at(-1), store.settled, database.kept.has('a')]).toEqual(['regained', true, true])
})

it('another reason why a database is out of reach is told too', async () => {
  const { database, told, time } = playFull()
  await answered()
  database.isReachable = false
  time.pass(1001)
  await answered()
  time.pass(1001)
  await answered()
  expect(told).toEqual(['lost: no space left on device', 'lost: refused'])
})

const EVENTS = [
  'turn',
  'turn',
  'turn',
  'read',
  'read',
  'answer',
  'answer',
  'answer',
  'work',
  'lost',
  'lost and kept',
  'away',
  'back',
  'a moment',
  'the lease',
  'another leads',
] as const

it('in any order: what was told is kept, and nothing is told once another may lead', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...EVENTS), { maxLength: 80 }), async (events) => {
      const { store, database, time } = play()
      let turn = 0
      let otherTellsMs = Infinity
      let isOver = false
      store.whenOver(() => {
        isOver = true
      })
      const expectTold = (upTo: number): void => {
        expect(time.nowMs()).toBeLessThan(otherTellsMs)
        for (let kept = 1; kept <= upTo; kept += 1) expect(database.kept.has(`${kept}`)).toBe(true)
      }
      for (const event of events) {
        if (event === 'turn' && !isOver) {
          turn += 1
          put(store, `${turn}`)
        } else if (event === 'read') {
          const upTo = turn
          if (store.settled) expectTold(upTo)
          store.whenSettled((fault) => {
            if (fault === undefined) expectTold(upTo)
          })
        } else if (event === 'work') database.asked[0]?.work()
        else if (event === 'answer') database.asked.shift()?.answer()
        else if (event === 'lost' || event === 'lost and kept') {
          // All that was asked on the connection; what was kept is kept in order.
          for (const asked of database.asked.splice(0)) asked.lose(event === 'lost and kept')
        } else if (event === 'away') database.isReachable = false
        else if (event === 'back') database.isReachable = true
        else if (event === 'a moment') time.pass(300)
        else if (event === 'the lease') time.pass(LEASE_MS)
        else if (event === 'another leads' && database.isLockFree) {
          // It takes the lock and the epoch, and tells after the lease of the one before.
          database.isLockFree = false
          database.row_ = { epoch: 2, turn: 0 }
          otherTellsMs = time.nowMs() + LEASE_MS
        }
        await passed()
      }
      // Whatever happened, it goes on or ends: nobody waits forever.
      database.isReachable = true
      for (let step = 0; step < 200; step += 1) {
        time.pass(500)
        database.asked.shift()?.answer()
        await passed()
      }
      if (database.isLockFree) {
        expect([isOver, store.figures.unconfirmed, database.kept.size]).toEqual([false, 0, turn])
      } else expect(isOver).toBe(true)
      await store.close()
    }),
    { numRuns: Number(process.env['MUSTER_RUNS'] ?? 60) },
  )
})
