/**
 * Whether something that goes up and down grows, or only looks like it. What lies close together in time
 * is alike (memory between two collections, latencies of one busy second), so that samples say less than
 * their number: the means of some batches of them are held against a line instead.
 */

/** The first part of a run is warming up: everything grows then. */
const WARM_SHARE = 0.2
const BATCHES = 12
/** Student's t for 95 %, with as many degrees of freedom as batches less two. */
const T_95 = 2.228
const SECONDS_PER_HOUR = 3600

/**
 * `steady`: it grows by no more than it may. `grows`: it does, by more than it may. `unclear`: too short,
 * or too uneven, to tell the two apart.
 */
export type SteadyVerdict = 'steady' | 'grows' | 'unclear'

/** What something did over a run. */
export interface SteadyGrowth {
  readonly verdict: SteadyVerdict
  /** On average, after the first fifth of the run. */
  readonly mean: number
  /** How much more of it an hour, by least squares; below 0 when it shrinks. */
  readonly perHour: number
  /** The true growth is within so much of it, 19 times in 20. */
  readonly marginPerHour: number
  /** How much of it is borne. */
  readonly perHourMax: number
}

/** Growth that is borne. */
export interface SteadyBound {
  /** An hour: a number, or what it is for so high a mean. */
  readonly perHourMax: number | ((mean: number) => number)
  /** What did not grow by so much in all has not shown that it grows. */
  readonly least: number
}

/** Seconds of any origin, and how much there was, in order of time. */
export type SteadySamples = readonly (readonly [seconds: number, amount: number])[]

/**
 * Judges what was sampled, but for the first fifth.
 *
 * @returns undefined below 15 samples
 */
export function steadyGrowth(
  samples: SteadySamples,
  { least, perHourMax }: SteadyBound,
): SteadyGrowth | undefined {
  const warm = samples.slice(Math.floor(samples.length * WARM_SHARE))
  if (warm.length < BATCHES) return undefined
  const batches = Array.from({ length: BATCHES }, (_, at) =>
    meanOf(
      warm.slice(
        Math.floor((at * warm.length) / BATCHES),
        Math.floor(((at + 1) * warm.length) / BATCHES),
      ),
    ),
  )
  const { margin, slope } = lineThrough(batches)
  const mean = meanOf(warm)[1]
  const most = typeof perHourMax === 'number' ? perHourMax : perHourMax(mean)
  const perHour = slope * SECONDS_PER_HOUR
  const marginPerHour = margin * SECONDS_PER_HOUR
  const seconds = (warm.at(-1)?.[0] ?? 0) - (warm[0]?.[0] ?? 0)
  const hasShown = perHour > most && perHour - marginPerHour > 0 && slope * seconds >= least
  const isSteady = perHour + marginPerHour <= most
  const verdict = isSteady ? 'steady' : hasShown ? 'grows' : 'unclear'
  return { verdict, mean, perHour, marginPerHour, perHourMax: most }
}

function meanOf(samples: SteadySamples): readonly [seconds: number, amount: number] {
  let [seconds, amount] = [0, 0]
  for (const sample of samples) {
    seconds += sample[0]
    amount += sample[1]
  }
  return [seconds / samples.length, amount / samples.length]
}

/** The slope a second, and how far off it may be. */
function lineThrough(points: SteadySamples): { readonly slope: number; readonly margin: number } {
  const [meanSeconds, meanAmount] = meanOf(points)
  let [across, along] = [0, 0]
  for (const [seconds, amount] of points) {
    across += (seconds - meanSeconds) * (amount - meanAmount)
    along += (seconds - meanSeconds) ** 2
  }
  if (along === 0) return { slope: 0, margin: Infinity }
  const slope = across / along
  let off = 0
  for (const [seconds, amount] of points) {
    off += (amount - meanAmount - slope * (seconds - meanSeconds)) ** 2
  }
  return { slope, margin: T_95 * Math.sqrt(off / (points.length - 2) / along) }
}
