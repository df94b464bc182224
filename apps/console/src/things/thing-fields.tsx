/** The fields of a thing's form: name, type, groups, attributes. */
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'
import { GroupPicker } from '../groups/group-picker.tsx'
import { AttributeFields } from './attribute-fields.tsx'
import { problemsInThing, type ThingForm } from './thing-form.ts'
import { useThingTypes } from './thing-queries.ts'

interface Props {
  readonly form: ThingForm
  readonly onChange: (form: ThingForm) => void
  /** Whether fields say what is wrong. */
  readonly shown: boolean
  /** Whether the thing is there already: its name stays. */
  readonly isThere: boolean
}

const noType = { label: 'No type', value: '' }

export function ThingFields({ form, onChange, shown, isThere }: Props): ReactNode {
  const types = useThingTypes()
  const problems = problemsInThing(form)
  const names = new Set([...(types.data ?? []), form.thingTypeName].filter((name) => name !== ''))
  const options = [noType, ...[...names].map((name) => ({ label: name, value: name }))]
  return (
    <SpaceBetween size="m">
      {isThere ? null : (
        <FormField
          label="Thing name"
          description="It cannot be changed later. Devices connect with it as their client ID where policies ask for that."
          errorText={shown ? problems.thingName : undefined}
          stretch
        >
          <Input
            value={form.thingName}
            onChange={({ detail }) => onChange({ ...form, thingName: detail.value })}
            placeholder="pump-17"
            autoFocus
          />
        </FormField>
      )}
      <FormField
        label="Thing type"
        description="With a type a thing may have 50 attributes, without one three."
        stretch
      >
        <Select
          selectedOption={options.find(({ value }) => value === form.thingTypeName) ?? noType}
          options={options}
          statusType={types.isPending ? 'loading' : 'finished'}
          onChange={({ detail }) =>
            onChange({ ...form, thingTypeName: detail.selectedOption.value ?? '' })
          }
          expandToViewport
        />
      </FormField>
      <GroupPicker
        label="Groups"
        description="Static groups. A dynamic group finds its things itself."
        chosen={form.groupNames}
        onChange={(groupNames) => onChange({ ...form, groupNames })}
      />
      <AttributeFields
        attributes={form.attributes}
        problems={shown ? problems.attributes : {}}
        onChange={(attributes) => onChange({ ...form, attributes })}
      />
    </SpaceBetween>
  )
}
