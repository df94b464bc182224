/** The groups right below a static group. */
import Button from '@cloudscape-design/components/button'
import { useState, type ReactNode } from 'react'
import { useIndexing } from '../things/indexing.ts'
import { useLinkedPage } from '../ui/linked-state.ts'
import { PagedTable } from '../ui/paged-table.tsx'
import { CreateGroupDialog } from './create-group-dialog.tsx'
import { useChildGroups } from './group-queries.ts'
import { useGroupTree, type GroupNode } from './group-tree.ts'
import { groupColumns } from './groups-columns.tsx'

export function ChildGroupsTable({ groupName }: { readonly groupName: string }): ReactNode {
  const indexing = useIndexing()
  const [page, setPage] = useLinkedPage('children-page')
  const [isCreating, setCreating] = useState(false)
  const list = useChildGroups(groupName, page)
  const nodes = useGroupTree(list.items ?? [], [])
  const { items, hasMore } = list
  const create = <Button onClick={() => setCreating(true)}>Create child group</Button>
  return (
    <>
      <PagedTable<GroupNode>
        title="Child groups"
        list={{ ...list, items: items && nodes }}
        page={page}
        onPage={setPage}
        counter={items && page === 1 && !hasMore ? `(${items.length})` : ''}
        columns={groupColumns(indexing?.things ?? false)}
        trackBy={(node) => node.groupName}
        empty="There are no groups below this one."
        emptyAction={create}
        actions={create}
      />
      {isCreating ? (
        <CreateGroupDialog parentGroupName={groupName} onClose={() => setCreating(false)} />
      ) : null}
    </>
  )
}
