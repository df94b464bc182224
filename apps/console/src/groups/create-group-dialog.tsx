/** Creates a static group. */
import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { useGroupNames } from '../jobs/create/group-queries.ts'
import { useSignedIn } from '../session/session-context.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useNotices } from '../ui/notices.tsx'
import { GroupFields } from './group-fields.tsx'
import { emptyGroupForm, hasGroupProblems, problemsInGroup } from './group-form.ts'
import { createGroup } from './save-group.ts'

interface Props {
  /** Stands in the form at first. */
  readonly parentGroupName?: string
  readonly onClose: () => void
}

export function CreateGroupDialog({ parentGroupName = '', onClose }: Props): ReactNode {
  const { iot } = useSignedIn()
  const { tell } = useNotices()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [form, setForm] = useState(() => emptyGroupForm(parentGroupName))
  return (
    <FormDialog
      title="Create static group"
      verb="Create group"
      size="large"
      isWrong={hasGroupProblems(problemsInGroup(form, false))}
      act={() => createGroup(iot, form)}
      onDone={() => {
        tell(`Group ${form.groupName} was created.`)
        void queries.invalidateQueries({ queryKey: ['groups'] })
        onClose()
        void navigate(`/groups/${encodeURIComponent(form.groupName)}`)
      }}
      onClose={onClose}
    >
      {(shown) => (
        <GroupFields form={form} onChange={setForm} shown={shown} isDynamic={false} isThere={false}>
          <ParentField
            value={form.parentGroupName}
            onChange={(next) => setForm({ ...form, parentGroupName: next })}
          />
        </GroupFields>
      )}
    </FormDialog>
  )
}

const noParent = { label: 'No parent', value: '' }

interface ParentProps {
  readonly value: string
  readonly onChange: (groupName: string) => void
}

function ParentField({ value, onChange }: ParentProps): ReactNode {
  const [prefix, setPrefix] = useState('')
  const names = useGroupNames(prefix)
  return (
    <FormField
      label="Parent group"
      description="A static group. Policies of a group hold for the things of all groups below it."
      stretch
    >
      <Select
        selectedOption={value === '' ? noParent : { label: value, value }}
        options={[noParent, ...(names.data ?? []).map((name) => ({ label: name, value: name }))]}
        filteringType="manual"
        filteringAriaLabel="Find groups"
        statusType={names.isPending ? 'loading' : 'finished'}
        onLoadItems={({ detail }) => setPrefix(detail.filteringText)}
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
        expandToViewport
      />
    </FormField>
  )
}
