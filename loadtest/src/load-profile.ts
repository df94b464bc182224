/** How hard a run pushes, and for how long. */
import type { Offer } from './arrivals.ts'

/** The shapes there are. */
export const profileNames = ['smoke', 'average', 'stress', 'spike', 'soak'] as const
export type ProfileName = (typeof profileNames)[number]

/** A shape of load; rates are of the whole run. */
export interface LoadProfile {
  readonly name: ProfileName
  readonly devices: number
  /** Before a scenario's weight, unless it is given. */
  readonly perSecond: number
  /** Whether somebody said the rate: then it is what is offered. */
  readonly isGiven?: boolean
  /** Of the whole run; with `stress` of each step. */
  readonly seconds: number
}

/** One part of a run; its figures are told apart. */
export interface Stage {
  readonly name: string
  readonly perSecond: number
  readonly toPerSecond?: number
  readonly seconds: number
}

/** Each step of `stress` offers so many times what the one before did. */
export const STRESS_GROWTH = 1.5
/** Then it gives up: the server has no knee that this generator could find. */
export const STRESS_STEPS_MAX = 24
const SPIKE_TIMES = 5

/** The defaults, which flags override. */
export const profiles: Readonly<Record<ProfileName, LoadProfile>> = {
  /** Does it work at all? */
  smoke: { name: 'smoke', devices: 20, perSecond: 60, seconds: 2 },
  /** A working day, in a minute. */
  average: { name: 'average', devices: 200, perSecond: 300, seconds: 60 },
  /** Rises until a threshold breaks. */
  stress: { name: 'stress', devices: 500, perSecond: 500, seconds: 8 },
  /** Quiet, five times as much, quiet again. */
  spike: { name: 'spike', devices: 200, perSecond: 200, seconds: 60 },
  /** Long enough for memory to show. */
  soak: { name: 'soak', devices: 200, perSecond: 200, seconds: 3600 },
}

/** The parts of a run; those of `stress` after the first are told as it goes. */
export function stagesOf({ name, perSecond, seconds }: LoadProfile): readonly Stage[] {
  switch (name) {
    case 'smoke':
    case 'soak':
      return [{ name, perSecond, seconds }]
    case 'average': {
      const ramp = seconds / 6
      return [
        { name: 'ramp', perSecond: perSecond / 10, toPerSecond: perSecond, seconds: ramp },
        { name: 'hold', perSecond, seconds: seconds - ramp },
      ]
    }
    case 'spike': {
      const third = seconds / 3
      return [
        { name: 'before', perSecond, seconds: third },
        { name: 'spike', perSecond: perSecond * SPIKE_TIMES, seconds: third },
        { name: 'after', perSecond, seconds: third },
      ]
    }
    case 'stress':
      return [stressStep({ perSecond, seconds }, 0)]
  }
}

/** @param number - from 0 */
export function stressStep(
  { perSecond, seconds }: Pick<LoadProfile, 'perSecond' | 'seconds'>,
  number: number,
): Stage {
  const rate = Math.round(perSecond * STRESS_GROWTH ** number * 10) / 10
  return { name: `${rate} a second`, perSecond: rate, seconds }
}

/** A stage as each of so many workers offers it. */
export function offerOf(
  stage: Stage,
  workers: number,
  more: Pick<Offer, 'beginsAtMs' | 'atOnce' | 'underWay' | 'messagesMax'>,
): Offer {
  const { perSecond, seconds, toPerSecond } = stage
  return {
    perSecond: perSecond / workers,
    seconds,
    ...(toPerSecond === undefined ? {} : { toPerSecond: toPerSecond / workers }),
    ...more,
  }
}
