/** `muster check` names each way in which a data folder can be wrong, and leaves the folder as it is. */
import { createHash } from 'node:crypto'
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { CHECK_RULES } from '../../../../packages/store/src/check/check-store.ts'
import { backUpFolder, checkFolder } from '../../src/backup/index.ts'
import { keptWorld, type KeptWorld } from './kept-world.ts'
import { PLANTED } from './planted-damage.ts'

let world: KeptWorld
let whole: string

beforeAll(async () => {
  world = await keptWorld()
  await world.server.stop()
  whole = world.server.options.dataDir ?? ''
})
afterAll(async () => world?.server.close())

/** A copy of the whole folder, harmed. */
function harmed(harm: (folder: string) => void): string {
  const parent = mkdtempSync(join(tmpdir(), 'harmed-'))
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }))
  const folder = join(parent, 'data')
  cpSync(whole, folder, { recursive: true, preserveTimestamps: true })
  harm(folder)
  return folder
}

/** Names, sizes and digests of a folder's files. */
function picture(folder: string): unknown[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [
      path,
      statSync(path).mtimeMs,
      createHash('sha256').update(readFileSync(path)).digest('hex'),
    ])
}

it.each(PLANTED)('%s: %s', (rule, _what, harm, subject) => {
  const folder = harmed(harm)
  const before = picture(folder)
  const { ok, problems } = checkFolder(folder, Date.now())
  expect(ok).toBe(false)
  const found = problems.filter((problem) => problem.rule === rule)
  expect(found.map((problem) => problem.subject).join('\n')).toMatch(subject)
  for (const { message } of found) expect(message).not.toBe('null')
  expect(picture(folder)).toEqual(before)
})

it('each rule that a check has finds something that was planted for it', () => {
  const planted = new Set(PLANTED.map(([rule]) => rule))
  expect(CHECK_RULES.filter((rule) => !planted.has(rule))).toEqual([])
})

it('a whole folder is called whole, with what it holds, and is not changed', () => {
  const before = picture(whole)
  const { ok, problems, counts, isInUse, isBackup, schemaVersion } = checkFolder(whole, Date.now())
  expect({ ok, problems, isInUse, isBackup }).toEqual({
    ok: true,
    problems: [],
    isInUse: false,
    isBackup: false,
  })
  expect(schemaVersion).toBeGreaterThan(3)
  expect(counts).toMatchObject({ thing: 3, jobs: 2, executions: 2, shadows: 1 })
  expect(picture(whole)).toEqual(before)
})

it('of a killed server the log is read too, and stays for the server to read', () => {
  // As it lies on the disk while a server has it: the lock goes with the process.
  const folder = harmed((path) => {
    const database = new DatabaseSync(join(path, 'muster.db'))
    database.exec("UPDATE executions SET version = 9 WHERE job_id = 'rolls'")
    const left = `${path}-left`
    cpSync(path, left, { recursive: true })
    database.close()
    rmSync(path, { recursive: true })
    cpSync(left, path, { recursive: true })
  })
  const before = picture(folder)
  expect(statSync(join(folder, 'muster.db-wal')).size).toBeGreaterThan(0)
  const { problems } = checkFolder(folder, Date.now())
  expect(problems.map(({ rule }) => rule)).toEqual(['execution-version'])
  expect(picture(folder)).toEqual(before)
})

it('a file of a backup that is missing, cut or changed is named', async () => {
  const folder = harmed(() => {})
  const backup = `${folder}-backup`
  await backUpFolder(folder, backup)
  expect(checkFolder(backup, Date.now())).toMatchObject({ ok: true, isBackup: true })
  truncateSync(join(backup, 'sessions.key'), 16)
  writeFileSync(join(backup, 'authority/ca.pem'), 'changed')
  rmSync(join(backup, 'muster.db-mark'))
  const { problems } = checkFolder(backup, Date.now())
  const named = problems.filter(({ rule }) => rule === 'backup-file').map(({ subject }) => subject)
  expect(named.sort()).toEqual(['authority/ca.pem', 'muster.db-mark', 'sessions.key'])
})

it('what is no folder of Muster is refused, not called well', () => {
  const empty = mkdtempSync(join(tmpdir(), 'empty-'))
  onTestFinished(() => rmSync(empty, { recursive: true }))
  expect(() => checkFolder(empty, Date.now())).toThrow('is not a data folder of Muster')
  expect(() => checkFolder(join(empty, 'gone'), Date.now())).toThrow('there is no folder')
})
