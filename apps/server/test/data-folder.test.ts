import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { DataFolderError, openDataFolder } from '../src/data-folder.ts'

function folder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'muster-'))
  onTestFinished(() => rmSync(parent, { recursive: true }))
  return join(parent, 'data')
}

it('a data folder is private to its user', () => {
  const path = folder()
  openDataFolder(path).release()
  expect(statSync(path).mode & 0o777).toBe(0o700)
})

it('a data folder in use is refused, naming the process that has it', () => {
  const path = folder()
  const first = openDataFolder(path)
  expect(() => openDataFolder(path)).toThrow(DataFolderError)
  expect(() => openDataFolder(path)).toThrow(`in use by process ${process.pid}`)
  first.release()
  openDataFolder(path).release()
})

it('who has a folder is told while it does, also after one that was killed', () => {
  const path = folder()
  const pidFile = join(path, 'pid')
  openDataFolder(path).release()
  writeFileSync(pidFile, '1\n')
  const next = openDataFolder(path)
  expect(readFileSync(pidFile, 'utf8')).toBe(`${process.pid}\n`)
  next.release()
  expect(existsSync(pidFile)).toBe(false)
})

it('a lock file that is something else is named, and nobody is said to have it', () => {
  const path = folder()
  openDataFolder(path).release()
  writeFileSync(join(path, 'lock'), 'x'.repeat(4096))
  expect(() => openDataFolder(path)).toThrow(`\`${join(path, 'lock')}\` is not a lock file`)
})

it('a killed process leaves no stale lock', () => {
  const path = folder()
  const module = new URL('../src/data-folder.ts', import.meta.url).href
  const script = `import { openDataFolder } from '${module}'; openDataFolder('${path}'); process.kill(process.pid, 'SIGKILL')`
  expect(() =>
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' }),
  ).toThrow()
  openDataFolder(path).release()
})

it('a folder that cannot be written is refused with its name', () => {
  expect(() => openDataFolder('/proc/muster')).toThrow('data folder `/proc/muster`')
})

it('a file and a folder that all users share keep their mode: both are refused', () => {
  const parent = join(folder(), '..')
  const file = join(parent, 'file')
  writeFileSync(file, '', { mode: 0o644 })
  expect(() => openDataFolder(file)).toThrow('is not a folder')
  expect(statSync(file).mode & 0o777).toBe(0o644)
  chmodSync(parent, 0o1777)
  expect(() => openDataFolder(parent)).toThrow('is shared by all users')
  expect(statSync(parent).mode & 0o7777).toBe(0o1777)
})

/** All that a folder is: names with their modes and contents. */
function picture(path: string): unknown[] {
  const names = readdirSync(path).sort()
  return [statSync(path).mode, ...names.map((name) => [name, statSync(join(path, name)).mode])]
}

it.each([
  ['a project', ['package.json', 'src', 'README.md', 'LICENSE']],
  ['somebody’s file', ['notes.txt']],
  ['a hidden file', ['.profile']],
  ['files of Muster among others', ['devices', 'notes.txt']],
])('a folder with %s stays as it is, and the message names what is there', (_what, names) => {
  const path = folder()
  mkdirSync(path)
  chmodSync(path, 0o755)
  for (const name of names) writeFileSync(join(path, name), 'theirs')
  const before = picture(path)
  expect(() => openDataFolder(path)).toThrow(
    new RegExp(`data folder \`${path}\` is not one of Muster \\(it holds \`.+give an empty folder`),
  )
  expect(picture(path)).toEqual(before)
})

it('the root of the file system and the current folder are refused', () => {
  expect(() => openDataFolder('/')).toThrow('data folder `/`')
  expect(() => openDataFolder('.')).toThrow('is not one of Muster')
})

it.each([
  ['empty', []],
  ['a volume that is empty but for what its file system made', ['lost+found']],
  ['one where a fleet kept its identities before', ['devices']],
  ['one that a server of before used', ['lock', 'muster.db', 'authority', 'anything else']],
])('a folder that is %s is taken', (_what, names) => {
  const path = folder()
  mkdirSync(path)
  for (const name of names) writeFileSync(join(path, name), '')
  openDataFolder(path).release()
  expect(statSync(path).mode & 0o777).toBe(0o700)
})

it('a folder of another user, and a lock that cannot be opened, are told as such', () => {
  const path = folder()
  mkdirSync(path)
  chmodSync(path, 0o775)
  const { mode, uid } = statSync(path)
  expect(() => openDataFolder(path, uid + 1)).toThrow(
    `data folder \`${path}\` belongs to another user (number ${uid})`,
  )
  expect(statSync(path).mode).toBe(mode)
  mkdirSync(join(path, 'lock'))
  expect(() => openDataFolder(path)).toThrow(`\`${join(path, 'lock')}\` cannot be opened: `)
})

it('a holder whose number cannot be read is not called unknown', () => {
  const path = folder()
  const holder = openDataFolder(path)
  rmSync(join(path, 'pid'))
  expect(() => openDataFolder(path)).toThrow(`in use by a process whose number \`${path}/pid\``)
  holder.release()
})
