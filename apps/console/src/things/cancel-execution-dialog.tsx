/** Asks whether to cancel a thing's execution, and does. */
import { CancelJobExecutionCommand } from '@aws-sdk/client-iot'
import Box from '@cloudscape-design/components/box'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { useNotices } from '../ui/notices.tsx'
import type { ExecutionRow } from './execution-row.ts'

interface Props {
  readonly thingName: string
  readonly execution: Pick<ExecutionRow, 'jobId' | 'status'>
  readonly onClose: () => void
}

export function CancelExecutionDialog({ thingName, execution, onClose }: Props): ReactNode {
  const { iot } = useSignedIn()
  const { tell } = useNotices()
  const queries = useQueryClient()
  const { jobId, status } = execution
  const force = status === 'IN_PROGRESS'
  return (
    <Confirm
      title={`Cancel ${jobId} on ${thingName}?`}
      verb="Cancel execution"
      act={() => iot.send(new CancelJobExecutionCommand({ jobId, thingName, force }))}
      onDone={() => {
        tell(`The execution of ${jobId} on ${thingName} was canceled.`)
        void queries.invalidateQueries({ queryKey: ['thing', thingName] })
        void queries.invalidateQueries({ queryKey: ['job', jobId] })
        onClose()
      }}
      onClose={onClose}
    >
      <Box variant="p">
        {force
          ? 'The device has started: it is canceled by force, and the device’s next update is refused.'
          : 'It is still queued: the device will not see it.'}
      </Box>
    </Confirm>
  )
}
