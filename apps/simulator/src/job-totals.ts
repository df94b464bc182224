import { executed, type JobProgress } from './control/rollout.ts'
import type { PlannedOutcomes } from './scenario/device-plan.ts'

/** Things by the status of their latest execution. */
const STATUSES = [
  'succeeded',
  'failed',
  'rejected',
  'timedOut',
  'canceled',
  'removed',
  'inProgress',
  'queued',
] as const

/** Jobs of a run together: with `notReached` the statuses add up to `targets`. */
export interface JobTotals extends Readonly<Record<(typeof STATUSES)[number], number>> {
  readonly jobs: number
  readonly targets: number
  /** Targets that no rollout reached. */
  readonly notReached: number
  /** What the jobs should come to. */
  readonly planned: PlannedOutcomes
}

/** Before the first job. */
export const NO_JOBS: JobTotals = {
  jobs: 0,
  targets: 0,
  notReached: 0,
  planned: { succeeded: 0, failed: 0, rejected: 0, timedOut: 0 },
  ...statuses(() => 0),
}

/** The totals with one more job, as it was last seen. */
export function withJob(
  totals: JobTotals,
  job: JobProgress,
  targets: number,
  planned: PlannedOutcomes,
): JobTotals {
  const reached = job.queued + job.inProgress + executed(job)
  return {
    jobs: totals.jobs + 1,
    targets: totals.targets + targets,
    notReached: totals.notReached + Math.max(0, targets - reached),
    planned: {
      succeeded: totals.planned.succeeded + planned.succeeded,
      failed: totals.planned.failed + planned.failed,
      rejected: totals.planned.rejected + planned.rejected,
      timedOut: totals.planned.timedOut + planned.timedOut,
    },
    ...statuses((status) => totals[status] + job[status]),
  }
}

function statuses(
  of: (status: (typeof STATUSES)[number]) => number,
): Record<(typeof STATUSES)[number], number> {
  return Object.fromEntries(STATUSES.map((status) => [status, of(status)])) as Record<
    (typeof STATUSES)[number],
    number
  >
}
