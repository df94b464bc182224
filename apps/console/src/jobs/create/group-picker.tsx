/** Chooses thing groups by name. */
import FormField from '@cloudscape-design/components/form-field'
import Multiselect from '@cloudscape-design/components/multiselect'
import { useState, type ReactNode } from 'react'
import { errorInWords } from '../../aws/aws-error.ts'
import { useGroupNames } from './group-queries.ts'

interface Props {
  readonly selected: readonly string[]
  readonly onSelect: (groups: readonly string[]) => void
  readonly problem?: string | undefined
}

export function GroupPicker({ selected, onSelect, problem }: Props): ReactNode {
  const [typed, setTyped] = useState('')
  const names = useGroupNames(typed)
  return (
    <FormField
      label="Thing groups"
      description="Static and dynamic ones; groups below them are covered too."
      errorText={problem ?? ''}
      stretch
    >
      <Multiselect
        selectedOptions={selected.map((name) => ({ value: name, label: name }))}
        options={(names.data ?? []).map((name) => ({ value: name, label: name }))}
        filteringType="manual"
        filteringPlaceholder="Beginning of a name"
        filteringAriaLabel="Find thing groups"
        statusType={names.isError ? 'error' : names.isLoading ? 'loading' : 'finished'}
        errorText={names.error ? errorInWords(names.error).message : ''}
        empty="No group of this name."
        placeholder="Choose thing groups"
        deselectAriaLabel={({ label = '' }) => `Remove ${label}`}
        expandToViewport
        onLoadItems={({ detail }) => setTyped(detail.filteringText)}
        onChange={({ detail }) => onSelect(detail.selectedOptions.map(({ value = '' }) => value))}
      />
    </FormField>
  )
}
