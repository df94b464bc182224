/** Changes a group's description, attributes, and the query of a dynamic one. */
import type { DescribeThingGroupResponse } from '@aws-sdk/client-iot'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useNotices } from '../ui/notices.tsx'
import { GroupFields } from './group-fields.tsx'
import { formOfGroup, hasGroupProblems, problemsInGroup } from './group-form.ts'
import { updateGroup } from './save-group.ts'

interface Props {
  readonly group: DescribeThingGroupResponse
  readonly onClose: () => void
}

export function EditGroupDialog({ group, onClose }: Props): ReactNode {
  const { iot } = useSignedIn()
  const { tell } = useNotices()
  const queries = useQueryClient()
  const [form, setForm] = useState(() => formOfGroup(group))
  const isDynamic = group.queryString !== undefined
  return (
    <FormDialog
      title={`Edit ${form.groupName}`}
      verb="Save"
      size="large"
      isWrong={hasGroupProblems(problemsInGroup(form, isDynamic))}
      act={() => updateGroup(iot, group, form)}
      onDone={() => {
        tell(`Group ${form.groupName} was changed.`)
        void queries.invalidateQueries({ queryKey: ['groups'] })
        onClose()
      }}
      onClose={onClose}
    >
      {(shown) => (
        <GroupFields form={form} onChange={setForm} shown={shown} isDynamic={isDynamic} isThere />
      )}
    </FormDialog>
  )
}
