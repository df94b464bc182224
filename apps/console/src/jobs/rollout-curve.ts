/**
 * The course of a rollout, from the times its executions carry: how many were queued, started and
 * finished by each moment. Drawn from what the service keeps, so it is whole after the fact too.
 */

/** What the curve needs to know of one execution. */
export interface ExecutionTimes {
  readonly status?: string | undefined
  readonly queuedAt?: Date | undefined
  readonly startedAt?: Date | undefined
  readonly lastUpdatedAt?: Date | undefined
}

/** Parallel columns, oldest first. */
export interface RolloutCurve {
  /** Epoch seconds, rising. */
  readonly atSeconds: readonly number[]
  readonly queued: readonly number[]
  readonly started: readonly number[]
  readonly succeeded: readonly number[]
  /** Finished any other way than by success. */
  readonly unsuccessful: readonly number[]
}

type Series = 'queued' | 'started' | 'succeeded' | 'unsuccessful'

const pending = new Set(['QUEUED', 'IN_PROGRESS'])

/** @param pointsMax - at most this many points, the last of them always among them */
export function rolloutCurve(executions: readonly ExecutionTimes[], pointsMax = 400): RolloutCurve {
  const steps = executions.flatMap(stepsOf).toSorted((a, b) => a.atSeconds - b.atSeconds)
  const counts: Record<Series, number> = { queued: 0, started: 0, succeeded: 0, unsuccessful: 0 }
  const columns = {
    atSeconds: [] as number[],
    queued: [] as number[],
    started: [] as number[],
    succeeded: [] as number[],
    unsuccessful: [] as number[],
  }
  const every = Math.max(1, Math.ceil(steps.length / pointsMax))
  steps.forEach((step, index) => {
    counts[step.series] += 1
    const next = steps[index + 1]
    if (next && (next.atSeconds === step.atSeconds || (index + 1) % every !== 0)) return
    columns.atSeconds.push(step.atSeconds)
    columns.queued.push(counts.queued)
    columns.started.push(counts.started)
    columns.succeeded.push(counts.succeeded)
    columns.unsuccessful.push(counts.unsuccessful)
  })
  return columns
}

function stepsOf(execution: ExecutionTimes): { series: Series; atSeconds: number }[] {
  const steps: { series: Series; atSeconds: number }[] = []
  const add = (series: Series, at: Date | undefined): void => {
    if (at) steps.push({ series, atSeconds: at.getTime() / 1000 })
  }
  add('queued', execution.queuedAt)
  add('started', execution.startedAt)
  if (execution.status !== undefined && !pending.has(execution.status)) {
    add(execution.status === 'SUCCEEDED' ? 'succeeded' : 'unsuccessful', execution.lastUpdatedAt)
  }
  return steps
}
