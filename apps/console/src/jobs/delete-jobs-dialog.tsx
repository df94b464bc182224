/** Asks before jobs are deleted with all their executions, and does it. */
import { DeleteJobCommand, type JobSummary } from '@aws-sdk/client-iot'
import Checkbox from '@cloudscape-design/components/checkbox'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { useNotices } from '../ui/notices.tsx'
import { eachInTurn, refusalOf } from './each-in-turn.ts'

interface Props {
  readonly jobs: readonly Pick<JobSummary, 'jobId' | 'status'>[]
  readonly onClose: () => void
  readonly onDone?: () => void
}

export function DeleteJobsDialog({ jobs, onClose, onDone }: Props): ReactNode {
  const { iot } = useSignedIn()
  const queries = useQueryClient()
  const { tell } = useNotices()
  const live = jobs.filter(({ status }) => status !== 'COMPLETED' && status !== 'CANCELED').length
  const [force, setForce] = useState(false)
  const ids = jobs.map(({ jobId = '' }) => jobId)
  const what = ids.length === 1 ? `job ${ids[0]}` : `${ids.length} jobs`
  const act = async (): Promise<void> => {
    const result = await eachInTurn(ids, (jobId) =>
      iot.send(new DeleteJobCommand({ jobId, force })),
    )
    await queries.invalidateQueries({ queryKey: ['jobs'] })
    const refusal = refusalOf(result, 'deleted')
    if (refusal) throw refusal
  }
  return (
    <Confirm
      title={`Delete ${what}?`}
      verb={ids.length === 1 ? 'Delete job' : 'Delete jobs'}
      act={act}
      onDone={() => {
        tell(`${what.charAt(0).toUpperCase()}${what.slice(1)} deleted.`)
        onClose()
        onDone?.()
      }}
      onClose={onClose}
      refusal={
        live > 0 && !force ? 'A job that is not completed or cancelled needs force.' : undefined
      }
    >
      <div>Everything about it goes, its executions too. Devices at work are not told.</div>
      {live > 0 ? (
        <Checkbox checked={force} onChange={({ detail }) => setForce(detail.checked)}>
          {live === 1 ? 'It is' : `${live} are`} not finished: delete by force
        </Checkbox>
      ) : null}
    </Confirm>
  )
}
