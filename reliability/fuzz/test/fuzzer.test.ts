/** The loop itself, on readers with faults planted. */
import { expect, it } from 'vitest'
import type { Coverage } from '../src/coverage.ts'
import { cpuMsMax } from '../src/fault.ts'
import { Fuzzer } from '../src/fuzzer.ts'
import type { Reads, Target } from '../src/target.ts'

const target: Target = {
  name: 'planted',
  reads: 'what a test plants',
  watches: [],
  form: 'bytes',
  bytesMax: 4096,
  inputsPerReader: Infinity,
}

/** CPU that planted readers say they took. */
let cpuUs = 0

/** Fuzzes a reader that counts its blocks by hand. */
async function fuzzed(
  reader: (block: (number: number) => void) => () => Reads,
  executions: number,
  more: Partial<Target> = {},
): Promise<Fuzzer> {
  const counters = new Uint32Array(16)
  const coverage = { counters, size: 16, words: ['MAGIC'], placeOf: (block: number) => `b${block}` }
  const count = (number: number): void => {
    counters[number] = (counters[number] ?? 0) + 1
  }
  const fuzzer = new Fuzzer(
    { ...target, ...more },
    { reader: reader(count) },
    coverage as unknown as Coverage,
    { executions, seconds: Infinity, seed: 1 },
    { reading: () => {}, cpuUs: () => cpuUs },
  )
  await fuzzer.run([])
  return fuzzer
}

it('finds what lies behind four bytes in a row, which chance alone would not, and shrinks it', async () => {
  const { faults } = await fuzzed(
    (block) => () => (input) => {
      const wanted = [0x63, 0x72, 0x61, 0x7a]
      for (let at = 0; at < wanted.length; at++) {
        if (input[at] !== wanted[at]) return
        block(at + 1)
      }
      if (input.length > 5) throw new RangeError('planted')
    },
    60_000,
  )
  expect(faults).toHaveLength(1)
  expect(faults[0]).toMatchObject({ kind: 'threw', input: { length: 6 } })
  expect(faults[0]?.message).toContain('RangeError: planted')
})

it('uses the words that a reader compares with', async () => {
  const { faults } = await fuzzed(
    () => () => (input) => {
      if (Buffer.from(input).toString('latin1').includes('MAGIC')) throw new Error('planted')
    },
    3000,
  )
  expect(faults.map(({ input }) => Buffer.from(input).toString('latin1'))).toEqual(['MAGIC'])
})

it('says of a fault that only comes after others that it does', async () => {
  const { faults } = await fuzzed(
    () => () => {
      let count = 0
      return () => {
        count++
        if (count > 20) throw new Error('planted')
      }
    },
    100,
  )
  expect(faults[0]?.message).toContain('after other inputs only')
  const renewed = await fuzzed(
    () => () => {
      let count = 0
      return () => {
        count++
        if (count > 20) throw new Error('planted')
      }
    },
    100,
    { inputsPerReader: 10 },
  )
  expect(renewed.faults).toEqual([])
})

it('an input that takes quadratic time is a fault; the bound is for honest ones', async () => {
  const { faults } = await fuzzed(
    (block) => () => (input) => {
      block(3)
      cpuUs += input.length ** 2
    },
    2000,
  )
  expect(faults.map(({ kind }) => kind)).toEqual(['slow'])
  expect(faults[0]?.message).toMatch(/^\d+ ms of CPU for \d+ bytes$/)
  expect(faults[0]?.input.length).toBeGreaterThan(200)
  expect(cpuMsMax(65_536)).toBeLessThan(250)
})

it('keeps the fewest and shortest inputs that reach every block', async () => {
  const fuzzer = await fuzzed(
    (block) => () => (input) => {
      for (const byte of input) if (byte < 4) block(byte)
    },
    2000,
  )
  const corpus = await fuzzer.smallestCorpus()
  expect(corpus.length).toBeLessThanOrEqual(4)
  expect(new Set(corpus.flatMap((input) => [...input].filter((byte) => byte < 4)))).toEqual(
    new Set([0, 1, 2, 3]),
  )
  expect(fuzzer.blocksReached).toBe(4)
})
