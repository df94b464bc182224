/** Whether jobs write what they installed into each thing's `$package` shadow, and by which role. */
import { UpdatePackageConfigurationCommand } from '@aws-sdk/client-iot'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import Toggle from '@cloudscape-design/components/toggle'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { TextField } from '../jobs/create/form-fields.tsx'
import { useSignedIn } from '../session/session-context.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { usePackageConfiguration } from './package-queries.ts'

export function PackageInventory(): ReactNode {
  const configuration = usePackageConfiguration()
  const [isEditing, setEditing] = useState(false)
  const { data, error } = configuration
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="The shadow $package of a thing tells the versions that it has. Fleet indexing finds things by it."
          actions={
            <Button disabled={data === undefined} onClick={() => setEditing(true)}>
              Edit inventory
            </Button>
          }
        >
          Inventory
        </Header>
      }
    >
      {error ? <ErrorNotice error={error} onRetry={() => void configuration.refetch()} /> : null}
      <KeyValuePairs
        columns={2}
        items={[
          {
            label: 'Jobs that succeed write the version',
            value: data === undefined ? '–' : data.enabled === true ? 'yes' : 'no',
          },
          { label: 'Role', value: data?.roleArn ?? 'none' },
        ]}
      />
      {isEditing && data ? (
        <EditInventoryDialog
          enabled={data.enabled === true}
          roleArn={data.roleArn ?? ''}
          onClose={() => setEditing(false)}
        />
      ) : null}
    </Container>
  )
}

interface DialogProps {
  readonly enabled: boolean
  readonly roleArn: string
  readonly onClose: () => void
}

function EditInventoryDialog({ onClose, ...before }: DialogProps): ReactNode {
  const { iot } = useSignedIn()
  const queries = useQueryClient()
  const [enabled, setEnabled] = useState(before.enabled)
  const [roleArn, setRoleArn] = useState(before.roleArn)
  const problem = enabled && roleArn === '' ? 'It needs the ARN of a role.' : undefined
  return (
    <FormDialog
      title="Edit inventory"
      verb="Save"
      isWrong={problem !== undefined}
      act={() =>
        iot.send(
          new UpdatePackageConfigurationCommand({
            versionUpdateByJobsConfig: { enabled, ...(roleArn === '' ? {} : { roleArn }) },
          }),
        )
      }
      onDone={() => {
        void queries.invalidateQueries({ queryKey: ['package-configuration'] })
        onClose()
      }}
      onClose={onClose}
    >
      {(shown) => (
        <>
          <Toggle checked={enabled} onChange={({ detail }) => setEnabled(detail.checked)}>
            Jobs that succeed write the version
          </Toggle>
          <TextField
            label="Role"
            description="Its ARN. It needs iot:DescribeEndpoint, iot:GetThingShadow and iot:UpdateThingShadow."
            value={roleArn}
            problem={shown ? problem : undefined}
            onChange={(next) => setRoleArn(next.trim())}
          />
        </>
      )}
    </FormDialog>
  )
}
