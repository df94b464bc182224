/** Creates a version of a package: a draft, until it is published. */
import { CreatePackageVersionCommand } from '@aws-sdk/client-iot'
import FormField from '@cloudscape-design/components/form-field'
import Textarea from '@cloudscape-design/components/textarea'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { TextField } from '../jobs/create/form-fields.tsx'
import { useSignedIn } from '../session/session-context.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { attributesIn, versionNameProblem } from './package-form.ts'

interface Props {
  readonly packageName: string
  readonly onClose: () => void
}

export function CreateVersionDialog({ packageName, onClose }: Props): ReactNode {
  const { iot } = useSignedIn()
  const queries = useQueryClient()
  const [versionName, setVersionName] = useState('')
  const [typed, setTyped] = useState('')
  const problem = versionNameProblem(versionName)
  const attributes = attributesIn(typed)
  return (
    <FormDialog
      title={`Create version of ${packageName}`}
      verb="Create version"
      isWrong={problem !== undefined || attributes === undefined}
      act={() =>
        iot.send(
          new CreatePackageVersionCommand({
            packageName,
            versionName,
            attributes: { ...attributes },
          }),
        )
      }
      onDone={() => {
        void queries.invalidateQueries({ queryKey: ['packages'] })
        onClose()
      }}
      onClose={onClose}
    >
      {(shown) => (
        <>
          <TextField
            label="Version name"
            value={versionName}
            problem={shown ? problem : undefined}
            onChange={setVersionName}
          />
          <FormField
            label="Attributes"
            description="One a line: url=https://example.com/app.bin. Job documents can take them over."
            errorText={shown && attributes === undefined ? 'Expected name=value on each line.' : ''}
          >
            <Textarea value={typed} onChange={({ detail }) => setTyped(detail.value)} />
          </FormField>
        </>
      )}
    </FormDialog>
  )
}
