/**
 * Batches, records and files.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore, SCHEMA_VERSION, StoreVersionError } from '../src/index.ts'
import { sampleExecution, sampleJob } from './state-contract.ts'

let folder: string
let files = 0

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function newFile(): string {
  files += 1
  return join(folder, `${files}.db`)
}

describe('records', () => {
  it('come back by kind and key, text as text and bytes as bytes', () => {
    const store = openStore()
    const { records } = store
    records.put('thing', 'b', 'text')
    records.put('thing', 'a', new Uint8Array([1, 0, 255]))
    records.put('other', 'a', '')
    records.put('thing', 'b', 'new')
    expect([...records.load('thing')]).toEqual([
      { key: 'a', value: new Uint8Array([1, 0, 255]) },
      { key: 'b', value: 'new' },
    ])
    records.delete('thing', 'a')
    expect([...records.load('thing')]).toEqual([{ key: 'b', value: 'new' }])
    store.close()
  })
})

describe('batches', () => {
  it('a write that fails dooms its batch: the commit fails, nothing of it is kept', () => {
    const file = newFile()
    const store = openStore({ file })
    store.records.put('kind', 'before', '1')
    store.commit()
    // Another program takes the table away, as a damaged or foreign file would lack it.
    const other = new DatabaseSync(file)
    other.exec('CREATE TRIGGER no BEFORE INSERT ON records BEGIN SELECT RAISE(ABORT, "no"); END')
    other.close()
    store.records.put('kind', 'first', '1')
    store.records.delete('kind', 'before')
    store.jobs.putJob(sampleJob('J1'))
    expect(store.dirty).toBe(true)
    expect(() => store.commit()).toThrow(`the database ${file} cannot be written: no`)
    expect(store.dirty).toBe(false)
    expect([...store.records.load('kind')].map(({ key }) => key)).toEqual(['before'])
    expect(store.jobs.job('J1')).toBeUndefined()
    store.records.delete('kind', 'before')
    store.commit()
    expect([...store.records.load('kind')]).toEqual([])
    store.close()
  })

  it('are durable after commit and gone without it', () => {
    const file = newFile()
    const first = openStore({ file })
    expect(first.dirty).toBe(false)
    first.records.put('kind', 'kept', '1')
    first.jobs.putJob(sampleJob('J1'))
    first.jobs.insertExecution(sampleExecution(1, 'J1', 'T1'))
    expect(first.dirty).toBe(true)
    first.commit()
    expect(first.dirty).toBe(false)
    first.records.put('kind', 'lost', '1')
    first.jobs.insertExecution(sampleExecution(2, 'J1', 'T2'))
    // As after a crash: what is on the disk now holds the committed state only.
    const crashed = newFile()
    for (const part of ['', '-wal']) copyFileSync(`${file}${part}`, `${crashed}${part}`)
    const second = openStore({ file: crashed })
    expect([...second.records.load('kind')]).toEqual([{ key: 'kept', value: '1' }])
    expect(second.jobs.job('J1')?.config).toEqual(sampleJob('J1').config)
    expect(second.jobs.pending('T1', undefined, 10)).toHaveLength(1)
    expect(second.jobs.pending('T2', undefined, 10)).toHaveLength(0)
    second.close()
    first.close()
  })

  it('write the progress of a job once, and forget it on rollback', () => {
    const file = newFile()
    const store = openStore({ file })
    const job = sampleJob('J1')
    store.jobs.putJob(job)
    store.commit()
    for (let count = 1; count <= 5; count += 1) {
      job.progress.things.QUEUED = count
      store.jobs.putProgress(job)
    }
    store.rollback()
    expect(store.jobs.job('J1')?.progress.things.QUEUED).toBe(0)
    const held = store.jobs.job('J1')
    if (held === undefined) throw new Error('the job is gone')
    held.progress.things.QUEUED = 3
    store.jobs.putProgress(held)
    store.commit()
    store.close()
    const again = openStore({ file })
    expect(again.jobs.job('J1')?.progress.things.QUEUED).toBe(3)
    again.close()
  })

  it('roll back executions, due work and records together', () => {
    const store = openStore()
    store.jobs.insertExecution(sampleExecution(1, 'J1', 'T1'))
    store.jobs.putDue('timeout/J1/1/T1', 5)
    store.commit()
    store.jobs.deleteExecution(sampleExecution(1, 'J1', 'T1'))
    store.jobs.deleteDue('timeout/J1/1/T1')
    store.records.put('kind', 'key', 'value')
    store.rollback()
    expect(store.dirty).toBe(false)
    expect(store.jobs.pending('T1', undefined, 10)).toHaveLength(1)
    expect(store.jobs.nextDueAtMs()).toBe(5)
    expect([...store.records.load('kind')]).toEqual([])
    store.close()
  })

  it('tell when one opens, with the first write to any part, also one that fails', () => {
    const file = newFile()
    const store = openStore({ file })
    let opened = 0
    store.onBatchOpened(() => opened++)
    store.records.put('kind', 'key', 'value')
    store.records.put('kind', 'key', 'other')
    expect(opened).toBe(1)
    store.commit()
    store.jobs.putDue('rollout/J1', 1)
    expect(opened).toBe(2)
    store.rollback()
    const other = new DatabaseSync(file)
    other.exec("CREATE TRIGGER no BEFORE INSERT ON records BEGIN SELECT RAISE(ABORT, 'disk'); END")
    other.close()
    store.records.put('kind', 'another', 'value')
    expect(opened).toBe(3)
    expect(() => store.commit()).toThrow('disk')
    store.close()
  })

  it('reset empties everything', () => {
    const store = openStore()
    store.records.put('kind', 'key', 'value')
    store.jobs.putJob(sampleJob('J1'))
    store.jobs.insertExecution(sampleExecution(1, 'J1', 'T1'))
    store.jobs.queueTargets('J1', ['T2'])
    store.jobs.putDue('rollout/J1', 1)
    store.reset()
    expect([...store.records.load('kind')]).toEqual([])
    expect(store.jobs.job('J1')).toBeUndefined()
    expect(store.jobs.pending('T1', undefined, 10)).toEqual([])
    expect(store.jobs.takeTargets('J1', 1)).toEqual([])
    expect(store.jobs.nextDueAtMs()).toBeUndefined()
    store.close()
  })
})

describe('files', () => {
  it('flush at every commit, through a write-ahead log', () => {
    const file = newFile()
    openStore({ file }).close()
    const database = new DatabaseSync(file)
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: SCHEMA_VERSION })
    database.close()
  })

  it('of a newer program are refused, with both versions in the message', () => {
    const file = newFile()
    openStore({ file }).close()
    const database = new DatabaseSync(file)
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`)
    database.close()
    expect(() => openStore({ file })).toThrow(StoreVersionError)
    expect(() => openStore({ file })).toThrow(`version ${SCHEMA_VERSION + 1}, newer than`)
  })

  it.each([0, 1, SCHEMA_VERSION, SCHEMA_VERSION + 1])(
    'of another program, version %i, stay as they are',
    (version) => {
      const file = newFile()
      const others = new DatabaseSync(file)
      others.exec(`CREATE TABLE songs (title); PRAGMA user_version = ${version}`)
      others.close()
      const before = readFileSync(file)
      expect(() => openStore({ file })).toThrow(
        `the database ${file} cannot be used: it is a database, but not one of Muster`,
      )
      expect(readFileSync(file)).toEqual(before)
    },
  )
})

it('says which file cannot be used, and why', () => {
  const noDatabase = newFile()
  writeFileSync(noDatabase, 'x'.repeat(5000))
  expect(() => openStore({ file: noDatabase })).toThrow(
    `the database ${noDatabase} cannot be used: file is not a database`,
  )
  expect(() => openStore({ file: folder })).toThrow(`the database ${folder} cannot be used`)
})

it('a file with a page that is another one is refused before anybody reads from it', () => {
  const file = newFile()
  const store = openStore({ file })
  for (let at = 0; at < 200; at += 1) {
    store.records.put('kind', `key-${String(at).padStart(4, '0')}`, JSON.stringify('x'.repeat(400)))
  }
  store.commit()
  store.close()
  const bytes = readFileSync(file)
  const pageOf = (text: string): number => Math.floor(bytes.indexOf(text) / 4096) * 4096
  const [one, other] = [pageOf('key-0010'), pageOf('key-0190')]
  expect(one).not.toBe(other)
  bytes.copy(bytes, other, one, one + 4096)
  writeFileSync(file, bytes)
  expect(() => openStore({ file })).toThrow(
    new RegExp(`the database ${file} cannot be used: its pages are damaged \\(.+\\): put a backup`),
  )
})

it('a page put back to what it once was is refused: its rows are not those of the indexes', () => {
  const file = newFile()
  const store = openStore({ file })
  store.jobs.putJob(sampleJob('J1'))
  store.jobs.insertExecution(sampleExecution(1, 'J1', 'T1'))
  store.commit()
  store.close()
  const before = readFileSync(file)
  const other = new DatabaseSync(file)
  // As many rows as before, in the table and in each index.
  other.exec("UPDATE executions SET thing_name = 'T2'")
  const { rootpage } = other
    .prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'executions'")
    .get() as { rootpage: number }
  const { page_size: bytes } = other.prepare('PRAGMA page_size').get() as { page_size: number }
  other.close()
  const damaged = readFileSync(file)
  before.copy(damaged, (rootpage - 1) * bytes, (rootpage - 1) * bytes, rootpage * bytes)
  writeFileSync(file, damaged)
  expect(() => openStore({ file })).toThrow('its pages are damaged')
})
