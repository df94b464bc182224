/** The things of a group, by the server's pages. */
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Toggle from '@cloudscape-design/components/toggle'
import type { TableProps } from '@cloudscape-design/components/table'
import { useState, type ReactNode } from 'react'
import { useConnection } from '../things/connection.ts'
import { ConnectivityBadge } from '../things/connectivity-badge.tsx'
import { membersQuery, useIndexing, useThingCount } from '../things/indexing.ts'
import { useLinkedPage, useLinkedText } from '../ui/linked-state.ts'
import { Ago } from '../ui/moment.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { PagedTable } from '../ui/paged-table.tsx'
import { AddThingsDialog, RemoveThingsDialog } from './membership-dialogs.tsx'
import { useMembers } from './group-queries.ts'

interface Props {
  readonly groupName: string
  /** Of a dynamic group, whose members are not chosen by hand. */
  readonly queryString: string | undefined
}

export function MembersTable({ groupName, queryString }: Props): ReactNode {
  const isDynamic = queryString !== undefined
  const indexing = useIndexing()
  const [page, setPage] = useLinkedPage('things-page')
  const [below, setBelow] = useLinkedText('below')
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [open, setOpen] = useState<'add' | 'remove'>()
  const recursive = below === 'with'
  const list = useMembers(groupName, recursive, page)
  // What another page does not show is not chosen any more.
  const selected = chosen.filter((thingName) => list.items?.includes(thingName))
  const isCounted = indexing?.things === true && !recursive
  const count = useThingCount(isCounted ? (queryString ?? membersQuery(groupName)) : undefined)
  const close = (): void => setOpen(undefined)
  return (
    <>
      <PagedTable<string>
        title="Things"
        list={list}
        page={page}
        onPage={setPage}
        counter={count.data === undefined ? '' : `(${count.data.toLocaleString()})`}
        columns={columns}
        trackBy={(thingName) => thingName}
        {...(isDynamic
          ? {}
          : { selection: { selected, onSelect: setChosen, name: (name: string) => name } })}
        empty={isDynamic ? 'The query finds no thing.' : 'There are no things in this group.'}
        emptyAction={isDynamic ? null : <Button onClick={() => setOpen('add')}>Add things</Button>}
        filter={
          isDynamic ? null : (
            <Toggle
              checked={recursive}
              onChange={({ detail }) => setBelow(detail.checked ? 'with' : '')}
            >
              With the things of groups below
            </Toggle>
          )
        }
        actions={
          isDynamic ? null : (
            <SpaceBetween direction="horizontal" size="xs">
              <Button
                disabled={selected.length === 0}
                disabledReason="Select things first."
                onClick={() => setOpen('remove')}
              >
                Remove
              </Button>
              <Button ariaLabel="Add things to the group" onClick={() => setOpen('add')}>
                Add things
              </Button>
            </SpaceBetween>
          )
        }
      />
      {open === 'add' ? (
        <AddThingsDialog groupName={groupName} onDone={close} onClose={close} />
      ) : null}
      {open === 'remove' ? (
        <RemoveThingsDialog
          groupName={groupName}
          thingNames={selected}
          onDone={close}
          onClose={close}
        />
      ) : null}
    </>
  )
}

const columns: readonly TableProps.ColumnDefinition<string>[] = [
  {
    id: 'name',
    header: 'Name',
    minWidth: 160,
    isRowHeader: true,
    cell: (thingName) => (
      <PageLink to={`/things/${encodeURIComponent(thingName)}`}>{thingName}</PageLink>
    ),
  },
  {
    id: 'connectivity',
    header: 'Connectivity',
    minWidth: 140,
    cell: (thingName) => <Connectivity thingName={thingName} />,
  },
  {
    id: 'since',
    header: 'Since',
    minWidth: 130,
    cell: (thingName) => <Since thingName={thingName} />,
  },
]

function Connectivity({ thingName }: { readonly thingName: string }): ReactNode {
  const { data } = useConnection(thingName, false)
  return <ConnectivityBadge connected={data?.connected} />
}

function Since({ thingName }: { readonly thingName: string }): ReactNode {
  const { data } = useConnection(thingName, false)
  return data?.since ? <Ago at={data.since} /> : '–'
}
