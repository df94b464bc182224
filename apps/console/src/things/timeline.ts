/** Lays a thing's executions out on one axis of time; pure. */
import type { JobExecutionSummaryForThing } from '@aws-sdk/client-iot'
import { isPending } from '../jobs/status.ts'

/** One execution as a bar; fractions of the axis from 0 to 1. */
export interface TimelineBar {
  readonly jobId: string
  readonly status: string
  readonly executionNumber: number
  readonly queuedAt: Date
  readonly startedAt: Date | undefined
  readonly endedAt: Date | undefined
  /** Where waiting begins. */
  readonly from: number
  /** Where work begins; equal to `to` when it never began. */
  readonly worked: number
  readonly to: number
}

/**
 * @param nowMs - where bars of executions end that are not finished
 * @returns newest first; executions without a queue time are left out
 */
export function timeline(
  executions: readonly JobExecutionSummaryForThing[],
  nowMs: number,
): readonly TimelineBar[] {
  const rows = executions.flatMap((one) => {
    const summary = one.jobExecutionSummary
    if (!summary?.queuedAt || one.jobId === undefined) return []
    const endedAt = isPending(summary.status) ? undefined : summary.lastUpdatedAt
    return [{ ...summary, jobId: one.jobId, queuedAt: summary.queuedAt, endedAt }]
  })
  const starts = rows.map((row) => row.queuedAt.getTime())
  const ends = rows.map((row) => row.endedAt?.getTime() ?? nowMs)
  const first = Math.min(...starts)
  const length = Math.max(1, Math.max(...ends) - first)
  const fraction = (atMs: number): number => Math.min(1, Math.max(0, (atMs - first) / length))
  return rows
    .map((row) => {
      const to = fraction(row.endedAt?.getTime() ?? nowMs)
      return {
        jobId: row.jobId,
        status: row.status ?? '',
        executionNumber: row.executionNumber ?? 1,
        queuedAt: row.queuedAt,
        startedAt: row.startedAt,
        endedAt: row.endedAt,
        from: fraction(row.queuedAt.getTime()),
        worked: row.startedAt ? fraction(row.startedAt.getTime()) : to,
        to,
      }
    })
    .toSorted((a, b) => b.queuedAt.getTime() - a.queuedAt.getTime())
}
