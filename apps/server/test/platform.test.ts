/** What the server does on systems that lack what Linux has. */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  closeToOthers,
  currentUserId,
  isEverybodys,
  makePrivateFolder,
  privacyNote,
  threadsNamed,
  writePrivateFile,
} from '../src/platform.ts'

const everybodys = { mode: 0o41777 }
const own = { mode: 0o40755 }

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'muster-platform-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

describe.each(['linux', 'darwin'] as const)('on %s', (platform) => {
  it('closes a folder to others, and knows one that is everybody’s', () => {
    const folder = join(emptyFolder(), 'open')
    mkdirSync(folder, { mode: 0o755 })
    closeToOthers(folder, platform)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect([everybodys, own].map((stat) => isEverybodys(stat, platform))).toEqual([true, false])
    expect(privacyNote('/data', platform)).toBeUndefined()
    expect(currentUserId(platform)).toBe(process.getuid?.())
  })
})

describe('on win32', () => {
  it('leaves modes alone, refuses no folder for them, and says who can read it', () => {
    const folder = join(emptyFolder(), 'open')
    mkdirSync(folder, { mode: 0o755 })
    closeToOthers(folder, 'win32')
    expect(statSync(folder).mode & 0o777).toBe(0o755)
    expect([everybodys, own].map((stat) => isEverybodys(stat, 'win32'))).toEqual([false, false])
    expect(currentUserId('win32')).toBeUndefined()
    expect(privacyNote('C:\\muster', 'win32')).toContain('the folder above `C:\\muster`')
  })
})

describe('threads by name', () => {
  it('are read on Linux, and a thread that ended is left out', () => {
    const tasks = emptyFolder()
    for (const [thread, name] of Object.entries({ 11: 'node', 12: 'V8Worker', 13: 'V8Worker' })) {
      mkdirSync(join(tasks, thread))
      writeFileSync(join(tasks, thread, 'comm'), `${name}\n`)
    }
    mkdirSync(join(tasks, '14'))
    expect(threadsNamed(/V8Worker/, 'linux', tasks)).toEqual([12, 13])
    expect(threadsNamed(/V8Worker/, 'linux', join(tasks, 'nowhere'))).toEqual([])
  })

  it.each(['darwin', 'win32'] as const)('are nobody’s to change on %s', (platform) => {
    expect(threadsNamed(/./, platform)).toEqual([])
  })
})

it('what is private is its user’s alone, where modes say so', () => {
  const folder = join(emptyFolder(), 'a', 'b')
  makePrivateFolder(folder, { recursive: true })
  writePrivateFile(join(folder, 'key'), 'secret')
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(statSync(join(folder, 'key')).mode & 0o777).toBe(0o600)
})
