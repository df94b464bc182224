/** Asks before templates are deleted, and does it. */
import { DeleteJobTemplateCommand } from '@aws-sdk/client-iot'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { eachInTurn, refusalOf } from '../jobs/each-in-turn.ts'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { useNotices } from '../ui/notices.tsx'

interface Props {
  readonly ids: readonly string[]
  readonly onClose: () => void
  readonly onDone?: () => void
}

export function DeleteTemplatesDialog({ ids, onClose, onDone }: Props): ReactNode {
  const { iot } = useSignedIn()
  const queries = useQueryClient()
  const { tell } = useNotices()
  const what = ids.length === 1 ? `template ${ids[0]}` : `${ids.length} templates`
  return (
    <Confirm
      title={`Delete ${what}?`}
      verb={ids.length === 1 ? 'Delete template' : 'Delete templates'}
      act={async () => {
        const result = await eachInTurn(ids, (jobTemplateId) =>
          iot.send(new DeleteJobTemplateCommand({ jobTemplateId })),
        )
        await queries.invalidateQueries({ queryKey: ['templates'] })
        const refusal = refusalOf(result, 'deleted')
        if (refusal) throw refusal
      }}
      onDone={() => {
        tell(`${what.charAt(0).toUpperCase()}${what.slice(1)} deleted.`)
        onClose()
        onDone?.()
      }}
      onClose={onClose}
    >
      Jobs that were created from it stay as they are.
    </Confirm>
  )
}
