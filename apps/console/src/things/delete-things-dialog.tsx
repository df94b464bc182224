/** Deletes things, one after the other. */
import Box from '@cloudscape-design/components/box'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { useNotices } from '../ui/notices.tsx'
import { deleteThing } from './save-thing.ts'

interface Props {
  readonly thingNames: readonly string[]
  readonly onDone: () => void
  readonly onClose: () => void
}

export function DeleteThingsDialog({ thingNames, onDone, onClose }: Props): ReactNode {
  const { iot } = useSignedIn()
  const { tell } = useNotices()
  const queries = useQueryClient()
  const what = thingNames.length === 1 ? `thing ${thingNames[0]}` : `${thingNames.length} things`
  return (
    <Confirm
      title={`Delete ${what}?`}
      verb="Delete"
      act={async () => {
        for (const thingName of thingNames) await deleteThing(iot, thingName)
      }}
      onDone={() => {
        tell(`Deleted ${what}.`)
        void queries.invalidateQueries({ queryKey: ['connectivity'] })
        void queries.invalidateQueries({ queryKey: ['count'] })
        onDone()
      }}
      onClose={onClose}
    >
      <Box variant="p">
        Certificates are detached first and stay registered. Executions of the{' '}
        {thingNames.length === 1 ? 'thing' : 'things'} that are not finished are removed.
      </Box>
    </Confirm>
  )
}
