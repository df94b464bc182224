/**
 * How a rate changes over time: a factor on it, from the moment it begins. Connecting and publishing
 * take the same shapes.
 */

/** A shape; seconds are wall time. Left out: the same all the time. */
export type Shape =
  /** From one factor to another (default 0 to 1) in a straight line; it stays there. */
  | {
      readonly kind: 'linear'
      readonly overSeconds?: number
      readonly from?: number
      readonly to?: number
    }
  /** In so many equal steps to the whole; it stays there. */
  | { readonly kind: 'steps'; readonly overSeconds?: number; readonly steps: number }
  /** The whole, so many times as much for a while, the whole again. */
  | {
      readonly kind: 'spike'
      readonly atSeconds: number
      readonly forSeconds: number
      readonly times: number
    }
  /** A day again and again: lowest (default 0) when it begins, the whole half a day later. */
  | { readonly kind: 'sine'; readonly overSeconds?: number; readonly lowest?: number }

/** A shape that says for itself how long it takes. */
export type TimedShape = Shape | undefined

/** No moment is later: about 30 years. */
const SECONDS_MAX = 1e9
/** Halvings that place a moment of {@link SECONDS_MAX} to well below a millisecond. */
const HALVINGS = 60

/** The shape with its length, where it does not say one itself. */
export function timed(shape: TimedShape, overSeconds: number): TimedShape {
  if (shape === undefined || shape.kind === 'spike') return shape
  return { ...shape, overSeconds: shape.overSeconds ?? overSeconds }
}

/**
 * The sum of the factor up to a moment: how many seconds at the whole rate make as much.
 *
 * @param seconds - since the rate began, ≥ 0
 */
export function sumAt(shape: TimedShape, seconds: number): number {
  if (shape === undefined) return seconds
  if (shape.kind === 'spike') {
    const { atSeconds, forSeconds, times } = shape
    return seconds + (times - 1) * Math.min(Math.max(0, seconds - atSeconds), forSeconds)
  }
  const { overSeconds = 0 } = shape
  if (overSeconds <= 0) return seconds
  switch (shape.kind) {
    case 'linear': {
      const { from = 0, to = 1 } = shape
      const rising = Math.min(seconds, overSeconds)
      const after = Math.max(0, seconds - overSeconds)
      return from * rising + ((to - from) * rising * rising) / (2 * overSeconds) + to * after
    }
    case 'steps': {
      const { steps } = shape
      const width = overSeconds / steps
      const done = Math.min(steps, Math.floor(seconds / width))
      const share = Math.min(1, (done + 1) / steps)
      return ((done * (done + 1)) / 2 / steps) * width + share * (seconds - done * width)
    }
    case 'sine': {
      const { lowest = 0 } = shape
      const turn = (2 * Math.PI) / overSeconds
      const swing = (seconds - Math.sin(turn * seconds) / turn) / 2
      return lowest * seconds + (1 - lowest) * swing
    }
  }
}

/**
 * The moment at which {@link sumAt} comes to `sum`.
 *
 * @returns seconds; Infinity where it never does
 */
export function secondsAt(shape: TimedShape, sum: number): number {
  if (shape === undefined) return sum
  let [before, after] = [0, 1]
  while (sumAt(shape, after) < sum) {
    before = after
    after *= 2
    if (after > SECONDS_MAX) return Infinity
  }
  for (let halving = 0; halving < HALVINGS && after - before > 1e-6; halving++) {
    const middle = (before + after) / 2
    if (sumAt(shape, middle) < sum) before = middle
    else after = middle
  }
  return after
}
