/** Every attempt of a thing at a job. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Table from '@cloudscape-design/components/table'
import type { ReactNode } from 'react'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Ago } from '../ui/moment.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { useAttempts } from './execution-queries.ts'

interface Props {
  readonly jobId: string
  readonly thingName: string
  readonly shown: number | undefined
  readonly onShow: (executionNumber: number) => void
}

export function ExecutionAttempts({ jobId, thingName, shown, onShow }: Props): ReactNode {
  const attempts = useAttempts(jobId, thingName)
  const rows = (attempts.data ?? []).map(({ jobExecutionSummary = {} }) => jobExecutionSummary)
  return (
    <>
      {attempts.error ? <ErrorNotice error={attempts.error} /> : null}
      <Table
        variant="embedded"
        header={<Box variant="h3">Attempts</Box>}
        ariaLabels={{ tableLabel: 'Attempts' }}
        items={rows}
        loading={attempts.isLoading}
        loadingText="Loading attempts"
        columnDefinitions={[
          {
            id: 'number',
            header: 'Execution',
            isRowHeader: true,
            cell: ({ executionNumber = 0 }) =>
              executionNumber === shown ? (
                `${executionNumber} (shown)`
              ) : (
                <Button
                  variant="inline-link"
                  ariaLabel={`Show execution ${executionNumber}`}
                  onClick={() => onShow(executionNumber)}
                >
                  {executionNumber}
                </Button>
              ),
          },
          { id: 'retry', header: 'Retry', cell: ({ retryAttempt }) => retryAttempt ?? 0 },
          { id: 'status', header: 'Status', cell: ({ status }) => <StatusBadge status={status} /> },
          { id: 'queued', header: 'Queued', cell: ({ queuedAt }) => <Ago at={queuedAt} /> },
          {
            id: 'updated',
            header: 'Last updated',
            cell: ({ lastUpdatedAt }) => <Ago at={lastUpdatedAt} />,
          },
        ]}
      />
    </>
  )
}
