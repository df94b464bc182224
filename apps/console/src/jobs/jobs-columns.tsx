/** What the list of jobs shows of each, and by what it is filtered. */
import type { JobSummary } from '@aws-sdk/client-iot'
import Box from '@cloudscape-design/components/box'
import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter'
import type { TableProps } from '@cloudscape-design/components/table'
import type { ReactNode } from 'react'
import { Ago } from '../ui/moment.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { useJob } from './job-queries.ts'
import { StatusBar } from './status-bar.tsx'
import { statusCounts, terminalCount, totalCount } from './status.ts'

function time(at: Date | undefined): number {
  return at?.getTime() ?? 0
}

/** The columns, by their ids in the link. */
export const jobColumns: readonly TableProps.ColumnDefinition<JobSummary>[] = [
  {
    id: 'jobId',
    header: 'Job ID',
    minWidth: 150,
    isRowHeader: true,
    sortingField: 'jobId',
    cell: ({ jobId = '' }) => <PageLink to={`/jobs/${jobId}`}>{jobId}</PageLink>,
  },
  {
    id: 'status',
    header: 'Status',
    minWidth: 125,
    sortingField: 'status',
    cell: ({ status }) => <StatusBadge status={status} />,
  },
  {
    id: 'progress',
    header: 'Progress',
    minWidth: 130,
    cell: ({ jobId = '' }) => <JobRowProgress jobId={jobId} />,
  },
  {
    id: 'targetSelection',
    header: 'Type',
    sortingField: 'targetSelection',
    cell: ({ targetSelection }) => (targetSelection === 'CONTINUOUS' ? 'Continuous' : 'Snapshot'),
  },
  {
    id: 'createdAt',
    header: 'Created',
    minWidth: 112,
    sortingComparator: (a, b) => time(a.createdAt) - time(b.createdAt),
    cell: ({ createdAt }) => <Ago at={createdAt} />,
  },
  {
    id: 'lastUpdatedAt',
    header: 'Last updated',
    minWidth: 112,
    sortingComparator: (a, b) => time(a.lastUpdatedAt) - time(b.lastUpdatedAt),
    cell: ({ lastUpdatedAt }) => <Ago at={lastUpdatedAt} />,
  },
  {
    id: 'completedAt',
    header: 'Completed',
    minWidth: 112,
    sortingComparator: (a, b) => time(a.completedAt) - time(b.completedAt),
    cell: ({ completedAt }) => <Ago at={completedAt} />,
  },
]

/** By what the list is filtered. */
export const jobFilters: readonly PropertyFilterProps.FilteringProperty[] = [
  {
    key: 'jobId',
    propertyLabel: 'Job ID',
    groupValuesLabel: 'Job IDs',
    operators: [':', '!:', '=', '!=', '^', '!^'],
  },
  {
    key: 'status',
    propertyLabel: 'Status',
    groupValuesLabel: 'Statuses',
    operators: ['=', '!='],
  },
  {
    key: 'targetSelection',
    propertyLabel: 'Type',
    groupValuesLabel: 'Types',
    operators: ['=', '!='],
  },
]

/** Read for the rows that are shown alone: the list itself does not tell it. */
export function JobRowProgress({ jobId }: { readonly jobId: string }): ReactNode {
  const job = useJob(jobId)
  if (!job.data) return null
  const counts = statusCounts(job.data.jobProcessDetails)
  return (
    <>
      <StatusBar counts={counts} />
      <Box fontSize="body-s" color="text-body-secondary">
        {terminalCount(counts).toLocaleString()} of {totalCount(counts).toLocaleString()} done
      </Box>
    </>
  )
}
