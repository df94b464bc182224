/** One package: its versions, and what may be done with each. */
import {
  DeletePackageCommand,
  DeletePackageVersionCommand,
  UpdatePackageCommand,
  UpdatePackageVersionCommand,
  type IoTClient,
  type PackageVersionSummary,
} from '@aws-sdk/client-iot'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { TableProps } from '@cloudscape-design/components/table'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useNavigate, useParams } from 'react-router'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { ListTable } from '../ui/list-table.tsx'
import { Ago } from '../ui/moment.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { Page } from '../ui/page.tsx'
import { CreateVersionDialog } from './create-version-dialog.tsx'
import { installedQuery } from './package-form.ts'
import { usePackage, usePackageVersions } from './package-queries.ts'

const above = [{ text: 'Packages', path: '/packages' }]

export function PackagePage(): ReactNode {
  const { packageName = '' } = useParams()
  const navigate = useNavigate()
  const { iot } = useSignedIn()
  const queries = useQueryClient()
  const found = usePackage(packageName)
  const versions = usePackageVersions(packageName)
  const [open, setOpen] = useState<'create' | 'delete'>()
  const act = useMutation({
    mutationFn: (action: VersionAction) => action.run(iot, packageName),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['packages'] }),
  })
  const defaultName = found.data?.defaultVersionName
  return (
    <Page
      title={packageName}
      above={above}
      description={found.data?.description}
      actions={<Button onClick={() => setOpen('delete')}>Delete package</Button>}
    >
      {found.error ? (
        <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />
      ) : null}
      {act.error ? <ErrorNotice error={act.error} /> : null}
      <ListTable<PackageVersionSummary>
        title="Versions"
        items={versions.data}
        error={versions.error}
        onRetry={() => void versions.refetch()}
        columns={columnsOf(packageName, defaultName)}
        filters={[
          { key: 'versionName', propertyLabel: 'Version', groupValuesLabel: 'Versions' },
          { key: 'status', propertyLabel: 'Status', groupValuesLabel: 'Statuses' },
        ]}
        sort="versionName"
        trackBy={({ versionName = '' }) => versionName}
        selectionName={({ versionName = '' }) => versionName}
        empty="No version yet. A version begins as a draft; once published, jobs can install it."
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            {actionsFor(asTheyAre(selected, versions.data), defaultName).map((action) => (
              <Button
                key={action.text}
                disabled={action.refusal !== undefined}
                {...(action.refusal === undefined ? {} : { disabledReason: action.refusal })}
                loading={act.isPending && act.variables.text === action.text}
                onClick={() => act.mutate(action)}
              >
                {action.text}
              </Button>
            ))}
            <Button variant="primary" onClick={() => setOpen('create')}>
              Create version
            </Button>
          </SpaceBetween>
        )}
      />
      {open === 'create' ? (
        <CreateVersionDialog packageName={packageName} onClose={() => setOpen(undefined)} />
      ) : null}
      {open === 'delete' ? (
        <Confirm
          title={`Delete package ${packageName}?`}
          verb="Delete package"
          act={() => iot.send(new DeletePackageCommand({ packageName }))}
          onDone={() => {
            void queries.invalidateQueries({ queryKey: ['packages'] })
            void navigate('/packages')
          }}
          onClose={() => setOpen(undefined)}
        >
          Its versions have to be deleted before, and the default version unset.
        </Confirm>
      ) : null}
    </Page>
  )
}

function columnsOf(
  packageName: string,
  defaultName: string | undefined,
): readonly TableProps.ColumnDefinition<PackageVersionSummary>[] {
  return [
    {
      id: 'versionName',
      header: 'Version',
      isRowHeader: true,
      sortingField: 'versionName',
      cell: ({ versionName = '' }) =>
        versionName === defaultName ? `${versionName} (default)` : versionName,
    },
    { id: 'status', header: 'Status', sortingField: 'status', cell: ({ status }) => status },
    {
      id: 'lastModifiedDate',
      header: 'Changed',
      cell: ({ lastModifiedDate }) => <Ago at={lastModifiedDate} />,
    },
    {
      id: 'things',
      header: 'Installed on',
      cell: ({ versionName = '' }) => (
        <PageLink
          to={`/things?query=${encodeURIComponent(installedQuery(packageName, versionName))}`}
          ariaLabel={`Things that report version ${versionName}`}
        >
          Things
        </PageLink>
      ),
    },
  ]
}

/** What was selected, as it is now: an action changes it. */
function asTheyAre(
  selected: readonly PackageVersionSummary[],
  versions: readonly PackageVersionSummary[] = [],
): readonly PackageVersionSummary[] {
  const names = new Set(selected.map(({ versionName }) => versionName))
  return versions.filter(({ versionName }) => names.has(versionName))
}

/** Something done to the version that is selected. */
interface VersionAction {
  readonly text: string
  /** Why it cannot be done. */
  readonly refusal: string | undefined
  readonly run: (iot: IoTClient, packageName: string) => Promise<unknown>
}

function actionsFor(
  selected: readonly PackageVersionSummary[],
  defaultName: string | undefined,
): readonly VersionAction[] {
  const [one] = selected
  const versionName = one?.versionName ?? ''
  const isDefault = versionName === defaultName
  const none = selected.length === 1 ? undefined : 'Select one version first.'
  const move =
    (action: 'PUBLISH' | 'DEPRECATE'): VersionAction['run'] =>
    (iot, packageName) =>
      iot.send(new UpdatePackageVersionCommand({ packageName, versionName, action }))
  const isPublished = one?.status === 'PUBLISHED'
  return [
    isPublished
      ? { text: 'Deprecate', refusal: none, run: move('DEPRECATE') }
      : { text: 'Publish', refusal: none, run: move('PUBLISH') },
    isDefault && none === undefined
      ? {
          text: 'Unset default',
          refusal: none,
          run: (iot, packageName) =>
            iot.send(new UpdatePackageCommand({ packageName, unsetDefaultVersion: true })),
        }
      : {
          text: 'Make default',
          refusal: none ?? (one?.status === 'DRAFT' ? 'Publish it first.' : undefined),
          run: (iot, packageName) =>
            iot.send(new UpdatePackageCommand({ packageName, defaultVersionName: versionName })),
        },
    {
      text: 'Delete',
      refusal: none ?? (isDefault ? 'It is the default version.' : undefined),
      run: (iot, packageName) =>
        iot.send(new DeletePackageVersionCommand({ packageName, versionName })),
    },
  ]
}
