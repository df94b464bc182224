/** Work in turns: a few at a time, one of an asker, askers one after the other. */
import { expect, it } from 'vitest'
import { InTurns } from '../../src/streams/in-turns.ts'

/** Work that ends when the test says so. */
class Works {
  readonly begun: string[] = []
  readonly #ends: (() => void)[] = []

  readonly work = (name: string) => (): Promise<void> => {
    this.begun.push(name)
    return new Promise((resolve) => this.#ends.push(resolve))
  }

  async endFirst(): Promise<void> {
    this.#ends.shift()?.()
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}

const bounds = { underWayMax: 2, waitingMax: 6, waitingOfOneMax: 3 }

it('one of an asker at a time, in its order, and others get their turn between', async () => {
  const { begun, endFirst, work } = bind(new Works())
  const turns = new InTurns(bounds)
  for (const name of ['a1', 'a2', 'a3', 'b1', 'c1']) turns.take(name.charAt(0), work(name))
  expect(begun).toEqual(['a1', 'b1'])
  await endFirst()
  expect(begun).toEqual(['a1', 'b1', 'c1'])
  await endFirst()
  expect(begun).toEqual(['a1', 'b1', 'c1', 'a2'])
  const idle = turns.idle()
  for (let left = 0; left < 3; left++) await endFirst()
  await idle
  expect(begun).toEqual(['a1', 'b1', 'c1', 'a2', 'a3'])
})

it('too much of one asker is not taken, nor too much of all', () => {
  const { work } = bind(new Works())
  const turns = new InTurns(bounds)
  const taken = (asker: string, times: number): boolean[] =>
    Array.from({ length: times }, () => turns.take(asker, work(asker)))
  expect(taken('a', 5)).toEqual([true, true, true, true, false])
  expect(taken('b', 4)).toEqual([true, true, true, true])
  expect(taken('c', 1)).toEqual([false])
})

it('is idle when the last of it is done', async () => {
  const turns = new InTurns(bounds)
  const done: string[] = []
  turns.take('a', () => Promise.resolve())
  turns.take('a', async () => {
    await Promise.resolve()
    done.push('second')
  })
  await turns.idle()
  expect(done).toEqual(['second'])
})

function bind(works: Works): {
  begun: string[]
  work: Works['work']
  endFirst: () => Promise<void>
} {
  return { begun: works.begun, work: works.work, endFirst: () => works.endFirst() }
}
