/** Every execution a thing had, newest first, by the server's pages. */
import type { TableProps } from '@cloudscape-design/components/table'
import Select from '@cloudscape-design/components/select'
import type { ReactNode } from 'react'
import { executionStatuses, isPending, statusInWords } from '../jobs/status.ts'
import { useLink, useLinkedPage } from '../ui/linked-state.ts'
import { Moment } from '../ui/moment.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { PagedTable } from '../ui/paged-table.tsx'
import { duration } from '../ui/relative-time.ts'
import { StatusBadge } from '../ui/status-badge.tsx'
import { useExecutionHistory } from './execution-queries.ts'
import { executionKey, type ExecutionRow } from './execution-row.ts'

const anyStatus = { label: 'Any status', value: '' }
const options = [
  anyStatus,
  ...executionStatuses.map((status) => ({ label: statusInWords(status), value: status })),
]

export function ExecutionsTable({ thingName }: { readonly thingName: string }): ReactNode {
  const [link, change] = useLink()
  const [page, setPage] = useLinkedPage('executions-page')
  const status = link.get('status') ?? ''
  const list = useExecutionHistory(thingName, status, page)
  return (
    <PagedTable<ExecutionRow>
      title="Job executions"
      description="All that the thing ever had, newest first."
      list={list}
      page={page}
      onPage={setPage}
      trackBy={executionKey}
      empty={
        status === '' ? 'No job has been sent to this thing.' : 'No execution has this status.'
      }
      columns={columns}
      filter={
        <Select
          ariaLabel="Status of executions"
          selectedOption={options.find(({ value }) => value === status) ?? anyStatus}
          options={options}
          onChange={({ detail }) =>
            change({
              status: detail.selectedOption.value || undefined,
              'executions-page': undefined,
            })
          }
          expandToViewport
        />
      }
    />
  )
}

const columns: readonly TableProps.ColumnDefinition<ExecutionRow>[] = [
  {
    id: 'job',
    header: 'Job',
    minWidth: 160,
    isRowHeader: true,
    cell: ({ jobId }) => <PageLink to={`/jobs/${encodeURIComponent(jobId)}`}>{jobId}</PageLink>,
  },
  {
    id: 'status',
    header: 'Status',
    minWidth: 140,
    cell: ({ status }) => <StatusBadge status={status} />,
  },
  {
    id: 'queued',
    header: 'Queued',
    minWidth: 130,
    cell: ({ queuedAt }) => <Moment at={queuedAt} />,
  },
  {
    id: 'updated',
    header: 'Last update',
    minWidth: 130,
    cell: (row) => <Moment at={row.lastUpdatedAt} />,
  },
  { id: 'took', header: 'Took', cell: (row) => took(row) ?? '–' },
  {
    id: 'number',
    header: 'Execution',
    cell: ({ executionNumber, retryAttempt }) =>
      retryAttempt > 0 ? `${executionNumber}, retry ${retryAttempt}` : executionNumber,
  },
]

/** From the start of the work to its end. */
function took({ status, startedAt, lastUpdatedAt }: ExecutionRow): string | undefined {
  if (isPending(status) || !startedAt || !lastUpdatedAt) return undefined
  return duration(lastUpdatedAt.getTime() - startedAt.getTime())
}
