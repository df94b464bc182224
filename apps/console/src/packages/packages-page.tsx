/** The software packages of the account, and whether jobs write down what they install. */
import { CreatePackageCommand, type PackageSummary } from '@aws-sdk/client-iot'
import Button from '@cloudscape-design/components/button'
import type { TableProps } from '@cloudscape-design/components/table'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { TextField } from '../jobs/create/form-fields.tsx'
import { useSignedIn } from '../session/session-context.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { ListTable } from '../ui/list-table.tsx'
import { Ago } from '../ui/moment.tsx'
import { useNotices } from '../ui/notices.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { Page } from '../ui/page.tsx'
import { packageNameProblem } from './package-form.ts'
import { PackageInventory } from './package-inventory.tsx'
import { usePackages } from './package-queries.ts'

const columns: readonly TableProps.ColumnDefinition<PackageSummary>[] = [
  {
    id: 'packageName',
    header: 'Package',
    isRowHeader: true,
    sortingField: 'packageName',
    cell: ({ packageName = '' }) => (
      <PageLink to={`/packages/${packageName}`}>{packageName}</PageLink>
    ),
  },
  {
    id: 'defaultVersionName',
    header: 'Default version',
    sortingField: 'defaultVersionName',
    cell: ({ defaultVersionName = 'none' }) => defaultVersionName,
  },
  {
    id: 'lastModifiedDate',
    header: 'Changed',
    sortingComparator: (a, b) =>
      (a.lastModifiedDate?.getTime() ?? 0) - (b.lastModifiedDate?.getTime() ?? 0),
    cell: ({ lastModifiedDate }) => <Ago at={lastModifiedDate} />,
  },
]

export function PackagesPage(): ReactNode {
  const packages = usePackages()
  const [isCreating, setCreating] = useState(false)
  const create = <Button onClick={() => setCreating(true)}>Create package</Button>
  return (
    <Page title="Packages" description="Software that jobs install, with its versions.">
      <ListTable<PackageSummary>
        title="Software packages"
        what="packages"
        items={packages.data}
        error={packages.error}
        onRetry={() => void packages.refetch()}
        columns={columns}
        filters={[
          { key: 'packageName', propertyLabel: 'Package', groupValuesLabel: 'Packages' },
          {
            key: 'defaultVersionName',
            propertyLabel: 'Default version',
            groupValuesLabel: 'Default versions',
          },
        ]}
        sort="packageName"
        trackBy={({ packageName = '' }) => packageName}
        empty="No package yet. A job can install versions of packages, and write down where they are."
        emptyAction={create}
        actions={create}
      />
      <PackageInventory />
      {isCreating ? <CreatePackageDialog onClose={() => setCreating(false)} /> : null}
    </Page>
  )
}

function CreatePackageDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { iot } = useSignedIn()
  const { tell } = useNotices()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [packageName, setPackageName] = useState('')
  const [description, setDescription] = useState('')
  const problem = packageNameProblem(packageName)
  return (
    <FormDialog
      title="Create package"
      verb="Create package"
      isWrong={problem !== undefined}
      act={() =>
        iot.send(
          new CreatePackageCommand({ packageName, ...(description === '' ? {} : { description }) }),
        )
      }
      onDone={() => {
        tell(`Package ${packageName} was created.`)
        void queries.invalidateQueries({ queryKey: ['packages'] })
        onClose()
        void navigate(`/packages/${packageName}`)
      }}
      onClose={onClose}
    >
      {(shown) => (
        <>
          <TextField
            label="Package name"
            value={packageName}
            problem={shown ? problem : undefined}
            onChange={setPackageName}
          />
          <TextField label="Description" value={description} onChange={setDescription} />
        </>
      )}
    </FormDialog>
  )
}
