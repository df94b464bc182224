/** What waits for a thing and what it works at, in the order in which it gets them. */
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import Pagination from '@cloudscape-design/components/pagination'
import Table from '@cloudscape-design/components/table'
import { useState, type ReactNode } from 'react'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { EmptyList } from '../ui/list-states.tsx'
import { Ago } from '../ui/moment.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { pageLabels } from '../ui/page-labels.ts'
import { StatusBadge } from '../ui/status-badge.tsx'
import { CancelExecutionDialog } from './cancel-execution-dialog.tsx'
import { useQueue } from './execution-queries.ts'
import { executionKey, type ExecutionRow } from './execution-row.ts'

const pageSize = 10
type Placed = ExecutionRow & { readonly place: number }

interface Props {
  readonly thingName: string
  readonly emptyAction: ReactNode
}

export function QueueTable({ thingName, emptyAction }: Props): ReactNode {
  const queue = useQueue(thingName)
  const [page, setPage] = useState(1)
  const [toCancel, setToCancel] = useState<ExecutionRow>()
  const all = (queue.data ?? []).map((row, index): Placed => ({ ...row, place: index + 1 }))
  const pagesCount = Math.max(1, Math.ceil(all.length / pageSize))
  const at = Math.min(page, pagesCount)
  return (
    <>
      {queue.error ? (
        <ErrorNotice error={queue.error} onRetry={() => void queue.refetch()} />
      ) : null}
      <Table<Placed>
        items={all.slice((at - 1) * pageSize, at * pageSize)}
        trackBy={executionKey}
        loading={queue.isPending}
        loadingText="Loading the queue"
        variant="container"
        wrapLines
        ariaLabels={{ tableLabel: 'Queue' }}
        columnDefinitions={columns(setToCancel)}
        empty={<EmptyList sentence="No execution waits for this thing." action={emptyAction} />}
        header={
          <Header
            variant="h2"
            counter={queue.data ? `(${all.length.toLocaleString()})` : ''}
            description="Executions in the order in which the device gets them: what it works at, then what was queued first."
          >
            Queue
          </Header>
        }
        pagination={
          pagesCount > 1 ? (
            <Pagination
              currentPageIndex={at}
              pagesCount={pagesCount}
              ariaLabels={pageLabels('Queue')}
              onChange={({ detail }) => setPage(detail.currentPageIndex)}
            />
          ) : null
        }
      />
      {toCancel ? (
        <CancelExecutionDialog
          thingName={thingName}
          execution={toCancel}
          onClose={() => setToCancel(undefined)}
        />
      ) : null}
    </>
  )
}

function columns(onCancel: (row: ExecutionRow) => void) {
  return [
    { id: 'place', header: 'Place', width: 80, cell: ({ place }: Placed) => place },
    {
      id: 'job',
      header: 'Job',
      minWidth: 160,
      isRowHeader: true,
      cell: ({ jobId }: Placed) => (
        <PageLink to={`/jobs/${encodeURIComponent(jobId)}`}>{jobId}</PageLink>
      ),
    },
    {
      id: 'status',
      header: 'Status',
      minWidth: 140,
      cell: ({ status }: Placed) => <StatusBadge status={status} />,
    },
    {
      id: 'queued',
      header: 'Queued',
      minWidth: 130,
      cell: ({ queuedAt }: Placed) => <Ago at={queuedAt} />,
    },
    {
      id: 'started',
      header: 'Started',
      minWidth: 130,
      cell: ({ startedAt }: Placed) => <Ago at={startedAt} />,
    },
    {
      id: 'number',
      header: 'Execution',
      cell: ({ executionNumber, retryAttempt }: Placed) =>
        retryAttempt > 0 ? `${executionNumber}, retry ${retryAttempt}` : executionNumber,
    },
    {
      id: 'actions',
      header: 'Actions',
      cell: (row: Placed) => (
        <Button
          variant="inline-link"
          ariaLabel={`Cancel the execution of ${row.jobId}`}
          onClick={() => onCancel(row)}
        >
          Cancel
        </Button>
      ),
    },
  ]
}
