/** Bytes that wait for the turn they may leave with. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { PendingBytes } from '../src/listeners/pending-bytes.ts'

const text = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Buffer.from(bytes).toString()

it('what was sent until a turn leaves with it, in order, and nothing of later turns', () => {
  const sent = fc.array(fc.record({ later: fc.nat(2), chunks: fc.array(fc.string()) }))
  fc.assert(
    fc.property(sent, fc.array(fc.nat(12)), (turns, takes) => {
      const pending = new PendingBytes()
      let turn = 0
      let left = turns.flatMap(({ later, chunks }) => {
        turn += later
        for (const chunk of chunks) pending.push(turn, Buffer.from(chunk))
        return chunks.map((chunk) => ({ turn, chunk: Buffer.from(chunk).toString() }))
      })
      for (const until of [...takes, Infinity]) {
        const gone = left.filter((one) => one.turn <= until)
        left = left.filter((one) => one.turn > until)
        const expected = gone.length === 0 ? undefined : gone.map(({ chunk }) => chunk).join('')
        expect(text(pending.take(until))).toBe(expected)
        expect(pending.bytes).toBe(
          left.reduce((sum, { chunk }) => sum + Buffer.byteLength(chunk), 0),
        )
      }
      expect(pending.isEmpty).toBe(true)
    }),
  )
})
