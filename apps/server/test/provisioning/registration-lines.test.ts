/** Lines of a bulk registration's file, however the file comes in pieces. */
import { Buffer } from 'node:buffer'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  registrationLines,
  type RegistrationLine,
} from '../../src/provisioning/registration-lines.ts'

async function* piecesOf(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) {
    await Promise.resolve()
    yield bytes.subarray(at, at + length)
  }
}

async function linesOf(bytes: Uint8Array, length = 65_536, most = 50): Promise<RegistrationLine[]> {
  const all: RegistrationLine[] = []
  for await (const lines of registrationLines(piecesOf(bytes, length), most)) {
    expect(lines.length).toBeLessThanOrEqual(most)
    all.push(...lines)
  }
  return all
}

it('gateway G114: a line ends at LF alone; its number counts blank ones', async () => {
  const text = '\uFEFF{"a":"\u2028\u2029\u0085"}\r\n\n \t\r\n{"b":"\r"}\n\uFEFF{}'
  expect(await linesOf(Buffer.from(text))).toEqual([
    { lineNumber: 1, endsAtByte: 21, text: '{"a":"\u2028\u2029\u0085"}' },
    { lineNumber: 4, endsAtByte: 36, text: '{"b":"\r"}' },
    { lineNumber: 5, endsAtByte: 41, text: '\uFEFF{}' },
  ])
  expect(await linesOf(Buffer.from('\uFEFF'))).toEqual([])
  expect(await linesOf(Buffer.from(''))).toEqual([])
})

it('gateway G114: pieces of any length give the same lines', async () => {
  const bit = fc.constantFrom('\n', '\r', '\r\n', '\uFEFF', '\u2028', 'ä', '😀', 'x', ' ')
  const bits = fc.array(bit, { maxLength: 40 }).map((some) => Buffer.from(some.join('')))
  const bytes = fc.oneof(bits, fc.uint8Array({ maxLength: 40 }))
  await fc.assert(
    fc.asyncProperty(bytes, fc.integer({ min: 1, max: 7 }), async (file, length) => {
      expect(await linesOf(file, length, 2)).toEqual(await linesOf(file))
    }),
  )
})

it('gateway G114: a line of 65,536 characters is read, a longer one only measured', async () => {
  for (const character of ['x', 'ä', '€', '😀']) {
    const fits = character.repeat(65_536 / character.length)
    const [line, long, last] = await linesOf(Buffer.from(`${fits}\r\n${fits}.\r\n{}`), 1000)
    expect(line).toMatchObject({ lineNumber: 1, text: fits })
    const fault = 'the line has 65537 characters; at most 65536 are allowed'
    expect(long).toMatchObject({ lineNumber: 2, fault })
    expect(last).toMatchObject({ lineNumber: 3, text: '{}' })
  }
  const [longer] = await linesOf(Buffer.from(`${'€😀'.repeat(100_000)}\r\n`), 777)
  expect(longer).toMatchObject({
    fault: expect.stringContaining('has 300000 characters') as string,
  })
})

it('gateway G114: a line without end is not held in memory', async () => {
  const chunk = new Uint8Array(1_048_576).fill(0x78)
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (let count = 0; count < 300; count++) {
      await Promise.resolve()
      yield chunk.slice()
    }
  }
  let most = 0
  let turns = 0
  for await (const lines of registrationLines(endless(), 50)) {
    turns += 1
    most = Math.max(most, process.memoryUsage().arrayBuffers)
    if (turns === 301) {
      expect(lines).toMatchObject([{ fault: expect.stringContaining('314572800') as string }])
    }
  }
  expect(turns).toBe(301)
  expect(most).toBeLessThan(200 * 1_048_576)
})

it('gateway G114: a line too long is counted even without a byte that begins a character', async () => {
  const file = Buffer.concat([Buffer.alloc(300_000, 0x80), Buffer.from('\n{}')])
  expect(await linesOf(file)).toMatchObject([
    { lineNumber: 1, fault: expect.any(String) as string },
    { lineNumber: 2 },
  ])
})
