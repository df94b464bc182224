/** What the list of executions shows of each. */
import Button from '@cloudscape-design/components/button'
import type { TableProps } from '@cloudscape-design/components/table'
import { Ago } from '../ui/moment.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import type { ExecutionRow } from './execution-queries.ts'

/** @param onOpen - shows one execution in full */
export function executionColumns(
  onOpen: (thingName: string) => void,
): readonly TableProps.ColumnDefinition<ExecutionRow>[] {
  return [
    {
      id: 'thingName',
      header: 'Thing',
      isRowHeader: true,
      cell: ({ thingName }) => (
        <PageLink to={`/things/${encodeURIComponent(thingName)}`}>{thingName}</PageLink>
      ),
    },
    { id: 'status', header: 'Status', cell: ({ status }) => <StatusBadge status={status} /> },
    {
      id: 'executionNumber',
      header: 'Execution',
      cell: ({ executionNumber, retryAttempt }) =>
        retryAttempt ? `${executionNumber} (retry ${retryAttempt})` : executionNumber,
    },
    { id: 'queuedAt', header: 'Queued', cell: ({ queuedAt }) => <Ago at={queuedAt} /> },
    { id: 'startedAt', header: 'Started', cell: ({ startedAt }) => <Ago at={startedAt} /> },
    {
      id: 'lastUpdatedAt',
      header: 'Last updated',
      cell: ({ lastUpdatedAt }) => <Ago at={lastUpdatedAt} />,
    },
    {
      id: 'details',
      header: 'Details',
      cell: ({ thingName }) => (
        <Button
          variant="inline-link"
          ariaLabel={`Details of ${thingName}`}
          onClick={() => onOpen(thingName)}
        >
          Details
        </Button>
      ),
    },
  ]
}
