/** The tree of static groups, and the dynamic ones with their queries. */
import Button from '@cloudscape-design/components/button'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import Header from '@cloudscape-design/components/header'
import { useState, type ReactNode } from 'react'
import { useIndexing } from '../things/indexing.ts'
import { useLink, useLinkedPage } from '../ui/linked-state.ts'
import { EmptyList } from '../ui/list-states.tsx'
import { Page } from '../ui/page.tsx'
import { CreateDynamicGroupDialog } from './create-dynamic-group-dialog.tsx'
import { CreateGroupDialog } from './create-group-dialog.tsx'
import { useTopGroups } from './group-queries.ts'
import { GroupTreeTable } from './group-tree-table.tsx'

type Kind = 'static' | 'dynamic'

export function GroupsPage(): ReactNode {
  const indexing = useIndexing()
  const [link, change] = useLink()
  const [page, setPage] = useLinkedPage()
  const [creating, setCreating] = useState<Kind>()
  const prefix = link.get('prefix') ?? ''
  const list = useTopGroups(prefix, page)
  const isIndexed = indexing?.things ?? false
  const close = (): void => setCreating(undefined)
  return (
    <Page
      title="Groups"
      description="Static groups hold what is put into them and can be nested; dynamic groups hold what their query finds."
    >
      <GroupTreeTable
        list={list}
        page={page}
        onPage={setPage}
        prefix={prefix}
        onPrefix={(next) => change({ prefix: next || undefined, page: undefined })}
        isIndexed={isIndexed}
        empty={
          prefix === '' ? (
            <EmptyList
              sentence="There are no groups yet."
              action={<Button onClick={() => setCreating('static')}>Create static group</Button>}
            />
          ) : (
            <EmptyList
              sentence="No group’s name begins so."
              action={
                <Button onClick={() => change({ prefix: undefined, page: undefined })}>
                  Show all
                </Button>
              }
            />
          )
        }
        header={
          <Header
            variant="h2"
            counter={topCount(list.items, page, list.hasMore)}
            actions={<CreateGroup isIndexed={isIndexed} onCreate={setCreating} />}
          >
            Groups
          </Header>
        }
      />
      {creating === 'static' ? <CreateGroupDialog onClose={close} /> : null}
      {creating === 'dynamic' ? <CreateDynamicGroupDialog onClose={close} /> : null}
    </Page>
  )
}

interface CreateProps {
  readonly isIndexed: boolean
  readonly onCreate: (kind: Kind) => void
}

function CreateGroup({ isIndexed, onCreate }: CreateProps): ReactNode {
  return (
    <ButtonDropdown
      variant="primary"
      items={[
        { id: 'static', text: 'Static group' },
        {
          id: 'dynamic',
          text: 'Dynamic group',
          disabled: !isIndexed,
          disabledReason: 'Fleet indexing is off: a dynamic group’s query needs it.',
        },
      ]}
      onItemClick={({ detail }) => onCreate(detail.id === 'dynamic' ? 'dynamic' : 'static')}
    >
      Create group
    </ButtonDropdown>
  )
}

/** Known where one page holds all of them. */
function topCount(items: readonly string[] | undefined, page: number, hasMore: boolean): string {
  return items === undefined || page > 1 || hasMore ? '' : `(${items.length})`
}
