/** The columns of a list or tree of groups. */
import Box from '@cloudscape-design/components/box'
import type { TableProps } from '@cloudscape-design/components/table'
import type { ReactNode } from 'react'
import { membersQuery, useThingCount } from '../things/indexing.ts'
import { PageLink } from '../ui/page-link.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import type { GroupNode } from './group-tree.ts'

/** @param isIndexed - whether the fleet index counts things */
export function groupColumns(isIndexed: boolean): TableProps.ColumnDefinition<GroupNode>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      minWidth: 160,
      isRowHeader: true,
      cell: ({ groupName }) => (
        <PageLink to={`/groups/${encodeURIComponent(groupName)}`}>{groupName}</PageLink>
      ),
    },
    {
      id: 'kind',
      header: 'Kind',
      cell: ({ about }) => (about ? (about.isDynamic ? 'Dynamic' : 'Static') : '…'),
    },
    {
      id: 'status',
      header: 'Build',
      minWidth: 140,
      cell: ({ about }) => (about?.status ? <StatusBadge status={about.status} /> : '–'),
    },
    {
      id: 'about',
      header: 'Query or description',
      minWidth: 180,
      cell: ({ about }) =>
        about?.queryString === undefined ? (
          (about?.description ?? '–')
        ) : (
          <Box variant="code">{about.queryString}</Box>
        ),
    },
    ...(isIndexed
      ? [{ id: 'things', header: 'Things', cell: (node: GroupNode) => <ThingsIn node={node} /> }]
      : []),
  ]
}

function ThingsIn({ node: { groupName, about } }: { readonly node: GroupNode }): ReactNode {
  const count = useThingCount(about && (about.queryString ?? membersQuery(groupName)))
  return count.data === undefined ? '–' : count.data.toLocaleString()
}
