/** The groups that a thing is in, and the attributes that it has. */
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import Table, { type TableProps } from '@cloudscape-design/components/table'
import type { ReactNode } from 'react'
import { EmptyList } from '../ui/list-states.tsx'
import { PageLink } from '../ui/page-link.tsx'
import type { GroupOfThing } from './thing-groups.ts'

interface GroupsProps {
  /** undefined while they are loaded. */
  readonly groups: readonly GroupOfThing[] | undefined
  readonly onEdit: () => void
}

export function GroupsOfThingTable({ groups, onEdit }: GroupsProps): ReactNode {
  return (
    <Table<GroupOfThing>
      items={groups ?? []}
      trackBy={({ groupName }) => groupName}
      loading={groups === undefined}
      loadingText="Loading groups"
      variant="container"
      wrapLines
      ariaLabels={{ tableLabel: 'Groups' }}
      columnDefinitions={groupColumns}
      empty={
        <EmptyList
          sentence="The thing is in no group."
          action={<Button onClick={onEdit}>Add to groups</Button>}
        />
      }
      header={
        <Header
          variant="h2"
          counter={groups ? `(${groups.length})` : ''}
          actions={
            <Button ariaLabel="Edit groups" onClick={onEdit}>
              Edit
            </Button>
          }
        >
          Groups
        </Header>
      }
    />
  )
}

const groupColumns: readonly TableProps.ColumnDefinition<GroupOfThing>[] = [
  {
    id: 'name',
    header: 'Name',
    minWidth: 160,
    isRowHeader: true,
    cell: ({ groupName }) => (
      <PageLink to={`/groups/${encodeURIComponent(groupName)}`}>{groupName}</PageLink>
    ),
  },
  { id: 'kind', header: 'Kind', cell: ({ isDynamic }) => (isDynamic ? 'Dynamic' : 'Static') },
  {
    id: 'about',
    header: 'Query or description',
    minWidth: 180,
    cell: ({ queryString, description }) => queryString ?? description ?? '–',
  },
]

interface AttributesProps {
  readonly attributes: Readonly<Record<string, string>>
  readonly onEdit: () => void
}

/** Attributes of a thing or a group. */
export function AttributesTable({ attributes, onEdit }: AttributesProps): ReactNode {
  const rows = Object.entries(attributes)
  return (
    <Table<[string, string]>
      items={rows}
      trackBy={([name]) => name}
      variant="container"
      wrapLines
      ariaLabels={{ tableLabel: 'Attributes' }}
      columnDefinitions={[
        { id: 'name', header: 'Name', minWidth: 160, isRowHeader: true, cell: ([name]) => name },
        { id: 'value', header: 'Value', cell: ([, value]) => value },
      ]}
      empty={
        <EmptyList
          sentence="There are no attributes."
          action={<Button onClick={onEdit}>Add attributes</Button>}
        />
      }
      header={
        <Header
          variant="h2"
          counter={`(${rows.length})`}
          actions={
            <Button ariaLabel="Edit attributes" onClick={onEdit}>
              Edit
            </Button>
          }
        >
          Attributes
        </Header>
      }
    />
  )
}
