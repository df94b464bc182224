/** Pipelined commits: what gathers, what goes, what is known after a loss. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CommitPipeline } from '../../src/postgres/commit-pipeline.ts'

function ended(pipeline: CommitPipeline, turns: number): void {
  for (let turn = 0; turn < turns; turn += 1) pipeline.turnEnded()
}

it('while a transaction is under way turns gather, and go together after it', () => {
  const pipeline = new CommitPipeline({ epoch: 7, turn: 0 })
  expect(pipeline.next()).toBeUndefined()
  ended(pipeline, 1)
  expect(pipeline.next()).toEqual({ epoch: 7, after: 0, turn: 1 })
  ended(pipeline, 3)
  expect(pipeline.next()).toBeUndefined()
  expect(pipeline.unconfirmed).toBe(4)
  pipeline.confirmed()
  expect(pipeline.next()).toEqual({ epoch: 7, after: 1, turn: 4 })
  pipeline.confirmed()
  expect([pipeline.next(), pipeline.unconfirmed]).toEqual([undefined, 0])
})

it('who waits is told once its turns are kept, in the order of asking, also who wrote nothing', () => {
  const pipeline = new CommitPipeline({ epoch: 1, turn: 0 })
  const told: string[] = []
  ended(pipeline, 1)
  pipeline.wait(() => told.push('write'))
  pipeline.next()
  // A read that rests on the turn under way.
  pipeline.wait(() => told.push('read'))
  ended(pipeline, 1)
  pipeline.wait(() => told.push('later write'))
  pipeline.tell()
  expect(told).toEqual([])
  pipeline.confirmed()
  pipeline.tell(() => false)
  expect(told).toEqual([])
  pipeline.tell()
  expect(told).toEqual(['write', 'read'])
  pipeline.next()
  pipeline.confirmed()
  pipeline.tell()
  expect(told).toEqual(['write', 'read', 'later write'])
})

it.each([
  ['the row says its turn: it was kept', 1, 'kept'],
  ['the row says the turn before: it goes again', 0, 'again'],
  ['the row says neither: the database is not what it was', 5, 'over'],
] as const)('a lost connection during a commit, %s', (_what, turn, finding) => {
  const pipeline = new CommitPipeline({ epoch: 2, turn: 0 })
  ended(pipeline, 1)
  pipeline.next()
  pipeline.lost()
  ended(pipeline, 1)
  // Nothing goes while it is unknown.
  expect(pipeline.next()).toBeUndefined()
  expect(pipeline.found({ epoch: 2, turn })).toBe(finding)
  expect(pipeline.isKept(1)).toBe(finding === 'kept')
})

it('a lost connection with nothing under way: it goes on, unless confirmed turns are missing', () => {
  const pipeline = new CommitPipeline({ epoch: 2, turn: 0 })
  ended(pipeline, 2)
  pipeline.next()
  pipeline.confirmed()
  pipeline.lost()
  expect(pipeline.found({ epoch: 2, turn: 1 })).toBe('over')
  expect(pipeline.found({ epoch: 2, turn: 2 })).toBe('nothing')
  ended(pipeline, 1)
  expect(pipeline.next()).toEqual({ epoch: 2, after: 2, turn: 3 })
})

it('another epoch ends it: everybody who waits is told so, and nothing goes any more', () => {
  const pipeline = new CommitPipeline({ epoch: 2, turn: 0 })
  ended(pipeline, 1)
  const faults: unknown[] = []
  pipeline.wait((fault) => faults.push(fault?.cause))
  pipeline.next()
  pipeline.lost()
  expect(pipeline.found({ epoch: 3, turn: 1 })).toBe('over')
  pipeline.stop('deposed')
  pipeline.stop('again')
  pipeline.wait((fault) => faults.push(fault?.cause))
  pipeline.confirmed()
  pipeline.tell()
  expect(faults).toEqual(['deposed', 'deposed'])
  expect([pipeline.isKept(0), pipeline.next()]).toEqual([false, undefined])
})

/** A database that answers, or not, and may have kept what it did not answer. */
const EVENTS = ['turn', 'answered', 'lost and kept', 'lost', 'wait'] as const

it('whatever happens in whatever order, what was told is in the database, each turn once', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 60 }), (events) => {
      const pipeline = new CommitPipeline({ epoch: 1, turn: 0 })
      let [kept, last] = [0, 0]
      let sent: { after: number; turn: number } | undefined
      const send = (): void => {
        sent = pipeline.next() ?? sent
      }
      for (const event of events) {
        if (event === 'turn') {
          pipeline.turnEnded()
          last += 1
        } else if (event === 'wait') {
          const upTo = last
          pipeline.wait(() => expect(kept).toBeGreaterThanOrEqual(upTo))
        } else if (sent !== undefined && event === 'answered') {
          expect(sent.after).toBe(kept)
          kept = sent.turn
          sent = undefined
          pipeline.confirmed()
        } else if (event !== 'answered') {
          if (sent !== undefined && event === 'lost and kept') kept = sent.turn
          pipeline.lost()
          const finding = pipeline.found({ epoch: 1, turn: kept })
          expect(finding).not.toBe('over')
          if (finding === 'kept') sent = undefined
        }
        pipeline.tell()
        send()
      }
      expect(pipeline.unconfirmed).toBe(last - kept)
    }),
  )
})
