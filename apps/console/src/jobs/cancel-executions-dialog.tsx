/** Asks before executions are cancelled, and does it. */
import { CancelJobExecutionCommand } from '@aws-sdk/client-iot'
import Checkbox from '@cloudscape-design/components/checkbox'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { eachInTurn, refusalOf } from './each-in-turn.ts'
import type { ExecutionRow } from './execution-queries.ts'

interface Props {
  readonly jobId: string
  readonly rows: readonly Pick<ExecutionRow, 'thingName' | 'status'>[]
  readonly onClose: () => void
}

export function CancelExecutionsDialog({ jobId, rows, onClose }: Props): ReactNode {
  const { iot } = useSignedIn()
  const queries = useQueryClient()
  const running = rows.filter(({ status }) => status === 'IN_PROGRESS').length
  const [force, setForce] = useState(false)
  const [first] = rows
  const one = rows.length === 1 && first !== undefined
  const act = async (): Promise<void> => {
    const result = await eachInTurn(
      rows.map(({ thingName }) => thingName),
      (thingName) => iot.send(new CancelJobExecutionCommand({ jobId, thingName, force })),
    )
    await queries.invalidateQueries({ queryKey: ['job', jobId] })
    const refusal = refusalOf(result, 'cancelled')
    if (refusal) throw refusal
  }
  return (
    <Confirm
      title={
        one
          ? `Cancel ${jobId} on ${first.thingName}?`
          : `Cancel ${rows.length} executions of ${jobId}?`
      }
      verb={one ? 'Cancel execution' : 'Cancel executions'}
      act={act}
      onDone={onClose}
      onClose={onClose}
      refusal={
        running > 0 && !force ? 'An execution in progress is cancelled by force only.' : undefined
      }
    >
      <div>Devices are told that it is no longer theirs to do.</div>
      {running > 0 ? (
        <Checkbox checked={force} onChange={({ detail }) => setForce(detail.checked)}>
          {one ? 'It is' : `${running} are`} in progress: cancel by force
        </Checkbox>
      ) : null}
    </Confirm>
  )
}
