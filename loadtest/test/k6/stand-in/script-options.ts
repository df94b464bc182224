/** What a script tells k6 about its run: as much as the scripts here use. */
import type { Threshold } from './samples.ts'

export interface ScriptOptions {
  readonly tlsAuth?: readonly { readonly cert: string; readonly key: string }[]
  readonly noConnectionReuse?: boolean
  readonly scenarios?: Readonly<Record<string, ScriptScenario>>
  readonly thresholds?: Readonly<Record<string, readonly Threshold[]>>
}

export type ScriptScenario =
  | {
      readonly executor: 'ramping-arrival-rate'
      readonly exec: string
      readonly startRate: number
      readonly timeUnit: string
      readonly preAllocatedVUs: number
      readonly maxVUs: number
      readonly stages: readonly { readonly target: number; readonly duration: string }[]
    }
  | {
      readonly executor: 'constant-vus'
      readonly exec: string
      readonly vus: number
      readonly duration: string
    }
  | {
      readonly executor: 'per-vu-iterations'
      readonly exec?: string
      readonly vus: number
      readonly iterations: number
      readonly maxDuration: string
    }

/** Milliseconds of a duration as k6 writes it. */
export function durationMs(text: string): number {
  const found = /^(\d+)(ms|s|m)$/.exec(text)
  if (found === null) throw new Error(`the stand-in does not know the duration ${text}`)
  return Number(found[1]) * { ms: 1, s: 1000, m: 60_000 }[found[2] as 'ms' | 's' | 'm']
}
