/** Fields for the attributes of a thing or a group. */
import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import type { ReactNode } from 'react'
import type { AttributeTyped } from './thing-form.ts'

interface Props {
  readonly attributes: readonly AttributeTyped[]
  /** By place; shown where there is one. */
  readonly problems: Readonly<Record<number, string>>
  readonly onChange: (attributes: readonly AttributeTyped[]) => void
}

export function AttributeFields({ attributes, problems, onChange }: Props): ReactNode {
  const change = (index: number, changes: Partial<AttributeTyped>): void =>
    onChange(attributes.map((one, at) => (at === index ? { ...one, ...changes } : one)))
  return (
    <FormField label="Attributes" stretch>
      <AttributeEditor<AttributeTyped>
        items={attributes}
        addButtonText="Add attribute"
        removeButtonText="Remove"
        removeButtonAriaLabel={({ name }) => `Remove attribute ${name}`}
        empty="No attributes"
        onAddButtonClick={() => onChange([...attributes, { name: '', value: '' }])}
        onRemoveButtonClick={({ detail }) =>
          onChange(attributes.filter((_, index) => index !== detail.itemIndex))
        }
        definition={[
          {
            label: 'Attribute name',
            control: ({ name }, index) => (
              <Input
                value={name}
                onChange={({ detail }) => change(index, { name: detail.value })}
              />
            ),
            errorText: (_, index) => problems[index],
          },
          {
            label: 'Attribute value',
            control: ({ value }, index) => (
              <Input
                value={value}
                onChange={({ detail }) => change(index, { value: detail.value })}
              />
            ),
          },
        ]}
      />
    </FormField>
  )
}
