import { expect, it } from 'vitest'
import { STRESS_STEPS_MAX, type Stage } from '../src/load-profile.ts'
import { KneeSearch } from '../src/run/knee.ts'
import { figuresOf, type Knee, type StageSummary } from '../src/run/load-summary.ts'
import { Tally } from '../src/tally.ts'

/** A server that holds up to a rate, and what it and the generator use at each. */
function searched(
  holdsUpTo: number,
  use: (perSecond: number) => Partial<StageSummary> = () => ({}),
): { readonly knee: Knee; readonly offered: number[] } {
  const search = new KneeSearch({ perSecond: 100, seconds: 1 }, 2)
  const offered: number[] = []
  for (let stage: Stage | undefined = search.next(); stage !== undefined; stage = search.next()) {
    offered.push(stage.perSecond)
    search.took({
      ...figuresOf(new Tally(), 1),
      name: stage.name,
      perSecond: stage.perSecond,
      serverCpu: 0.3,
      generatorCpu: 0.3,
      loopLagMsP99: 1,
      broke: stage.perSecond > holdsUpTo ? ['latencyMs.p99 900 (at most 500)'] : [],
      ...use(stage.perSecond),
    })
  }
  return { knee: search.knee, offered }
}

it('the rate rises until a threshold breaks, and the knee is looked for once more in the middle', () => {
  const { knee, offered } = searched(300)
  expect(offered.slice(0, 4)).toEqual([100, 150, 225, 337.5])
  expect(offered).toHaveLength(5)
  expect(offered[4]).toBeCloseTo(275.6, 0)
  expect(knee).toMatchObject({ perSecond: offered[4], brokePerSecond: 337.5 })
  expect(knee.broke).toEqual(['latencyMs.p99 900 (at most 500)'])
})

it('a server that does not hold the first step has no knee that was found', () => {
  expect(searched(10)).toMatchObject({
    knee: { perSecond: 0, brokePerSecond: 100 },
    offered: [100],
  })
})

it('a server that holds everything ends the search', () => {
  const { knee, offered } = searched(Infinity)
  expect(offered).toHaveLength(STRESS_STEPS_MAX)
  expect(knee).toMatchObject({ brokePerSecond: null, gaveOut: 'nothing: the last step held' })
})

it.each<readonly [Partial<StageSummary>, RegExp]>([
  [{ serverCpu: 0.97 }, /^the server: it used 97 % of a core/],
  [{ generatorCpu: 1.8 }, /^this generator: 90 % of a core a worker/],
  [{ loopLagMsP99: 80 }, /^this machine: a worker was 80 ms late with 15 % of a core/],
  [{ serverCpu: 0.4 }, /^neither's CPU: the server used 40 %/],
  [{ serverCpu: null }, /^neither's CPU: the server does not say/],
])('what gave out: %j', (use, said) => {
  expect(searched(150, () => use).knee.gaveOut).toMatch(said)
})
