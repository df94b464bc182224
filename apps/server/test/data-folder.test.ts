import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
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
