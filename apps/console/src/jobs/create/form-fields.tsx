/** Fields of the wizard, each with its label, its word of advice and what is wrong with it. */
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import type { ReactNode } from 'react'

interface TextProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly description?: ReactNode
  readonly problem?: string | undefined
  readonly placeholder?: string
  readonly type?: 'text' | 'number'
}

export function TextField(props: TextProps): ReactNode {
  return (
    <FormField label={props.label} description={props.description} errorText={props.problem ?? ''}>
      <Input
        value={props.value}
        type={props.type ?? 'text'}
        placeholder={props.placeholder ?? ''}
        onChange={({ detail }) => props.onChange(detail.value)}
      />
    </FormField>
  )
}

interface ChoiceProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly choices: readonly { readonly value: Value; readonly label: string }[]
  readonly onChange: (value: Value) => void
  readonly description?: ReactNode
  readonly problem?: string | undefined
}

export function ChoiceField<Value extends string>(props: ChoiceProps<Value>): ReactNode {
  const { choices, value } = props
  return (
    <FormField label={props.label} description={props.description} errorText={props.problem ?? ''}>
      <Select
        selectedOption={choices.find((one) => one.value === value) ?? null}
        options={choices}
        expandToViewport
        onChange={({ detail }) => {
          const chosen = choices.find((one) => one.value === detail.selectedOption.value)
          if (chosen) props.onChange(chosen.value)
        }}
      />
    </FormField>
  )
}
