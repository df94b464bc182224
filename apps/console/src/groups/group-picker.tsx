/** Chooses groups by the beginning of their names. */
import FormField from '@cloudscape-design/components/form-field'
import Multiselect from '@cloudscape-design/components/multiselect'
import { useState, type ReactNode } from 'react'
import { useGroupNames } from '../jobs/create/group-queries.ts'

interface Props {
  readonly label: string
  readonly description?: string
  readonly chosen: readonly string[]
  readonly onChange: (groupNames: readonly string[]) => void
}

export function GroupPicker({ label, description, chosen, onChange }: Props): ReactNode {
  const [prefix, setPrefix] = useState('')
  const names = useGroupNames(prefix)
  return (
    <FormField label={label} description={description} stretch>
      <Multiselect
        selectedOptions={chosen.map((name) => ({ label: name, value: name }))}
        options={(names.data ?? []).map((name) => ({ label: name, value: name }))}
        filteringType="manual"
        filteringAriaLabel="Find groups"
        placeholder="Choose groups"
        empty="There is no such group."
        statusType={names.isError ? 'error' : names.isPending ? 'loading' : 'finished'}
        loadingText="Loading groups"
        errorText="The groups could not be read."
        recoveryText="Try again"
        deselectAriaLabel={(option) => `Remove group ${option.label ?? ''}`}
        onLoadItems={({ detail }) => {
          setPrefix(detail.filteringText)
          if (detail.samePage) void names.refetch()
        }}
        onChange={({ detail }) => onChange(detail.selectedOptions.map(({ value }) => value ?? ''))}
        expandToViewport
      />
    </FormField>
  )
}
