/** The jobs whose target a group is. */
import type { JobSummary } from '@aws-sdk/client-iot'
import type { TableProps } from '@cloudscape-design/components/table'
import type { ReactNode } from 'react'
import { useLinkedPage } from '../ui/linked-state.ts'
import { Moment } from '../ui/moment.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { PagedTable } from '../ui/paged-table.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { useJobsOfGroup } from './group-queries.ts'

export function GroupJobsTable({ groupName }: { readonly groupName: string }): ReactNode {
  const [page, setPage] = useLinkedPage('jobs-page')
  const list = useJobsOfGroup(groupName, page)
  const { items, hasMore } = list
  return (
    <PagedTable<JobSummary>
      title="Jobs"
      description="Jobs that target this group."
      list={list}
      page={page}
      onPage={setPage}
      counter={items && page === 1 && !hasMore ? `(${items.length})` : ''}
      columns={columns}
      trackBy={({ jobId }) => jobId ?? ''}
      empty="No job targets this group."
      emptyAction={
        <PageButton to={`/create-job?group=${encodeURIComponent(groupName)}`}>
          Create job
        </PageButton>
      }
    />
  )
}

const columns: readonly TableProps.ColumnDefinition<JobSummary>[] = [
  {
    id: 'job',
    header: 'Job',
    minWidth: 160,
    isRowHeader: true,
    cell: ({ jobId = '' }) => (
      <PageLink to={`/jobs/${encodeURIComponent(jobId)}`}>{jobId}</PageLink>
    ),
  },
  {
    id: 'status',
    header: 'Status',
    minWidth: 140,
    cell: ({ status }) => <StatusBadge status={status} />,
  },
  {
    id: 'selection',
    header: 'Targets',
    cell: ({ targetSelection }) => (targetSelection === 'CONTINUOUS' ? 'Continuous' : 'Snapshot'),
  },
  {
    id: 'created',
    header: 'Created',
    minWidth: 130,
    cell: ({ createdAt }) => <Moment at={createdAt} />,
  },
  {
    id: 'completed',
    header: 'Completed',
    minWidth: 130,
    cell: ({ completedAt }) => <Moment at={completedAt} />,
  },
]
