/** Which blocks a request gets (neighbours N84 to N86), against a plain reading of the rule. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { ANSWER_BYTES_MAX, selectBlocks } from '../src/select-blocks.ts'

const request = fc.record({
  blockBytes: fc.integer({ min: 256, max: 131_072 }),
  firstBlock: fc.nat(300),
  count: fc.option(fc.integer({ min: 1, max: 600 }), { nil: undefined }),
  bitmap: fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined }),
})

it('neighbours N84, N86: exactly the blocks asked for that exist, ascending, below 128 KB', () => {
  fc.assert(
    fc.property(request, fc.nat(300_000), (asked, fileBytes) => {
      const { bitmap, blockBytes, count = Infinity, firstBlock } = asked
      const wanted: number[] = []
      for (let number = 0; number * blockBytes < fileBytes; number++) {
        const bit = number - firstBlock
        const isAsked =
          bit >= 0 && (bitmap === undefined || ((bitmap[bit >> 3] ?? 0) >> (bit & 7)) % 2 === 1)
        if (isAsked) wanted.push(number)
      }
      const fit = Math.floor(ANSWER_BYTES_MAX / blockBytes)
      const expected = wanted.slice(0, Math.min(count, fit))
      const selected = selectBlocks(asked, fileBytes)
      if (expected.length === 0) {
        expect(selected).toMatchObject({ ok: false, error: { code: 'OffsetOutOfBounds' } })
        return
      }
      if (!selected.ok) throw new Error(selected.error.message)
      const blocks = selected.value
      expect(blocks.map(({ number }) => number)).toEqual(expected)
      for (const { byteLength, number, start } of blocks) {
        expect(start).toBe(number * blockBytes)
        expect(byteLength).toBe(Math.min(blockBytes, fileBytes - start))
      }
      const bytes = blocks.reduce((sum, { byteLength }) => sum + byteLength, 0)
      expect(bytes).toBeLessThanOrEqual(ANSWER_BYTES_MAX)
    }),
    { numRuns: 500 },
  )
})

it('neighbours N84: the example of the guide, blocks 20, 21, 24 and 43', () => {
  const bitmap = Uint8Array.from([0x13, 0x00, 0x80])
  const asked = { blockBytes: 256, firstBlock: 20, count: undefined, bitmap }
  const selected = selectBlocks(asked, 256 * 50)
  expect(selected.ok && selected.value.map(({ number }) => number)).toEqual([20, 21, 24, 43])
})

it('neighbours N86: an empty file has no block', () => {
  const asked = { blockBytes: 256, firstBlock: 0, count: 1, bitmap: undefined }
  expect(selectBlocks(asked, 0)).toMatchObject({ error: { code: 'OffsetOutOfBounds' } })
})
