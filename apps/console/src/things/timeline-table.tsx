/** The one timeline of a thing: connects, disconnects, denials, notifications, requests, updates, timers. */
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter'
import type { TableProps } from '@cloudscape-design/components/table'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { AdminError } from '../admin/admin-client.ts'
import { useAdmin } from '../admin/admin-context.tsx'
import { ListTable } from '../ui/list-table.tsx'
import { Moment } from '../ui/moment.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { useConnection } from './connection.ts'
import { useLatestExecutions } from './execution-queries.ts'
import { publicTimeline } from './public-timeline.ts'
import type { Timeline, TimelineEntry } from './timeline-entry.ts'
import { timelineRows, type TimelineRow } from './timeline-rows.ts'

const refreshMs = 3000

export function TimelineTable({ thingName }: { readonly thingName: string }): ReactNode {
  const { state, client } = useAdmin()
  const isTold = state.name === 'present'
  const told = useQuery({
    queryKey: ['thing', thingName, 'timeline'],
    enabled: isTold,
    queryFn: async ({ signal }) => {
      try {
        const path = `things/${encodeURIComponent(thingName)}/timeline`
        return await client.get<Timeline>(path, signal)
      } catch (cause) {
        // A thing of which nothing is recorded; that it is absent the page says.
        if (cause instanceof AdminError && cause.status === 404) return null
        throw cause
      }
    },
    refetchInterval: refreshMs,
  })
  const known = usePublicTimeline(thingName, !isTold && state.name !== 'asking')
  const entries = isTold ? (told.data === null ? [] : told.data?.entries) : known
  return (
    <ListTable<TimelineRow>
      title="Timeline"
      what="events"
      description={
        isTold ? (
          <Since timeline={told.data ?? undefined} />
        ) : (
          'Without Muster’s admin API: what AWS tells of executions, and the last change of the connection.'
        )
      }
      items={entries && timelineRows(entries)}
      error={told.error}
      onRetry={() => void told.refetch()}
      columns={columns}
      filters={filters}
      sort="-at"
      trackBy={({ id }) => id}
      pageSize={15}
      empty="Nothing has happened to this thing yet."
    />
  )
}

function Since({ timeline }: { readonly timeline: Timeline | undefined }): ReactNode {
  if (!timeline) return 'Newest first.'
  return (
    <>
      Newest first; recorded since <Moment at={new Date(timeline.recordedSinceMs)} />.
    </>
  )
}

function usePublicTimeline(
  thingName: string,
  enabled: boolean,
): readonly TimelineEntry[] | undefined {
  const executions = useLatestExecutions(thingName, enabled)
  const { data: connection } = useConnection(thingName)
  if (!executions.data) return executions.isError ? [] : undefined
  const { connected, since, reason } = connection ?? {}
  return publicTimeline(
    thingName,
    executions.data,
    connected === undefined ? undefined : { connected, since, reason },
  )
}

const columns: readonly TableProps.ColumnDefinition<TimelineRow>[] = [
  {
    id: 'at',
    header: 'Time',
    minWidth: 180,
    sortingComparator: (left, right) =>
      left.atMs - right.atMs || Number(left.id) - Number(right.id),
    cell: ({ atMs }) => <Moment at={new Date(atMs)} />,
  },
  {
    id: 'what',
    header: 'Event',
    minWidth: 270,
    isRowHeader: true,
    cell: ({ tone, what }) => <StatusIndicator type={tone}>{what}</StatusIndicator>,
  },
  {
    id: 'job',
    header: 'Job',
    minWidth: 140,
    cell: ({ jobId }) =>
      jobId === '' ? '–' : <PageLink to={`/jobs/${encodeURIComponent(jobId)}`}>{jobId}</PageLink>,
  },
  {
    id: 'details',
    header: 'Details',
    minWidth: 220,
    cell: ({ details, decisionId }) => (
      <>
        {details === '' ? '–' : details}
        {decisionId === undefined ? null : (
          <>
            {' '}
            <PageLink to={`/denials/${encodeURIComponent(decisionId)}`}>Open the denial</PageLink>
          </>
        )}
      </>
    ),
  },
]

const filters: readonly PropertyFilterProps.FilteringProperty[] = [
  { key: 'kind', propertyLabel: 'Kind', groupValuesLabel: 'Kinds', operators: ['=', '!='] },
  { key: 'jobId', propertyLabel: 'Job', groupValuesLabel: 'Jobs', operators: ['=', ':', '!='] },
  { key: 'details', propertyLabel: 'Details', groupValuesLabel: 'Details', operators: [':', '!:'] },
]
