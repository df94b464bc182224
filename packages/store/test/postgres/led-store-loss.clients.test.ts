/** A leader whose database, or whose way to it, goes away; and two that would both lead. */
import { CutProxy, type Wire } from '@muster/store/testkit'
import { expect, it, onTestFinished, vi } from 'vitest'
import { NotLeaderError, type LedStore } from '../../src/index.ts'
import { openPostgresStore } from '../../src/postgres/index.ts'
import { PostgresDatabase } from '../../src/postgres/leader-database.ts'
import { currentShapes } from '../../src/postgres/working-copy.ts'
import { connectionOf, ledStores, settled } from './led-stores.ts'

const { cluster, newFile, open } = ledStores()

function put(store: LedStore, key: string): void {
  store.records.put('kind', key, key)
  store.commit()
}

async function keysIn(url: string): Promise<readonly unknown[]> {
  const text = "SELECT key FROM muster.records WHERE kind = 'kind' ORDER BY key"
  return (await cluster().query(url, text)).map(({ key }) => key)
}

/** A store that reaches its database over a wire that can be cut. */
async function openOverWire(
  url: string,
): Promise<{ readonly store: LedStore; readonly wire: CutProxy }> {
  const wire = new CutProxy(cluster().port)
  const connection = { ...connectionOf(url), port: await wire.listen() }
  onTestFinished(() => wire.close())
  return { wire, store: await open(url, { connection }) }
}

/** What a leader is told when it leads no more. */
function over(store: LedStore): Promise<unknown> {
  return new Promise((resolve) => store.whenOver(resolve))
}

it('PostgreSQL killed and started again: nothing that was confirmed is lost, what waits is confirmed', async () => {
  const url = await cluster().newDatabase()
  const store = await open(url)
  put(store, 'a')
  await settled(store)
  await cluster().kill()
  put(store, 'b')
  const told = settled(store)
  put(store, 'c')
  expect(store.settled).toBe(false)
  await cluster().start()
  await told
  await settled(store)
  expect(await keysIn(url)).toEqual(['a', 'b', 'c'])
  expect(store.figures.epoch).toBe(1)
})

it.each<[Wire, string]>([
  ['answer lost', 'kept: it is confirmed, and not sent twice'],
  ['question lost', 'not kept: it is sent again'],
])('a connection lost during COMMIT, the %s: found by epoch and turn as %s', async (cut) => {
  const url = await cluster().newDatabase()
  const { store, wire } = await openOverWire(url)
  await settled(store)
  wire.wire = cut
  put(store, 'a')
  const told = settled(store)
  put(store, 'b')
  await told
  await settled(store)
  expect(await keysIn(url)).toEqual(['a', 'b'])
  const [row] = await cluster().query(url, 'SELECT epoch::int, turn::int FROM muster.leader')
  expect(row).toEqual({ epoch: 1, turn: 2 })
  expect(wire.wire).toBe('whole')
})

it('a leader that is out of reach of its database tells nothing once its lease is over', async () => {
  const url = await cluster().newDatabase()
  const { store, wire } = await openOverWire(url)
  await settled(store)
  wire.wire = 'silent'
  await vi.waitFor(() => expect(store.settled).toBe(false))
  let told = false
  store.whenSettled(() => {
    told = true
  })
  expect(told).toBe(false)
  wire.wire = 'whole'
  wire.break()
  await vi.waitFor(() => expect(told).toBe(true))
})

it('two cores never both lead: the second waits, and the first is refused once it does', async () => {
  const url = await cluster().newDatabase()
  const { store: first, wire } = await openOverWire(url)
  put(first, 'a')
  await settled(first)
  const waiting = Promise.withResolvers<void>()
  const opening = open(url, { onWaiting: () => waiting.resolve() })
  await waiting.promise
  // The first is cut off from its database, which then forgets it: it does not know.
  wire.wire = 'silent'
  put(first, 'unconfirmed')
  const refused = settled(first)
  refused.catch(() => {})
  await cluster().query(
    url,
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted " +
      'AND database = (SELECT oid FROM pg_database WHERE datname = current_database())',
  )
  const second = await opening
  expect(first.settled).toBe(false)
  expect(second.records.get('kind', 'unconfirmed')).toBeUndefined()
  put(second, 'b')
  await settled(second)
  const stepsDown = over(first)
  wire.wire = 'whole'
  wire.break()
  await expect(refused).rejects.toThrow(NotLeaderError)
  expect(await stepsDown).toBeInstanceOf(NotLeaderError)
  expect(await keysIn(url)).toEqual(['a', 'b'])
})

it('a commit of an older epoch changes nothing, also where its connection lives', async () => {
  const url = await cluster().newDatabase()
  const shapes = currentShapes()
  await (await open(url)).close()
  const old = await PostgresDatabase.open(connectionOf(url), shapes)
  const { epoch } = await old.claim()
  const next = await PostgresDatabase.open(connectionOf(url), shapes)
  const { epoch: newer } = await next.claim()
  onTestFinished(() => {
    old.break()
    next.break()
  })
  const rows = JSON.stringify([{ c0: 'kind', c1: 'a', c2: 'a', b2: null }])
  const images = { emptied: false, tables: [{ table: 'records', rows, gone: undefined }] }
  expect(await old.commit({ epoch, after: 0, turn: 1 }, images)).toBe(false)
  expect(await old.commit({ epoch, after: 0, turn: 1 }, { ...images, emptied: true })).toBe(false)
  expect(await keysIn(url)).toEqual([])
  expect(await next.commit({ epoch: newer, after: 0, turn: 1 }, images)).toBe(true)
  // The same turn a second time is refused too.
  expect(await next.commit({ epoch: newer, after: 0, turn: 1 }, images)).toBe(false)
  expect(await keysIn(url)).toEqual(['a'])
})

it('a database that was put back to before what it confirmed ends its leader', async () => {
  const url = await cluster().newDatabase()
  const { store, wire } = await openOverWire(url)
  put(store, 'a')
  await settled(store)
  const stepsDown = over(store)
  await cluster().query(url, 'UPDATE muster.leader SET turn = 0')
  wire.break()
  expect(String(await stepsDown)).toContain('the database was put back to turn 0')
})

it('a database that stays away ends its leader after the time that it was given', async () => {
  const url = await cluster().newDatabase()
  const wire = new CutProxy(cluster().port)
  const connection = { ...connectionOf(url), port: await wire.listen() }
  const bounds = { leaseMs: 400, outageMs: 300 }
  const { store } = await openPostgresStore({ connection, copyFile: newFile(), bounds })
  const stepsDown = over(store)
  wire.close()
  expect(String(await stepsDown)).toContain('the database was out of reach for')
  await store.close()
})

it('who waits for the lock can be stopped, and outlives a restart of PostgreSQL', async () => {
  const url = await cluster().newDatabase()
  const first = await open(url)
  put(first, 'a')
  await settled(first)
  const stop = new AbortController()
  const waiting = Promise.withResolvers<void>()
  const opening = open(url, { onWaiting: () => waiting.resolve(), signal: stop.signal })
  await waiting.promise
  await first.close()
  const second = await opening
  expect(second.records.get('kind', 'a')).toBe('a')
  const third = open(url, { onWaiting: () => stop.abort(), signal: stop.signal })
  await expect(third).rejects.toThrow('stopped while another core led')
})

it('a core that waits for the lock waits on while PostgreSQL is away, and leads when it is back', async () => {
  const url = await cluster().newDatabase()
  const first = await open(url)
  put(first, 'a')
  await settled(first)
  const waiting = Promise.withResolvers<void>()
  const away = Promise.withResolvers<unknown>()
  const opening = open(url, { onWaiting: () => waiting.resolve(), onAway: away.resolve })
  await waiting.promise
  await cluster().kill()
  await first.close()
  expect(await away.promise).toBeInstanceOf(Error)
  await cluster().start()
  const second = await opening
  expect([second.records.get('kind', 'a'), second.figures.epoch]).toEqual(['a', 2])
})

it('PostgreSQL killed while a core that waited loads: it waits on, and loads again', async () => {
  const url = await cluster().newDatabase()
  const first = await open(url)
  put(first, 'a')
  await settled(first)
  const waiting = Promise.withResolvers<void>()
  const opening = open(url, { onWaiting: () => waiting.resolve() })
  await waiting.promise
  const held = cluster().query(
    url,
    'BEGIN; LOCK TABLE muster.records IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)',
  )
  held.catch(() => {})
  await vi.waitFor(async () => {
    const text =
      "SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'muster.records'::regclass"
    expect(await cluster().query(url, text)).toHaveLength(1)
  })
  await first.close()
  await vi.waitFor(async () => {
    const [row] = await cluster().query(url, 'SELECT epoch::int FROM muster.leader')
    expect(row).toEqual({ epoch: 2 })
  })
  await cluster().kill()
  await cluster().start()
  const second = await opening
  expect([second.records.get('kind', 'a'), second.figures.epoch]).toEqual(['a', 3])
})

it('a database that is read-only for a while: a leader waits, and so does a core that gets the lock', async () => {
  const url = await cluster().newDatabase()
  const { database } = connectionOf(url)
  const first = await open(url)
  put(first, 'a')
  await settled(first)
  const lost: unknown[] = []
  first.observe({ lost: (cause) => lost.push(cause), regained() {}, confirmed() {} })
  const waiting = Promise.withResolvers<void>()
  const away = vi.fn<(cause: unknown) => void>()
  const opening = open(url, { onWaiting: () => waiting.resolve(), onAway: away })
  await waiting.promise
  const readOnly = (setting: string): Promise<unknown> =>
    cluster().query(
      url,
      `BEGIN READ WRITE; ALTER DATABASE ${database} ${setting} default_transaction_read_only; COMMIT`,
    )
  await cluster().query(url, `ALTER DATABASE ${database} SET default_transaction_read_only = on`)
  const ends =
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()'
  await cluster().query(url, ends)
  put(first, 'b')
  await vi.waitFor(() => expect(String(lost.at(-1))).toContain('read-only transaction'))
  await first.close()
  await vi.waitFor(() => expect(String(away.mock.lastCall)).toContain('read-only transaction'))
  const told = away.mock.calls.length
  const sessions = async (): Promise<number> => {
    const text = 'SELECT sessions::int FROM pg_stat_database WHERE datname = current_database()'
    return Number((await cluster().query(url, text))[0]?.['sessions'])
  }
  const before = await sessions()
  // It has asked again, and again: what is told of that is nothing.
  await vi.waitFor(async () => expect(await sessions()).toBeGreaterThan(before + 10))
  expect(away).toHaveBeenCalledTimes(told)
  await readOnly('RESET')
  const second = await opening
  expect(second.records.get('kind', 'a')).toBe('a')
})

it('a core whose database is away when it comes ends: nothing says that there is one', async () => {
  const url = await cluster().newDatabase()
  await cluster().kill()
  await expect(open(url)).rejects.toThrow(/cannot be used/)
  await cluster().start()
})
