/** A job that meets a goal, as near to the given one as can be: other rates, thresholds and minimums. */
import { rehearseBadFirmware } from './bad-firmware.ts'
import { judgeBadFirmware, judgeGoal, type GoalTerm, type JudgedTerm } from './goal.ts'
import {
  settingsText,
  withMinimum,
  withRate,
  withRollout,
  withThreshold,
  type JobInput,
} from './job-variants.ts'
import { rehearsal, rehearseSeed, type Plan, type RehearsedSeed } from './rehearse.ts'

/** What was found. */
export interface Suggestion {
  readonly job: JobInput
  readonly settings: string
  readonly judged: readonly JudgedTerm[]
  /** Of how many seeds it was found to be right. */
  readonly seeds: number
}

/** Jobs that were tried, and the one that does it. */
export interface Suggested {
  readonly tried: number
  readonly suggestion: Suggestion | undefined
}

const FACTORS = [1, 2, 4, 0.5, 0.25] as const
const BASES = [5, 20, 100] as const
const THRESHOLDS = [undefined, 2, 3, 5, 7, 10, 20] as const
const MINIMUMS = [undefined, 20, 30, 50, 70, 100, 150, 300] as const

/**
 * Tries jobs with one change, then with two, then with three. Whoever lets a bad firmware too far is out
 * before the whole fleet is rehearsed; of the others those that go furthest come first, for they are fast.
 *
 * @param seeds - all of them have to meet the goal
 * @param wholeMax - how many jobs with so many changes are rehearsed on the whole fleet
 */
export function suggestJob(
  plan: Plan,
  terms: readonly GoalTerm[],
  seeds: readonly number[],
  wholeMax: number,
): Suggested {
  let tried = 0
  for (const jobs of candidates(plan.job)) {
    tried += jobs.length
    const stopping = jobs
      .map((job) => ({ job, touched: touchedInTime({ ...plan, job }, terms, seeds) }))
      .filter(({ touched }) => touched !== undefined)
      .sort((left, right) => (right.touched ?? 0) - (left.touched ?? 0))
    for (const { job } of stopping.slice(0, wholeMax)) {
      const judged = judgedOnAll({ ...plan, job }, terms, seeds)
      if (judged === undefined) continue
      const suggestion = { job, settings: settingsText(job), judged, seeds: seeds.length }
      return { tried, suggestion }
    }
  }
  return { tried, suggestion: undefined }
}

/** Most devices that begin a bad firmware; undefined where that is too many, or the job is refused. */
function touchedInTime(
  plan: Plan,
  terms: readonly GoalTerm[],
  seeds: readonly number[],
): number | undefined {
  const bounded = terms.filter(({ measure }) => measure === 'touched' || measure === 'harmed')
  if (bounded.length === 0) return 0
  const touchedMax = Math.min(
    ...bounded.map(({ comparison, measure, ofFleet, value }) =>
      measure === 'touched' && comparison.startsWith('<')
        ? value * (ofFleet ? plan.names.count : 1)
        : Infinity,
    ),
  )
  let most = 0
  for (const seed of seeds) {
    const outcome = rehearseBadFirmware(plan, seed, touchedMax)
    if (!outcome.ok || !judgeBadFirmware(terms, outcome.value, plan.names.count)) return undefined
    most = Math.max(most, outcome.value.touched)
  }
  return most
}

/** The terms with what all seeds came to; undefined where one of them misses the goal. */
function judgedOnAll(
  plan: Plan,
  terms: readonly GoalTerm[],
  seeds: readonly number[],
): readonly JudgedTerm[] | undefined {
  const found: RehearsedSeed[] = []
  let judged: readonly JudgedTerm[] = []
  for (const seed of seeds) {
    const outcome = rehearseSeed(plan, seed)
    if (!outcome.ok) return undefined
    found.push(outcome.value)
    judged = judgeGoal(terms, rehearsal(plan.names.count, found))
    // A share of seeds may come right with more of them; nothing else does.
    if (judged.some(({ measure, met }) => !met && measure !== 'abort')) return undefined
  }
  return judged.every(({ met }) => met) ? judged : undefined
}

/** Jobs by how much of the given one is changed. */
function candidates(job: JobInput): readonly (readonly JobInput[])[] {
  const { maximumPerMinute = 1000 } = job.jobExecutionsRolloutConfig ?? {}
  const rollouts = [
    ...FACTORS.map((factor) => (factor === 1 ? job : withRate(job, factor))),
    ...[maximumPerMinute, 1000].flatMap((most) =>
      BASES.filter((base) => base < most).map((base) =>
        withRollout(job, {
          maximumPerMinute: most,
          exponentialRate: {
            baseRatePerMinute: base,
            incrementFactor: 2,
            rateIncreaseCriteria: { numberOfSucceededThings: base * 10 },
          },
        }),
      ),
    ),
  ]
  const known = new Set([settingsText(job)])
  const levels: JobInput[][] = [[], [], []]
  for (const [place, rollout] of rollouts.entries()) {
    for (const threshold of THRESHOLDS) {
      for (const minimum of MINIMUMS) {
        let varied = rollout
        if (threshold !== undefined) varied = withThreshold(varied, () => threshold)
        if (minimum !== undefined) varied = withMinimum(varied, () => minimum)
        const settings = settingsText(varied)
        if (known.has(settings)) continue
        known.add(settings)
        const changes = [place > 0, threshold !== undefined, minimum !== undefined]
        levels[changes.filter(Boolean).length - 1]?.push(varied)
      }
    }
  }
  return levels
}
