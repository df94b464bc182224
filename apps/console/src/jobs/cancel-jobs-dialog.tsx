/** Asks how to cancel jobs, and does. */
import { CancelJobCommand, type JobSummary } from '@aws-sdk/client-iot'
import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { useNotices } from '../ui/notices.tsx'
import { eachInTurn, refusalOf } from './each-in-turn.ts'

interface Props {
  readonly jobs: readonly Pick<JobSummary, 'jobId'>[]
  /** Executions in progress, where they are known. */
  readonly running?: number
  readonly onClose: () => void
}

export function CancelJobsDialog({ jobs, running, onClose }: Props): ReactNode {
  const { iot } = useSignedIn()
  const queries = useQueryClient()
  const { tell } = useNotices()
  const [force, setForce] = useState(false)
  const [comment, setComment] = useState('')
  const [reasonCode, setReasonCode] = useState('')
  const ids = jobs.map(({ jobId = '' }) => jobId)
  const what = ids.length === 1 ? `job ${ids[0]}` : `${ids.length} jobs`
  const isCodeUsable = /^[\p{Lu}\d_]{0,128}$/u.test(reasonCode)
  const act = async (): Promise<void> => {
    const result = await eachInTurn(ids, (jobId) =>
      iot.send(
        new CancelJobCommand({
          jobId,
          force,
          ...(comment === '' ? {} : { comment }),
          ...(reasonCode === '' ? {} : { reasonCode }),
        }),
      ),
    )
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['jobs'] }),
      ...ids.map((jobId) => queries.invalidateQueries({ queryKey: ['job', jobId] })),
    ])
    const refusal = refusalOf(result, 'cancelled')
    if (refusal) throw refusal
  }
  return (
    <Confirm
      title={`Cancel ${what}?`}
      verb={ids.length === 1 ? 'Cancel job' : 'Cancel jobs'}
      act={act}
      onDone={() => {
        tell(`${what.charAt(0).toUpperCase()}${what.slice(1)} cancelled.`)
        onClose()
      }}
      onClose={onClose}
      refusal={isCodeUsable ? undefined : 'Mend the reason code.'}
    >
      <div>The rollout stops and executions that are queued are cancelled.</div>
      <Checkbox checked={force} onChange={({ detail }) => setForce(detail.checked)}>
        Also cancel {running === undefined ? '' : running.toLocaleString()} running{' '}
        {running === 1 ? 'execution' : 'executions'} (force)
      </Checkbox>
      <FormField
        label="Reason code"
        description="Capital letters, digits and underscores: FAULTY_RELEASE"
        errorText={isCodeUsable ? '' : 'Only capital letters, digits and underscores.'}
      >
        <Input value={reasonCode} onChange={({ detail }) => setReasonCode(detail.value)} />
      </FormField>
      <FormField label="Comment">
        <Input value={comment} onChange={({ detail }) => setComment(detail.value)} />
      </FormField>
    </Confirm>
  )
}
