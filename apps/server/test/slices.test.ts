/** Long work takes turns: a share of each turn of the event loop, in the order of asking. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Sliced } from '@muster/registry'
import { expect, it } from 'vitest'
import { Slices } from '../src/slices.ts'

it('work that is done at once answers at once', async () => {
  expect(await new Slices().run(counting(3))).toBe(3)
})

it('a slice ends with the share of its turn, and others run before the next', async () => {
  const slices = new Slices()
  let turns = 0
  const state = { isDone: false }
  const work = slices.run(busy(5)).then((value) => {
    state.isDone = true
    return value
  })
  while (!state.isDone) {
    await nextTurn()
    turns += 1
  }
  expect(await work).toBe('done')
  expect(turns).toBeGreaterThanOrEqual(5)
})

it('all long work together has one share of a turn', async () => {
  const slices = new Slices()
  let inThisTurn = 0
  const state = { isDone: false }
  const mostInOneTurn: number[] = []
  const works = Promise.all(
    Array.from({ length: 6 }, () =>
      slices.run(
        busy(2, () => {
          inThisTurn += 1
        }),
      ),
    ),
  ).then(() => {
    state.isDone = true
  })
  while (!state.isDone) {
    await nextTurn()
    mostInOneTurn.push(inThisTurn)
    inThisTurn = 0
  }
  await works
  // The first of them ran in the turn that asked, before the first that was counted.
  expect(Math.max(...mostInOneTurn.slice(1))).toBe(1)
})

it('work takes turns in the order of asking', async () => {
  const slices = new Slices()
  const order: number[] = []
  await Promise.all([1, 2, 3].map((name) => slices.run(busy(2, () => order.push(name)))))
  expect(order).toEqual([1, 2, 3, 1, 2, 3])
})

it('what throws tells its asker, and the others go on', async () => {
  const slices = new Slices()
  const [failed, done] = await Promise.allSettled([
    slices.slice(() => {
      spend()
      throw new Error('a bug')
    }),
    slices.run(counting(1)),
  ])
  expect(failed).toMatchObject({ status: 'rejected', reason: new Error('a bug') })
  expect(done).toEqual({ status: 'fulfilled', value: 1 })
})

function* counting(steps: number): Sliced<number> {
  for (let step = 0; step < steps; step += 1) yield
  return steps
}

/** Steps that each take more than the share of a turn. */
function* busy(steps: number, each: () => void = () => {}): Sliced<string> {
  for (let step = 0; step < steps; step += 1) {
    each()
    spend()
    yield
  }
  return 'done'
}

function spend(): void {
  const untilMs = performance.now() + 10
  while (performance.now() < untilMs);
}
