import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

it('a bundler whose asker is gone stops and leaves no folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bundle-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const outDir = join(folder, 'console')
  const program = join(import.meta.dirname, '..', 'bundle.ts')
  const bundler = spawn(process.execPath, [program, outDir, '--while-asked'], {
    cwd: join(import.meta.dirname, '..'),
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // As when the process that holds the other end is killed.
  bundler.stdin.end()
  const [code] = (await once(bundler, 'exit')) as [number | null]
  expect(code).toBe(1)
  expect(existsSync(outDir)).toBe(false)
})

it('a process whose bundler was let go ends when it has nothing else to do', async () => {
  const build = JSON.stringify(join(import.meta.dirname, '..', 'build.ts'))
  const program = `
    const { letGo } = await import(${build})
    const { execFile } = await import('node:child_process')
    letGo(execFile(process.execPath, ['--eval', 'process.stdin.resume()'], () => {}))`
  const asker = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: 'ignore',
  })
  const [code] = (await once(asker, 'exit')) as [number | null]
  expect(code).toBe(0)
})
