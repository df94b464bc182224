import { execFileSync } from 'node:child_process'
import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DataFolderFault, openDataFolder } from '../src/data-folder.ts'

const folder = (): string => join(mkdtempSync(join(tmpdir(), 'muster-')), 'data')

it('a data folder is private to its user', () => {
  const path = folder()
  openDataFolder(path).release()
  expect(statSync(path).mode & 0o777).toBe(0o700)
})

it('a data folder in use is refused, naming the process that has it', () => {
  const path = folder()
  const first = openDataFolder(path)
  expect(() => openDataFolder(path)).toThrow(DataFolderFault)
  expect(() => openDataFolder(path)).toThrow(`in use by process ${process.pid}`)
  first.release()
  openDataFolder(path).release()
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
