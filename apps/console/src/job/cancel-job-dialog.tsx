/** Asks how to cancel a job, and does. */
import { CancelJobCommand, type Job } from '@aws-sdk/client-iot'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { statusCounts } from '../ui/status.tsx'

interface Props {
  readonly job: Job
  readonly onClose: () => void
}

export function CancelJobDialog({ job, onClose }: Props): ReactNode {
  const { iot } = useSignedIn()
  const queries = useQueryClient()
  const [force, setForce] = useState(false)
  const [comment, setComment] = useState('')
  const [reasonCode, setReasonCode] = useState('')
  const jobId = job.jobId ?? ''
  const running = statusCounts(job.jobProcessDetails).IN_PROGRESS
  const cancel = useMutation({
    mutationFn: () =>
      iot.send(
        new CancelJobCommand({
          jobId,
          force,
          ...(comment === '' ? {} : { comment }),
          ...(reasonCode === '' ? {} : { reasonCode }),
        }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['job', jobId] })
      onClose()
    },
  })
  return (
    <Dialog
      title={`Cancel job ${jobId}?`}
      confirm="Cancel job"
      busy={cancel.isPending}
      error={cancel.error}
      onConfirm={() => cancel.mutate()}
      onClose={onClose}
    >
      <p>The rollout stops and executions that are queued are cancelled.</p>
      <label className="check">
        <input
          type="checkbox"
          checked={force}
          onChange={(event) => setForce(event.target.checked)}
        />
        Also cancel {running} running {running === 1 ? 'execution' : 'executions'} (force)
      </label>
      <Field
        label="Reason code"
        hint="Capital letters, digits and underscores: FAULTY_RELEASE"
        value={reasonCode}
        onChange={setReasonCode}
      />
      <Field label="Comment" value={comment} onChange={setComment} />
    </Dialog>
  )
}
