/** Chooses the package versions that a job installs. */
import FormField from '@cloudscape-design/components/form-field'
import Multiselect from '@cloudscape-design/components/multiselect'
import type { ReactNode } from 'react'
import { errorInWords } from '../../aws/aws-error.ts'
import { versionInWords } from '../../packages/package-form.ts'
import { useInstallableVersions } from '../../packages/package-queries.ts'

interface Props {
  /** ARNs. */
  readonly selected: readonly string[]
  readonly onSelect: (versions: readonly string[]) => void
}

export function PackageVersionsField({ selected, onSelect }: Props): ReactNode {
  const versions = useInstallableVersions()
  const options = [...new Set([...(versions.data ?? []), ...selected])].map((value) => ({
    value,
    label: versionInWords(value),
  }))
  return (
    <FormField
      label="Package versions"
      description="What the job installs: placeholders of the document can take over attributes, and the inventory is written when a device succeeds."
      stretch
    >
      <Multiselect
        selectedOptions={options.filter(({ value }) => selected.includes(value))}
        options={options}
        statusType={versions.isError ? 'error' : versions.isLoading ? 'loading' : 'finished'}
        errorText={versions.error ? errorInWords(versions.error).message : ''}
        empty="No version has been published yet."
        placeholder="Choose package versions"
        deselectAriaLabel={({ label = '' }) => `Remove ${label}`}
        expandToViewport
        onChange={({ detail }) => onSelect(detail.selectedOptions.map(({ value = '' }) => value))}
      />
    </FormField>
  )
}
