/** One execution in full: what the device reported, its attempts, and what can be done about it. */
import type { JobExecution } from '@aws-sdk/client-iot'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import Modal from '@cloudscape-design/components/modal'
import Skeleton from '@cloudscape-design/components/skeleton'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type ReactNode } from 'react'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Moment } from '../ui/moment.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { cancelExecutionRefusal } from './advice.ts'
import { CancelExecutionsDialog } from './cancel-executions-dialog.tsx'
import { DeleteExecutionDialog } from './delete-execution-dialog.tsx'
import { ExecutionAttempts } from './execution-attempts.tsx'
import { useExecution } from './execution-queries.ts'

interface Props {
  readonly jobId: string
  readonly thingName: string
  readonly onClose: () => void
}

export function ExecutionDialog({ jobId, thingName, onClose }: Props): ReactNode {
  const [shown, setShown] = useState<number>()
  const [asking, setAsking] = useState<'cancel' | 'delete'>()
  const execution = useExecution(jobId, thingName, shown)
  const { data } = execution
  if (asking === 'cancel') {
    return (
      <CancelExecutionsDialog
        jobId={jobId}
        rows={[{ thingName, status: data?.status }]}
        onClose={() => setAsking(undefined)}
      />
    )
  }
  if (asking === 'delete' && data?.executionNumber !== undefined) {
    return (
      <DeleteExecutionDialog
        jobId={jobId}
        thingName={thingName}
        execution={data}
        onClose={() => setAsking(undefined)}
        onDone={onClose}
      />
    )
  }
  return (
    <Modal
      visible
      size="large"
      header={`Execution of ${jobId} on ${thingName}`}
      closeAriaLabel="Close"
      onDismiss={onClose}
      footer={<Footer status={data?.status} onAsk={setAsking} onClose={onClose} />}
    >
      <SpaceBetween size="l">
        {execution.error ? <ErrorNotice error={execution.error} /> : null}
        {data ? <Facts execution={data} thingName={thingName} /> : <Skeleton />}
        <ExecutionAttempts
          jobId={jobId}
          thingName={thingName}
          shown={data?.executionNumber}
          onShow={setShown}
        />
      </SpaceBetween>
    </Modal>
  )
}

interface FooterProps {
  readonly status: string | undefined
  readonly onAsk: (what: 'cancel' | 'delete') => void
  readonly onClose: () => void
}

function Footer({ status, onAsk, onClose }: FooterProps): ReactNode {
  const refusal = cancelExecutionRefusal(status)
  return (
    <Box float="right">
      <SpaceBetween direction="horizontal" size="xs">
        <Button variant="link" onClick={onClose}>
          Close
        </Button>
        <Button onClick={() => onAsk('delete')}>Delete execution</Button>
        <Button
          disabled={refusal !== undefined}
          {...(refusal === undefined ? {} : { disabledReason: refusal })}
          onClick={() => onAsk('cancel')}
        >
          Cancel execution
        </Button>
      </SpaceBetween>
    </Box>
  )
}

function Facts({
  execution,
  thingName,
}: {
  readonly execution: JobExecution
  readonly thingName: string
}): ReactNode {
  const details = Object.entries(execution.statusDetails?.detailsMap ?? {})
  const seconds = execution.approximateSecondsBeforeTimedOut
  return (
    <SpaceBetween size="m">
      <KeyValuePairs
        columns={3}
        items={[
          { label: 'Status', value: <StatusBadge status={execution.status} /> },
          {
            label: 'Thing',
            value: <PageLink to={`/things/${encodeURIComponent(thingName)}`}>{thingName}</PageLink>,
          },
          { label: 'Execution number', value: execution.executionNumber ?? '–' },
          { label: 'Version', value: execution.versionNumber ?? '–' },
          { label: 'Queued', value: <Moment at={execution.queuedAt} /> },
          { label: 'Started', value: <Moment at={execution.startedAt} /> },
          { label: 'Last updated', value: <Moment at={execution.lastUpdatedAt} /> },
          { label: 'Times out in', value: seconds === undefined ? '–' : `${seconds} s` },
          { label: 'Cancelled by force', value: execution.forceCanceled ? 'yes' : 'no' },
        ]}
      />
      <Box variant="h3">Status details</Box>
      {details.length === 0 ? (
        <Box color="text-body-secondary">The device reported none.</Box>
      ) : (
        <KeyValuePairs columns={2} items={details.map(([label, value]) => ({ label, value }))} />
      )}
    </SpaceBetween>
  )
}
