/** A store that is missing, emptied or cut is told from a new one. */
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openStore, StoreGoneError } from '../src/index.ts'

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'store-mark-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'muster.db')
}

/** A store as a killed process leaves it: what it committed lies in its log. */
function killed(): string {
  const file = newFile()
  const store = openStore({ file })
  store.records.put('kind', 'first', '1')
  store.commit()
  store.records.put('kind', 'last', '1')
  store.commit()
  const left = newFile()
  for (const part of ['', '-wal', '-shm', '-mark']) copyFileSync(`${file}${part}`, `${left}${part}`)
  store.close()
  return left
}

function keysIn(file: string): { readonly keys: string[]; readonly lost: string | undefined } {
  const store = openStore({ file })
  const keys = [...store.records.load('kind')].map(({ key }) => key)
  const { lost } = store
  store.close()
  return { keys, lost }
}

it('a new store is new once; one that was closed or killed lost nothing', () => {
  const file = newFile()
  const first = openStore({ file })
  expect([first.isNew, first.lost]).toEqual([true, undefined])
  first.close()
  const again = openStore({ file })
  expect([again.isNew, again.lost]).toEqual([false, undefined])
  again.close()
  expect(keysIn(killed())).toEqual({ keys: ['first', 'last'], lost: undefined })
})

it.each([
  ['missing', (file: string) => rmSync(file)],
  ['empty', (file: string) => truncateSync(file)],
])('a database that is %s is refused, and nothing is made in its place', (how, harm) => {
  const file = newFile()
  openStore({ file }).close()
  harm(file)
  expect(() => openStore({ file })).toThrow(StoreGoneError)
  expect(() => openStore({ file })).toThrow(`the database ${file} is ${how}, but there was one`)
  expect(existsSync(file) ? statSync(file).size : 0).toBe(0)
  rmSync(`${file}-mark`)
  expect(keysIn(file)).toEqual({ keys: [], lost: undefined })
})

it.each([
  ['missing', (log: string) => rmSync(log), 'is missing'],
  ['emptied', (log: string) => truncateSync(log), 'is cut'],
  ['cut by one byte', (log: string) => truncateSync(log, statSync(log).size - 1), 'is cut'],
  ['cut to its header', (log: string) => truncateSync(log, 32), 'is cut'],
])('of a killed process whose log is %s, the loss is told once', (_how, harm, told) => {
  const file = killed()
  harm(`${file}-wal`)
  const { keys, lost } = keysIn(file)
  expect(keys).not.toContain('last')
  expect(lost).toBe(`its log ${file}-wal ${told}`)
  expect(keysIn(file).lost).toBeUndefined()
})

it('a log that was begun anew, or whose index is gone, is not called cut', () => {
  const file = killed()
  rmSync(`${file}-shm`)
  expect(keysIn(file)).toEqual({ keys: ['first', 'last'], lost: undefined })
  const other = killed()
  copyFileSync(`${killed()}-shm`, `${other}-shm`)
  expect(keysIn(other)).toEqual({ keys: ['first', 'last'], lost: undefined })
})

it('a store that is taken away while it is open keeps nothing more, and leaves no mark', () => {
  const file = newFile()
  const store = openStore({ file })
  store.records.put('kind', 'first', '1')
  store.commit()
  rmSync(file)
  store.records.put('kind', 'lost', '1')
  expect(() => store.commit()).toThrow('was removed or replaced while it was open')
  store.close()
  writeFileSync(file, '')
  expect(() => openStore({ file })).toThrow('is empty, but there was one')
})
