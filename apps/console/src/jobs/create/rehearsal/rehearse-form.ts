/** The rehearsal of a job that nobody has created: what is assumed of its devices, and what comes of it. */
import {
  countedNames,
  rehearsal,
  rehearseSeed,
  type Fleet,
  type JobInput,
  type Rehearsal,
  type RehearsedSeed,
} from '@muster/rehearse'

/** What is rehearsed; it goes to a worker as it is. */
export interface RehearsalRequest {
  readonly job: JobInput
  readonly things: number
  /** When the job is created, epoch milliseconds. */
  readonly startMs: number
  /** Typical time of an execution; half of them are faster. */
  readonly executionMs: number
  /** Share that succeeds, 0 to 1. */
  readonly successShare: number
  /** Share of the devices that is online at any moment, 0 to 1. */
  readonly onlineShare: number
}

/** What a worker answers: how far it is, and what came of it. */
export type RehearsalAnswer =
  | { readonly kind: 'seed'; readonly done: number; readonly seeds: number }
  | { readonly kind: 'done'; readonly outcome: Rehearsal }
  | { readonly kind: 'refused'; readonly message: string }

/** More things take a page's memory. */
export const THINGS_MAX = 200_000
const LOOK_SECONDS = 7 * 86_400
/** From one time that a device comes online to the next. */
const SESSIONS_SECONDS = 3 * 3600
/** Things that all seeds imagine together. */
const WHOLE_MAX = 100_000
const SEEDS_MAX = 20

/** Rehearses over as many seeds as the number of things leaves time for; answers after each. */
export function* rehearseForm(request: RehearsalRequest): Iterable<RehearsalAnswer> {
  const things = Math.min(THINGS_MAX, Math.max(1, Math.round(request.things)))
  const seeds = Math.min(SEEDS_MAX, Math.max(1, Math.floor(WHOLE_MAX / things)))
  const plan = {
    job: request.job,
    fleet: assumedFleet(request, things),
    names: countedNames(things),
    startMs: request.startMs,
    lookSeconds: LOOK_SECONDS,
  }
  const rehearsed: RehearsedSeed[] = []
  for (let seed = 1; seed <= seeds; seed += 1) {
    const outcome = rehearseSeed(plan, seed)
    if (!outcome.ok) {
      yield { kind: 'refused', message: outcome.error.message }
      return
    }
    rehearsed.push(outcome.value)
    yield { kind: 'seed', done: seed, seeds }
  }
  yield { kind: 'done', outcome: rehearsal(things, rehearsed) }
}

function assumedFleet(request: RehearsalRequest, devices: number): Fleet {
  const { executionMs, onlineShare, successShare } = request
  const typical = Math.max(0.001, executionMs / 1000)
  const durationSeconds = { distribution: 'lognormal', median: typical, sigma: 0.5 } as const
  const mean = (share: number): { distribution: 'exponential'; mean: number } => ({
    distribution: 'exponential',
    mean: share * SESSIONS_SECONDS,
  })
  return {
    name: 'assumed',
    devices,
    groups: [
      {
        name: 'all',
        jobs: [
          { behaviour: 'succeed', share: successShare, durationSeconds },
          { behaviour: 'fail', share: 1 - successShare, durationSeconds },
        ],
        ...(onlineShare <= 0 && { lostShare: 1 }),
        ...(onlineShare > 0 &&
          onlineShare < 1 && {
            online: { onlineSeconds: mean(onlineShare), offlineSeconds: mean(1 - onlineShare) },
          }),
      },
    ],
    badFirmware: [{ behaviour: 'fail', durationSeconds }],
  }
}

/** Points that a curve is drawn with. */
const POINTS = 200

/** Columns of the curve: per cent of the things that are done, in the fastest, middle and slowest seed. */
export function curveColumns({ curve }: Rehearsal): {
  readonly seconds: readonly number[]
  readonly fastest: readonly number[]
  readonly median: readonly number[]
  readonly slowest: readonly number[]
} {
  const longest = Math.max(
    60,
    ...curve.flatMap(({ least, median, most }) => [least ?? 0, median ?? 0, most ?? 0]),
  )
  const seconds = Array.from({ length: POINTS + 1 }, (_, point) => (point / POINTS) * longest)
  const doneBy = (of: 'least' | 'median' | 'most'): readonly number[] =>
    seconds.map((at) => curve.filter((spread) => (spread[of] ?? Infinity) <= at).length)
  return { seconds, fastest: doneBy('least'), median: doneBy('median'), slowest: doneBy('most') }
}
