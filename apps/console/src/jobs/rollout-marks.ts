/** What is marked in the curve of a rollout: its minutes, and the windows in which it may go on. */
import type { Job } from '@aws-sdk/client-iot'
import type { Progress } from './progress.ts'

const minuteMs = 60_000
/** More lines than this would be a curtain. */
const minutesMax = 40

/** A span of time. */
export interface Span {
  readonly fromMs: number
  readonly untilMs: number
}

/** Marks between the first and the last point. */
export interface RolloutMarks {
  /** Beginnings of rollout minutes; every second, fifth… one where there are many. */
  readonly minutesMs: readonly number[]
  readonly windows: readonly Span[]
}

/** The marks of a job's curve. */
export function rolloutMarks(progress: Progress, job: Pick<Job, 'schedulingConfig'>): RolloutMarks {
  return { minutesMs: minutes(progress), windows: openWindow(progress, job) }
}

function minutes({ rollout, points }: Progress): readonly number[] {
  const anchorMs = rollout?.minuteStartedAtMs ?? undefined
  const firstMs = points[0]?.atMs
  const lastMs = points.at(-1)?.atMs
  if (anchorMs === undefined || firstMs === undefined || lastMs === undefined) return []
  const back = Math.max(0, Math.floor((anchorMs - firstMs) / minuteMs))
  // Minutes follow each other from the last one backwards: nothing rolls out between windows.
  const until = rollout?.phase === 'rolling' ? lastMs : Math.min(lastMs, anchorMs + minuteMs)
  const all = Array.from({ length: back + 1 }, (_, index) => anchorMs - (back - index) * minuteMs)
  for (let next = anchorMs + minuteMs; next <= until; next += minuteMs) all.push(next)
  const every = step(all.length)
  return all.filter((_, index) => (all.length - 1 - index) % every === 0)
}

function step(count: number): number {
  return (
    [1, 2, 5, 10, 30, 60].find((every) => count / every <= minutesMax) ??
    Math.ceil(count / minutesMax)
  )
}

function openWindow(
  { windowUntilMs, points }: Progress,
  { schedulingConfig }: Pick<Job, 'schedulingConfig'>,
): readonly Span[] {
  const firstMs = points[0]?.atMs
  if (windowUntilMs === undefined || windowUntilMs === null || firstMs === undefined) return []
  const longest = Math.max(
    0,
    ...(schedulingConfig?.maintenanceWindows ?? []).map(
      ({ durationInMinutes = 0 }) => durationInMinutes,
    ),
  )
  return [
    {
      fromMs: Math.max(firstMs, windowUntilMs - longest * minuteMs),
      untilMs: windowUntilMs,
    },
  ]
}
