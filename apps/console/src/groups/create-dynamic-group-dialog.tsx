/** Creates a dynamic group; what its query finds is counted before. */
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { useSignedIn } from '../session/session-context.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useNotices } from '../ui/notices.tsx'
import { GroupFields } from './group-fields.tsx'
import { emptyGroupForm, hasGroupProblems, problemsInGroup } from './group-form.ts'
import { createDynamicGroup } from './save-group.ts'

interface Props {
  /** Stands in the form at first. */
  readonly queryString?: string
  readonly onClose: () => void
}

export function CreateDynamicGroupDialog({ queryString = '', onClose }: Props): ReactNode {
  const { iot } = useSignedIn()
  const { tell } = useNotices()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [form, setForm] = useState(() => ({ ...emptyGroupForm(''), queryString }))
  return (
    <FormDialog
      title="Create dynamic group"
      verb="Create group"
      size="large"
      isWrong={hasGroupProblems(problemsInGroup(form, true))}
      act={() => createDynamicGroup(iot, form)}
      onDone={() => {
        tell(`Group ${form.groupName} was created.`)
        void queries.invalidateQueries({ queryKey: ['groups'] })
        void navigate(`/groups/${encodeURIComponent(form.groupName)}`)
      }}
      onClose={onClose}
    >
      {(shown) => (
        <GroupFields form={form} onChange={setForm} shown={shown} isDynamic isThere={false} />
      )}
    </FormDialog>
  )
}
