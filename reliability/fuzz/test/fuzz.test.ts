/**
 * Every target reads its corpus, the inputs of faults that were mended among it, and some hundred inputs made
 * from it; and what a fuzzer has to find is found.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readCorpus, writeFound } from '../src/corpus.ts'
import { instrument } from '../src/instrument.ts'
import { mutated } from '../src/mutate.ts'
import { randomOf } from '../src/random.ts'
import { targets } from '../src/targets.ts'

interface Report {
  readonly ok: boolean
  readonly targets: readonly {
    readonly target: string
    readonly executions: number
    readonly known: number
    readonly blocks: number
    readonly blocksReached: number
    readonly faults: readonly { readonly kind: string; readonly message: string }[]
  }[]
}

const MAIN = join(import.meta.dirname, '../src/main.ts')
const RUNS = 100

/** Runs the command as `pnpm fuzz` does. */
async function fuzz(args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return await new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err })
    })
  })
}

it(
  `no target has a fault in its corpus and ${RUNS} inputs made of it`,
  { timeout: 240_000 },
  async () => {
    const { code, err, out } = await fuzz(['--runs', String(RUNS), '--json'])
    expect(err).not.toContain('threw')
    const report = JSON.parse(out) as Report
    expect(report.targets.map(({ target }) => target)).toEqual(targets.map(({ name }) => name))
    for (const { blocksReached, executions, faults, known, target } of report.targets) {
      expect(faults, target).toEqual([])
      expect(known, target).toBeGreaterThan(1)
      expect(executions, target).toBeGreaterThanOrEqual(RUNS + known)
      expect(blocksReached, target).toBeGreaterThan(20)
    }
    expect({ code, ok: report.ok }).toEqual({ code: 0, ok: true })
  },
)

it('names the targets there are when it is asked for another', async () => {
  const { code, err } = await fuzz(['mqtt'])
  expect(code).toBe(2)
  expect(err).toContain('no target `mqtt`: expected mqtt-311, mqtt-5, client-hello')
  expect((await fuzz(['--runs', 'many'])).err).toContain('--runs: expected a whole number')
})

it('every target has a corpus, and every corpus a target; it is kept small', () => {
  const folders = readdirSync(join(import.meta.dirname, '../corpus'))
  expect(folders.toSorted()).toEqual(targets.map(({ name }) => name).toSorted())
  for (const { bytesMax, name } of targets) {
    const inputs = readCorpus(name)
    expect(inputs.length, name).toBeLessThan(120)
    expect(
      inputs.every(({ length }) => length <= bytesMax),
      name,
    ).toBe(true)
  }
})

it('the input of a fault is kept where somebody can look at it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-fuzz-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = writeFound(join(folder, 'found'), 'cron', Buffer.from('cron('))
  expect(file).toMatch(/found\/cron-[0-9a-f]{16}$/)
})

it('mutations come again with their seed, and are never longer than a target reads', () => {
  const material = {
    form: 'json',
    bytesMax: 300,
    words: ['Statement', '*'],
    other: () => Buffer.from('{"b":[1,2]}'),
  } as const
  const run = (seed: number): string[] => {
    const random = randomOf(seed)
    let input: Uint8Array = Buffer.from('{"a":{"b":["x",1]}}')
    return Array.from({ length: 300 }, () => {
      input = mutated(input, material, random)
      return Buffer.from(input).toString('hex')
    })
  }
  expect(run(7)).toEqual(run(7))
  expect(run(7)).not.toEqual(run(8))
  expect(Math.max(...run(7).map(({ length }) => length / 2))).toBeLessThanOrEqual(300)
})

it('an instrumented program does the same, and counts each way that its branches go', async () => {
  const source = `
    export const pick = (n: number): string => (n > 2 ? 'large' : n === 0 ? 'none' : 'small')
    export function sum(all: readonly number[]): number {
      let total = 0
      for (const one of all) if (one > 0) total += one
      switch (total) { case 0: return -1; default: return total || 7 }
    }
    export async function caught(): Promise<string> {
      try { await Promise.reject(new Error('x')) } catch { return 'caught' } finally { void 0 }
      return 'not'
    }`
  const { blocks, code, words } = instrument(source, 3)
  expect(words).toEqual(['large', 'none', 'small', 'caught', 'not'])
  const counters = new Uint32Array(40)
  Object.assign(globalThis, { __musterBlocks: counters })
  const { pick, sum } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    pick(n: number): string
    sum(all: number[]): number
  }
  expect([pick(3), pick(0), pick(1), sum([]), sum([1, -2, 4])]).toEqual([
    'large',
    'none',
    'small',
    -1,
    5,
  ])
  expect(counters.subarray(0, 3)).toEqual(new Uint32Array(3))
  const counted = [...counters.subarray(3, 3 + blocks.length)]
  // The branch that takes 7 for a total of 0, and the function that nobody called, were not reached.
  expect(counted.filter((times) => times === 0)).toHaveLength(3)
  expect(counted).toContain(3)
  expect(counters.subarray(3 + blocks.length).every((times) => times === 0)).toBe(true)
})
