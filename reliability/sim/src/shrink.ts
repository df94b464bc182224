/**
 * Makes a run that breaks an invariant shorter: steps whose absence changes nothing are left out.
 */
import { runSeed, type RunPlan } from './run-seed.ts'
import type { Violation } from './violation.ts'
import type { Ground } from './world/world.ts'

/** Runs that shrinking may take. */
const RUNS_MAX = 300

/**
 * Leaves out halves, quarters and so on of the steps, as long as the same invariant breaks.
 *
 * @returns the steps that are left, in order
 */
export async function shrink(
  ground: Ground,
  plan: RunPlan,
  { invariant }: Pick<Violation, 'invariant'>,
): Promise<readonly number[]> {
  const all = Array.from({ length: plan.steps }, (_, step) => step)
  const stillBreaks = async (steps: readonly number[]): Promise<boolean> => {
    const left = new Set(steps)
    const without = new Set(all.filter((step) => !left.has(step)))
    const { violation } = await runSeed(ground, { ...plan, without })
    return violation?.invariant === invariant
  }
  let kept: readonly number[] = all
  let size = Math.ceil(kept.length / 2)
  for (let runs = 0, at = 0; runs < RUNS_MAX && size >= 1; runs += 1) {
    const fewer = [...kept.slice(0, at), ...kept.slice(at + size)]
    if (fewer.length < kept.length && (await stillBreaks(fewer))) kept = fewer
    else at += size
    if (at < kept.length) continue
    at = 0
    size = size === 1 ? 0 : Math.ceil(size / 2)
  }
  return kept
}
