/** Groups as a tree that opens level by level; what is open is kept in the link. */
import Pagination from '@cloudscape-design/components/pagination'
import Table from '@cloudscape-design/components/table'
import TextFilter from '@cloudscape-design/components/text-filter'
import type { ReactNode } from 'react'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useLink } from '../ui/linked-state.ts'
import { PageLink } from '../ui/page-link.tsx'
import { pageLabels } from '../ui/page-labels.ts'
import type { PagedList } from '../ui/server-pages.ts'
import { childrenShownMax, useGroupTree, type GroupNode } from './group-tree.ts'
import { groupColumns } from './groups-columns.tsx'

interface Props {
  /** Names at the top of the tree; with a prefix, a flat list. */
  readonly list: PagedList<string>
  readonly page: number
  readonly onPage: (page: number) => void
  readonly prefix: string
  readonly onPrefix: (prefix: string) => void
  readonly isIndexed: boolean
  readonly header: ReactNode
  readonly empty: ReactNode
}

export function GroupTreeTable(props: Props): ReactNode {
  const { list, page, onPage, prefix, onPrefix, isIndexed, header, empty } = props
  const [link, change] = useLink()
  const open = link.getAll('open')
  const tree = useGroupTree(list.items ?? [], open)
  return (
    <>
      {list.error ? <ErrorNotice error={list.error} onRetry={list.refetch} /> : null}
      <Table<GroupNode>
        items={tree}
        trackBy={({ groupName }) => groupName}
        columnDefinitions={groupColumns(isIndexed)}
        loading={list.items === undefined && !list.error}
        loadingText="Loading groups"
        variant="container"
        wrapLines
        ariaLabels={{
          tableLabel: 'Groups',
          expandButtonLabel: ({ groupName }) => `Open ${groupName}`,
          collapseButtonLabel: ({ groupName }) => `Close ${groupName}`,
        }}
        expandableRows={{
          getItemChildren: ({ children }) => children ?? [],
          isItemExpandable: ({ about }) => prefix === '' && (about?.hasChildren ?? false),
          expandedItems: allNodes(tree).filter(({ groupName }) => open.includes(groupName)),
          onExpandableItemToggle: ({ detail: { item, expanded } }) => {
            const others = open.filter((name) => name !== item.groupName)
            change({ open: expanded ? [...others, item.groupName] : others })
          },
        }}
        getLoadingStatus={loadingStatus}
        renderLoaderLoading={() => 'Loading child groups'}
        renderLoaderPending={({ item }) => <AllChildren groupName={item?.groupName ?? ''} />}
        renderLoaderEmpty={() => 'No child groups'}
        empty={empty}
        header={header}
        filter={
          <TextFilter
            filteringText={prefix}
            filteringAriaLabel="Find groups"
            filteringPlaceholder="Find groups by the beginning of their names"
            filteringClearAriaLabel="Clear"
            onDelayedChange={({ detail }) => onPrefix(detail.filteringText)}
            onChange={() => undefined}
          />
        }
        pagination={
          <Pagination
            currentPageIndex={page}
            pagesCount={list.pagesCount}
            openEnd={list.hasMore}
            ariaLabels={pageLabels('Groups')}
            onChange={({ detail }) => onPage(detail.currentPageIndex)}
          />
        }
      />
    </>
  )
}

function loadingStatus(node: GroupNode | null): 'finished' | 'pending' | 'loading' {
  if (node === null) return 'finished'
  if (!node.children) return 'loading'
  return node.hasMore ? 'pending' : 'finished'
}

function AllChildren({ groupName }: { readonly groupName: string }): ReactNode {
  return (
    <PageLink to={`/groups/${encodeURIComponent(groupName)}`}>
      {`More than ${childrenShownMax} child groups: open ${groupName} for all`}
    </PageLink>
  )
}

function allNodes(nodes: readonly GroupNode[]): readonly GroupNode[] {
  return nodes.flatMap((node) => [node, ...allNodes(node.children ?? [])])
}
