/** The first part of a run is warming up: memory grows then anyway. */
const WARM_SHARE = 0.2
const SAMPLES_MIN = 10
const SECONDS_PER_HOUR = 3600

/**
 * How fast something grows, by least squares over all but the first fifth of its samples.
 *
 * @param samples - seconds of any origin, and how much there was, in order of time
 * @returns how much an hour, rounded; undefined before there are enough samples to say
 */
export function growthPerHour(
  samples: readonly (readonly [seconds: number, amount: number])[],
): number | undefined {
  const warm = samples.slice(Math.floor(samples.length * WARM_SHARE))
  if (warm.length < SAMPLES_MIN) return undefined
  const meanSeconds = warm.reduce((sum, [seconds]) => sum + seconds, 0) / warm.length
  const meanAmount = warm.reduce((sum, [, amount]) => sum + amount, 0) / warm.length
  let above = 0
  let below = 0
  for (const [seconds, amount] of warm) {
    above += (seconds - meanSeconds) * (amount - meanAmount)
    below += (seconds - meanSeconds) ** 2
  }
  return below === 0 ? undefined : Math.round((above / below) * SECONDS_PER_HOUR)
}
