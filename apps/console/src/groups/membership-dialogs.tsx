/** Puts things into a static group, and takes them out. */
import { AddThingToThingGroupCommand, RemoveThingFromThingGroupCommand } from '@aws-sdk/client-iot'
import Box from '@cloudscape-design/components/box'
import FormField from '@cloudscape-design/components/form-field'
import Textarea from '@cloudscape-design/components/textarea'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useNotices } from '../ui/notices.tsx'
import { namesIn } from './group-form.ts'

interface Props {
  readonly groupName: string
  readonly onDone: () => void
  readonly onClose: () => void
}

export function AddThingsDialog({ groupName, onDone, onClose }: Props): ReactNode {
  const { iot } = useSignedIn()
  const { tell } = useNotices()
  const refresh = useRefresh()
  const [text, setText] = useState('')
  const names = namesIn(text)
  return (
    <FormDialog
      title={`Add things to ${groupName}`}
      verb="Add"
      isWrong={names.length === 0}
      act={async () => {
        for (const thingName of names) {
          await iot.send(new AddThingToThingGroupCommand({ thingGroupName: groupName, thingName }))
        }
      }}
      onDone={() => {
        tell(`Added ${counted(names.length)} to ${groupName}.`)
        refresh()
        onDone()
      }}
      onClose={onClose}
    >
      {(shown) => (
        <FormField
          label="Thing names"
          description="Separated by spaces, commas or lines. Things that are in the group already stay."
          errorText={shown && names.length === 0 ? 'Enter at least one thing name.' : undefined}
          stretch
        >
          <Textarea
            value={text}
            rows={5}
            spellcheck={false}
            autoFocus
            placeholder={'pump-1\npump-2'}
            onChange={({ detail }) => setText(detail.value)}
          />
        </FormField>
      )}
    </FormDialog>
  )
}

interface RemoveProps extends Props {
  readonly thingNames: readonly string[]
}

export function RemoveThingsDialog(props: RemoveProps): ReactNode {
  const { groupName, thingNames, onDone, onClose } = props
  const { iot } = useSignedIn()
  const { tell } = useNotices()
  const refresh = useRefresh()
  return (
    <Confirm
      title={`Remove ${counted(thingNames.length)} from ${groupName}?`}
      verb="Remove"
      act={async () => {
        for (const thingName of thingNames) {
          await iot.send(
            new RemoveThingFromThingGroupCommand({ thingGroupName: groupName, thingName }),
          )
        }
      }}
      onDone={() => {
        tell(`Removed ${counted(thingNames.length)} from ${groupName}.`)
        refresh()
        onDone()
      }}
      onClose={onClose}
    >
      <Box variant="p">
        They stay registered. Policies of the group do not hold for them any more, and executions of
        continuous jobs that they have through it are canceled.
      </Box>
    </Confirm>
  )
}

function counted(things: number): string {
  return things === 1 ? 'one thing' : `${things} things`
}

function useRefresh(): () => void {
  const queries = useQueryClient()
  return () => {
    void queries.invalidateQueries({ queryKey: ['groups'] })
    void queries.invalidateQueries({ queryKey: ['connectivity'] })
    void queries.invalidateQueries({ queryKey: ['count'] })
  }
}
