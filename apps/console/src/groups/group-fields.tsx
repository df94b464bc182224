/** Fields that static and dynamic groups share. */
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'
import { AttributeFields } from '../things/attribute-fields.tsx'
import { problemsInGroup, type GroupForm } from './group-form.ts'
import { QueryField } from './query-field.tsx'

interface Props {
  readonly form: GroupForm
  readonly onChange: (form: GroupForm) => void
  /** Whether fields say what is wrong. */
  readonly shown: boolean
  readonly isDynamic: boolean
  /** Whether the group is there already: its name stays. */
  readonly isThere: boolean
  /** After the name: where the group belongs. */
  readonly children?: ReactNode
}

export function GroupFields(props: Props): ReactNode {
  const { form, onChange, shown, isDynamic, isThere, children } = props
  const problems = problemsInGroup(form, isDynamic)
  return (
    <SpaceBetween size="m">
      {isThere ? null : (
        <FormField
          label="Group name"
          description="It cannot be changed later."
          errorText={shown ? problems.groupName : undefined}
          stretch
        >
          <Input
            value={form.groupName}
            placeholder="berlin"
            autoFocus
            onChange={({ detail }) => onChange({ ...form, groupName: detail.value })}
          />
        </FormField>
      )}
      {children}
      {isDynamic ? (
        <QueryField
          value={form.queryString}
          problem={shown ? problems.queryString : undefined}
          onChange={(queryString) => onChange({ ...form, queryString })}
        />
      ) : null}
      <FormField label="Description" stretch>
        <Input
          value={form.description}
          onChange={({ detail }) => onChange({ ...form, description: detail.value })}
        />
      </FormField>
      <AttributeFields
        attributes={form.attributes}
        problems={shown ? problems.attributes : {}}
        onChange={(attributes) => onChange({ ...form, attributes })}
      />
    </SpaceBetween>
  )
}
