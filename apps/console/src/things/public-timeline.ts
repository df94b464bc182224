/** What AWS's public calls tell of a thing's timeline; pure. */
import type { JobExecutionSummaryForThing } from '@aws-sdk/client-iot'
import { isPending } from '../jobs/status.ts'
import type { TimelineEntry } from './timeline-entry.ts'

/** The last change of a thing's connection, as the fleet index knows it. */
export interface LastConnection {
  readonly connected: boolean
  readonly since: Date | undefined
  readonly reason: string | undefined
}

/**
 * What can be told without the admin API: when executions were queued, started and ended, and the
 * last change of the connection.
 *
 * @returns oldest first
 */
export function publicTimeline(
  thingName: string,
  executions: readonly JobExecutionSummaryForThing[],
  connection: LastConnection | undefined,
): readonly TimelineEntry[] {
  const entries: TimelineEntry[] = executions.flatMap(executionEntries)
  if (connection?.since) {
    const atMs = connection.since.getTime()
    entries.push(
      connection.connected
        ? { atMs, kind: 'connected', clientId: thingName, sourceIp: '' }
        : { atMs, kind: 'disconnected', clientId: thingName, reason: connection.reason ?? '' },
    )
  }
  return entries.toSorted((left, right) => left.atMs - right.atMs)
}

function executionEntries({
  jobId = '',
  jobExecutionSummary: summary = {},
}: JobExecutionSummaryForThing): TimelineEntry[] {
  const { executionNumber = 1, retryAttempt = 0, status = '' } = summary
  const entry = (status: string, at: Date | undefined): TimelineEntry[] =>
    at === undefined
      ? []
      : [
          {
            atMs: at.getTime(),
            kind: 'execution',
            jobId,
            executionNumber,
            retryAttempt,
            status,
          },
        ]
  return [
    ...entry('QUEUED', summary.queuedAt),
    ...entry('IN_PROGRESS', summary.startedAt),
    ...(isPending(status) ? [] : entry(status, summary.lastUpdatedAt)),
  ]
}
