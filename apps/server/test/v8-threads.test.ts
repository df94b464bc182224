import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServerProcess } from '@muster/server/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { helperNiceness } from '../src/v8-threads.ts'

it.each([
  [0.5, 2, false, 10],
  [4, 2, false, 10],
  [4.1, 2, false, 0],
  [27, 2, false, 0],
  [27, 64, false, 10],
  // Who may not take it back is moderate.
  [0.5, 2, true, 4],
  [27, 2, true, 0],
])(
  'with a load of %d on %i processors (for good: %s) helpers are nicer by %i',
  (load, processors, isForGood, nicer) => {
    expect(helperNiceness(load, processors, isForGood)).toBe(nicer)
  },
)

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
      const nicer = helpers.map(({ niceness }) => niceness - own)
      expect([10, 4, 0]).toContain(nicer[0])
      expect(new Set(nicer).size).toBe(1)
      const others = named.filter(({ name }) => !name.includes('V8Worker'))
      expect(others.every(({ niceness }) => niceness === own)).toBe(true)
    } finally {
      await server.kill('SIGTERM')
    }
  })
})
