/** A few seeds of the simulation, and that a seed is all that a run depends on. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openGround, type OpenGround } from '../src/ground.ts'
import { runSeed } from '../src/run-seed.ts'
import { shrink } from '../src/shrink.ts'
import { Tally } from '../src/tally.ts'

let ground: OpenGround

beforeAll(async () => {
  ground = await openGround()
})

afterAll(() => ground.close())

test('every invariant holds over some seeds, and much happens in them', async () => {
  const all = new Tally()
  for (let seed = 1; seed <= 12; seed += 1) {
    const { violation, tally } = await runSeed(ground, { seed, steps: 60 })
    expect(violation, `seed ${seed}`).toBeUndefined()
    all.addAll(tally)
  }
  for (const fault of ['crash before commit', 'crash after commit', 'crash while telling']) {
    expect(all.of('faults', fault), fault).toBeGreaterThan(0)
  }
  expect(all.of('transitions', 'QUEUED to IN_PROGRESS')).toBeGreaterThan(5)
  expect(all.of('jobs', 'rolled out')).toBeGreaterThan(20)
  expect(all.of('refusals', 'denied iot:Publish')).toBeGreaterThan(5)
  expect(all.of('checks', 'replies')).toBeGreaterThan(5)
})

test('a run is its seed: all that happens in it, line by line, is the same again', async () => {
  const lines: string[][] = [[], []]
  for (const told of lines) {
    await runSeed(ground, { seed: 77, steps: 40, trace: (line) => void told.push(line) })
  }
  const [first = [], second = []] = lines
  expect(first.length).toBeGreaterThan(100)
  expect(second).toEqual(first)
})

test('another seed is another run', async () => {
  const lines: string[][] = [[], []]
  for (const [index, told] of lines.entries()) {
    await runSeed(ground, { seed: index, steps: 3, trace: (line) => void told.push(line) })
  }
  const [one, other] = lines
  expect(one).not.toEqual(other)
})

test('a run that does not break an invariant cannot be shrunk', async () => {
  const kept = await shrink(ground, { seed: 1, steps: 2 }, { invariant: 'abort' })
  expect(kept).toEqual([0, 1])
})
