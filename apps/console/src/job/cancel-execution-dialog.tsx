/** Asks whether to cancel one thing's execution, and does. */
import { CancelJobExecutionCommand } from '@aws-sdk/client-iot'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { Dialog } from '../ui/dialog.tsx'

/** The execution the question is about. */
export interface ExecutionToCancel {
  readonly jobId: string
  readonly thingName: string
  /** In progress: only force cancels it. */
  readonly running: boolean
}

interface Props {
  readonly execution: ExecutionToCancel
  readonly onClose: () => void
}

export function CancelExecutionDialog({ execution, onClose }: Props): ReactNode {
  const { iot } = useSignedIn()
  const queries = useQueryClient()
  const { jobId, thingName, running } = execution
  const cancel = useMutation({
    mutationFn: () => iot.send(new CancelJobExecutionCommand({ jobId, thingName, force: running })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['job', jobId] })
      await queries.invalidateQueries({ queryKey: ['thing', thingName] })
      onClose()
    },
  })
  return (
    <Dialog
      title={`Cancel ${jobId} on ${thingName}?`}
      confirm="Cancel execution"
      busy={cancel.isPending}
      error={cancel.error}
      onConfirm={() => cancel.mutate()}
      onClose={onClose}
    >
      <p>
        {running
          ? 'The device has started: it is cancelled by force, and the device’s next update is refused.'
          : 'It is still queued: the device will not see it.'}
      </p>
    </Dialog>
  )
}
