/**
 * How a rollout will go, minute by minute, by the rules of AWS IoT Jobs (jobs J92 to J95): the curve
 * drawn before a job is created, and the end estimated while it runs.
 */
import type { JobExecutionsRolloutConfig } from '@aws-sdk/client-iot'

const minuteMs = 60_000
/** AWS's own bound, which holds where a job names none (jobs J68, J93). */
const ratePerMinuteMax = 1000
/** A rollout that takes longer than a year is not planned to its end. */
const minutesMax = 366 * 24 * 60

/** What a plan begins with. */
export interface PlanInput {
  readonly config: JobExecutionsRolloutConfig | undefined
  /** Targets without an execution. */
  readonly waiting: number
  /** When the next executions may be created, epoch ms or ms from the start. */
  readonly startMs: number
  /** What devices are assumed to do. */
  readonly assumed: DeviceAssumption
  /** What was created and succeeded before; nothing for a new job. */
  readonly before?: {
    readonly created: number
    readonly succeeded: number
    readonly pending: number
  }
  /** The minute that runs already. */
  readonly minute?: { readonly startMs: number; readonly room: number }
  /** When executions may be created; always, where it is absent. */
  readonly windows?: readonly PlanWindow[]
  /** When the job ends whatever is left. */
  readonly endMs?: number
}

/** What devices are assumed to do with an execution. */
export interface DeviceAssumption {
  /** From being created to its end. */
  readonly executionMs: number
  /** Share that succeeds, 0 to 1. */
  readonly successShare: number
}

/** A span in which executions may be created. */
export interface PlanWindow {
  readonly fromMs: number
  readonly untilMs: number
}

/** Executions created at the beginning of a rollout minute. */
export interface PlanStep {
  readonly atMs: number
  /** In all, with those from before. */
  readonly created: number
  readonly ratePerMinute: number
}

/** The plan. */
export interface Plan {
  readonly steps: readonly PlanStep[]
  /** When the last execution is created; undefined when the plan ends before. */
  readonly createdAllAtMs: number | undefined
  /** When the last execution is finished, if devices do as assumed. */
  readonly finishedAtMs: number | undefined
  /** Targets that get no execution before the end time, the last window or a year. */
  readonly leftOut: number
}

/** Executions that may be created in a minute that begins now (jobs J93). */
export function ratePerMinute(
  config: JobExecutionsRolloutConfig | undefined,
  created: number,
  succeeded: number,
): number {
  const most = Math.min(config?.maximumPerMinute ?? ratePerMinuteMax, ratePerMinuteMax)
  const exponential = config?.exponentialRate
  if (!exponential) return most
  const { baseRatePerMinute = 1, incrementFactor = 1, rateIncreaseCriteria = {} } = exponential
  const { numberOfNotifiedThings: notified, numberOfSucceededThings: after } = rateIncreaseCriteria
  const rises = Math.max(
    notified === undefined ? 0 : Math.floor(created / notified),
    after === undefined ? 0 : Math.floor(succeeded / after),
  )
  // 10 · 1.1 is 11.000000000000002: a sliver must not cost or win one either.
  return Math.min(most, Math.floor(baseRatePerMinute * incrementFactor ** rises + 1e-9))
}

/** Plans a rollout to its end. */
export function planRollout(input: PlanInput): Plan {
  const { config, assumed, before, endMs = Number.POSITIVE_INFINITY } = input
  const succeeding = new Succeeding(assumed, before?.succeeded ?? 0)
  if (before) succeeding.add(input.startMs - assumed.executionMs / 2, before.pending)
  const steps: PlanStep[] = []
  let created = before?.created ?? 0
  let left = input.waiting
  let atMs = input.startMs
  const create = (most: number): number => {
    const count = Math.min(most, left)
    created += count
    succeeding.add(atMs, count)
    steps.push({ atMs, created, ratePerMinute: most })
    return left - count
  }
  if (input.minute && left > 0) {
    if (input.minute.room > 0) left = create(input.minute.room)
    atMs = input.minute.startMs + minuteMs
  }
  for (let minutes = 0; left > 0 && minutes < minutesMax; minutes += 1) {
    const open = openFrom(input.windows, atMs)
    if (open === undefined || open >= endMs) break
    atMs = open
    const rate = ratePerMinute(config, created, succeeding.by(atMs))
    if (rate < 1) break
    left = create(rate)
    atMs += minuteMs
  }
  const createdAllAtMs = left === 0 ? steps.at(-1)?.atMs : undefined
  return {
    steps,
    createdAllAtMs,
    finishedAtMs: createdAllAtMs === undefined ? undefined : createdAllAtMs + assumed.executionMs,
    leftOut: left,
  }
}

/** The first moment from `atMs` on at which a window is open. */
function openFrom(windows: readonly PlanWindow[] | undefined, atMs: number): number | undefined {
  if (!windows) return atMs
  const window = windows.find(({ untilMs }) => untilMs > atMs)
  return window && Math.max(window.fromMs, atMs)
}

/** How many executions will have succeeded by a moment; asked with moments that rise. */
class Succeeding {
  readonly #assumed: DeviceAssumption
  readonly #batches: { readonly doneAtMs: number; readonly count: number }[] = []
  #next = 0
  #done: number

  constructor(assumed: DeviceAssumption, done: number) {
    this.#assumed = assumed
    this.#done = done
  }

  add(createdAtMs: number, count: number): void {
    this.#batches.push({ doneAtMs: createdAtMs + this.#assumed.executionMs, count })
  }

  by(atMs: number): number {
    for (;;) {
      const batch = this.#batches[this.#next]
      if (!batch || batch.doneAtMs > atMs) return Math.floor(this.#done)
      this.#done += batch.count * this.#assumed.successShare
      this.#next += 1
    }
  }
}

/** Columns of a plan for a chart, at most so many points; minutes from its beginning. */
export function planColumns(
  { steps }: Plan,
  assumed: DeviceAssumption,
  pointsMax = 400,
): {
  readonly atMs: readonly number[]
  readonly created: readonly number[]
  readonly finished: readonly number[]
} {
  const every = Math.max(1, Math.ceil(steps.length / pointsMax))
  const kept = steps.filter((_, index) => index % every === 0 || index === steps.length - 1)
  const last = kept.at(-1)
  const moments = kept.map(({ atMs }) => atMs)
  if (last && assumed.executionMs > 0) {
    for (const step of kept) moments.push(step.atMs + assumed.executionMs)
  }
  const atMs = [...new Set(moments)].toSorted((a, b) => a - b)
  return {
    atMs,
    created: countsBy(kept, atMs, 0),
    finished: countsBy(kept, atMs, assumed.executionMs),
  }
}

/** What was created by each moment, seen `delayMs` later; both lists rise. */
function countsBy(
  steps: readonly PlanStep[],
  moments: readonly number[],
  delayMs: number,
): readonly number[] {
  let next = 0
  let count = 0
  return moments.map((moment) => {
    for (let step = steps[next]; step && step.atMs + delayMs <= moment; step = steps[next]) {
      count = step.created
      next += 1
    }
    return count
  })
}
