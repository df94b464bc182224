/** A job's, execution's or group's status, drawn as AWS draws it: by sign and by word. */
import StatusIndicator, {
  type StatusIndicatorProps,
} from '@cloudscape-design/components/status-indicator'
import type { ReactNode } from 'react'

const types: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  SUCCEEDED: 'success',
  COMPLETED: 'success',
  ACTIVE: 'success',
  FAILED: 'error',
  REJECTED: 'error',
  TIMED_OUT: 'error',
  REVOKED: 'error',
  CANCELED: 'stopped',
  REMOVED: 'stopped',
  INACTIVE: 'stopped',
  DELETION_IN_PROGRESS: 'stopped',
  IN_PROGRESS: 'in-progress',
  BUILDING: 'in-progress',
  REBUILDING: 'in-progress',
  QUEUED: 'pending',
  SCHEDULED: 'pending',
}

interface Props {
  /** AWS's word: `IN_PROGRESS`. */
  readonly status: string | undefined
}

export function StatusBadge({ status }: Props): ReactNode {
  if (status === undefined) return null
  return (
    <StatusIndicator type={types[status] ?? 'info'} wrapText={false}>
      {status.toLowerCase().replaceAll('_', ' ')}
    </StatusIndicator>
  )
}
