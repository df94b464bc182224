import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServerProcess } from '@muster/server/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'

describe.skipIf(process.platform !== 'linux')('V8 threads', () => {
  it('yield to the thread that serves, which keeps its priority', async () => {
    const data = mkdtempSync(join(tmpdir(), 'muster-threads-'))
    onTestFinished(() => rmSync(data, { recursive: true, force: true }))
    const server = await startServerProcess(['--data', data])
    try {
      const threads = readdirSync(`/proc/${server.pid}/task`)
      const named = threads.map((thread) => ({
        name: readFileSync(`/proc/${server.pid}/task/${thread}/comm`, 'utf8').trim(),
        niceness: getPriority(Number(thread)),
      }))
      const own = getPriority()
      const helpers = named.filter(({ name }) => name.includes('V8Worker'))
      expect(helpers.length).toBeGreaterThan(0)
      expect(helpers.every(({ niceness }) => niceness > own)).toBe(true)
      const others = named.filter(({ name }) => !name.includes('V8Worker'))
      expect(others.every(({ niceness }) => niceness === own)).toBe(true)
    } finally {
      await server.kill('SIGTERM')
    }
  })
})
