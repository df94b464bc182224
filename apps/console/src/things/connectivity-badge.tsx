/** Whether a thing is connected, by sign and by word. */
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { ReactNode } from 'react'

interface Props {
  /** undefined where nothing tells. */
  readonly connected: boolean | undefined
}

export function ConnectivityBadge({ connected }: Props): ReactNode {
  if (connected === undefined) return <StatusIndicator type="pending">not known</StatusIndicator>
  return connected ? (
    <StatusIndicator type="success">connected</StatusIndicator>
  ) : (
    <StatusIndicator type="stopped">disconnected</StatusIndicator>
  )
}
