/** Role aliases: names under which devices get keys of a role for their certificate. */
import {
  CreateRoleAliasCommand,
  DeleteRoleAliasCommand,
  DescribeRoleAliasCommand,
  paginateListRoleAliases,
  type RoleAliasDescription,
} from '@aws-sdk/client-iot'
import Button from '@cloudscape-design/components/button'
import type { TableProps } from '@cloudscape-design/components/table'
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { allPages } from '../aws/all-pages.ts'
import { eachInTurn, refusalOf } from '../jobs/each-in-turn.ts'
import { TextField } from '../jobs/create/form-fields.tsx'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { ListTable } from '../ui/list-table.tsx'
import { Ago } from '../ui/moment.tsx'
import { Page } from '../ui/page.tsx'

const columns: readonly TableProps.ColumnDefinition<RoleAliasDescription>[] = [
  {
    id: 'roleAlias',
    header: 'Role alias',
    isRowHeader: true,
    sortingField: 'roleAlias',
    cell: ({ roleAlias }) => roleAlias,
  },
  { id: 'roleArn', header: 'Role', sortingField: 'roleArn', cell: ({ roleArn }) => roleArn },
  {
    id: 'seconds',
    header: 'Keys last',
    cell: ({ credentialDurationSeconds = 0 }) => `${credentialDurationSeconds / 60} minutes`,
  },
  {
    id: 'lastModifiedDate',
    header: 'Changed',
    cell: ({ lastModifiedDate }) => <Ago at={lastModifiedDate} />,
  },
]

export function RoleAliasesPage(): ReactNode {
  const aliases = useRoleAliases()
  const [isCreating, setCreating] = useState(false)
  const [deleting, setDeleting] = useState<readonly string[]>()
  const create = <Button onClick={() => setCreating(true)}>Create role alias</Button>
  return (
    <Page
      title="Role aliases"
      description="A device whose policies allow iot:AssumeRoleWithCertificate gets keys of the role."
    >
      <ListTable<RoleAliasDescription>
        title="Role aliases"
        items={aliases.data}
        error={aliases.error}
        onRetry={() => void aliases.refetch()}
        columns={columns}
        filters={[
          { key: 'roleAlias', propertyLabel: 'Role alias', groupValuesLabel: 'Role aliases' },
          { key: 'roleArn', propertyLabel: 'Role', groupValuesLabel: 'Roles' },
        ]}
        sort="roleAlias"
        trackBy={({ roleAlias = '' }) => roleAlias}
        selectionName={({ roleAlias = '' }) => roleAlias}
        empty="No role alias yet."
        emptyAction={create}
        actions={(selected) => (
          <>
            <Button
              disabled={selected.length === 0}
              disabledReason="Select role aliases first."
              onClick={() => setDeleting(selected.map(({ roleAlias = '' }) => roleAlias))}
            >
              Delete
            </Button>{' '}
            {create}
          </>
        )}
      />
      {isCreating ? <CreateDialog onClose={() => setCreating(false)} /> : null}
      {deleting ? <DeleteDialog names={deleting} onClose={() => setDeleting(undefined)} /> : null}
    </Page>
  )
}

function useRoleAliases(): UseQueryResult<readonly RoleAliasDescription[]> {
  const { iot: client } = useSignedIn()
  return useQuery({
    queryKey: ['role-aliases'],
    queryFn: async () => {
      const pages = paginateListRoleAliases({ client, pageSize: 250 }, {})
      const names = await allPages(pages, ({ roleAliases }) => roleAliases)
      const described = names.map((roleAlias) =>
        client.send(new DescribeRoleAliasCommand({ roleAlias })),
      )
      return (await Promise.all(described)).flatMap(
        ({ roleAliasDescription }) => roleAliasDescription ?? [],
      )
    },
  })
}

function CreateDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { iot } = useSignedIn()
  const queries = useQueryClient()
  const [roleAlias, setRoleAlias] = useState('')
  const [roleArn, setRoleArn] = useState('')
  const [minutes, setMinutes] = useState('60')
  const nameProblem = /^[\w=,@-]{1,128}$/.test(roleAlias)
    ? undefined
    : 'Up to 128 letters, digits and =,@-_.'
  const arnProblem = /^arn:[^:]*:iam::\d{12}:role\/.+$/.test(roleArn)
    ? undefined
    : 'Expected the ARN of a role.'
  const seconds = Number(minutes) * 60
  const minutesProblem =
    Number.isInteger(seconds) && seconds >= 900 && seconds <= 43_200
      ? undefined
      : 'From 15 to 720 minutes.'
  return (
    <FormDialog
      title="Create role alias"
      verb="Create role alias"
      isWrong={(nameProblem ?? arnProblem ?? minutesProblem) !== undefined}
      act={() =>
        iot.send(
          new CreateRoleAliasCommand({ roleAlias, roleArn, credentialDurationSeconds: seconds }),
        )
      }
      onDone={() => {
        void queries.invalidateQueries({ queryKey: ['role-aliases'] })
        onClose()
      }}
      onClose={onClose}
    >
      {(shown) => (
        <>
          <TextField
            label="Role alias name"
            value={roleAlias}
            problem={shown ? nameProblem : undefined}
            onChange={setRoleAlias}
          />
          <TextField
            label="Role"
            description="Its ARN. Its trust policy has to name credentials.iot.amazonaws.com."
            value={roleArn}
            problem={shown ? arnProblem : undefined}
            onChange={(next) => setRoleArn(next.trim())}
          />
          <TextField
            label="Minutes that keys last"
            type="number"
            value={minutes}
            problem={shown ? minutesProblem : undefined}
            onChange={setMinutes}
          />
        </>
      )}
    </FormDialog>
  )
}

interface DeleteProps {
  readonly names: readonly string[]
  readonly onClose: () => void
}

function DeleteDialog({ names, onClose }: DeleteProps): ReactNode {
  const { iot } = useSignedIn()
  const queries = useQueryClient()
  const what = names.length === 1 ? `role alias ${names[0]}` : `${names.length} role aliases`
  return (
    <Confirm
      title={`Delete ${what}?`}
      verb="Delete"
      act={async () => {
        const result = await eachInTurn(names, (roleAlias) =>
          iot.send(new DeleteRoleAliasCommand({ roleAlias })),
        )
        await queries.invalidateQueries({ queryKey: ['role-aliases'] })
        const refusal = refusalOf(result, 'deleted')
        if (refusal) throw refusal
      }}
      onDone={onClose}
      onClose={onClose}
    >
      Devices that ask by it are refused from now on; keys that they have go on until they end.
    </Confirm>
  )
}
