/** Asks before an execution is deleted, and does it. */
import { DeleteJobExecutionCommand, type JobExecution } from '@aws-sdk/client-iot'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'

interface Props {
  readonly jobId: string
  readonly thingName: string
  readonly execution: JobExecution
  readonly onClose: () => void
  readonly onDone: () => void
}

export function DeleteExecutionDialog({
  jobId,
  thingName,
  execution,
  onClose,
  onDone,
}: Props): ReactNode {
  const { iot } = useSignedIn()
  const queries = useQueryClient()
  const { executionNumber, status } = execution
  const force = status === 'IN_PROGRESS'
  return (
    <Confirm
      title={`Delete execution ${executionNumber} of ${jobId} on ${thingName}?`}
      verb={force ? 'Delete by force' : 'Delete execution'}
      act={() =>
        iot.send(new DeleteJobExecutionCommand({ jobId, thingName, executionNumber, force }))
      }
      onDone={() => {
        void queries.invalidateQueries({ queryKey: ['job', jobId] })
        onDone()
      }}
      onClose={onClose}
    >
      {force
        ? 'The device is at work on it and is not told.'
        : 'What is known of this execution is removed from the job.'}
    </Confirm>
  )
}
