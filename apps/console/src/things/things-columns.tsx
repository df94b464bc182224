/** The columns of a list of things. */
import Box from '@cloudscape-design/components/box'
import type { TableProps } from '@cloudscape-design/components/table'
import { Fragment, type ReactNode } from 'react'
import { Ago } from '../ui/moment.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { ConnectivityBadge } from './connectivity-badge.tsx'
import type { ThingRow } from './thing-row.ts'

const attributesShownMax = 3
const groupsShownMax = 3

/** @param fromIndex - whether the index told of groups and connections */
export function thingsColumns(fromIndex: boolean): TableProps.ColumnDefinition<ThingRow>[] {
  return [
    {
      id: 'thingName',
      header: 'Name',
      minWidth: 160,
      isRowHeader: true,
      cell: ({ thingName }) => (
        <PageLink to={`/things/${encodeURIComponent(thingName)}`}>{thingName}</PageLink>
      ),
    },
    {
      id: 'connectivity',
      header: 'Connectivity',
      minWidth: 140,
      cell: (row) => <Connection row={row} />,
    },
    {
      id: 'type',
      header: 'Type',
      minWidth: 140,
      cell: ({ thingTypeName }) => thingTypeName ?? '–',
    },
    ...(fromIndex
      ? [
          {
            id: 'groups',
            header: 'Groups',
            minWidth: 180,
            cell: ({ groupNames = [] }: ThingRow) => <Groups names={groupNames} />,
          },
        ]
      : []),
    {
      id: 'attributes',
      header: 'Attributes',
      minWidth: 140,
      cell: ({ attributes }) => <Attributes attributes={attributes} />,
    },
  ]
}

function Connection({ row }: { readonly row: ThingRow }): ReactNode {
  return (
    <>
      <ConnectivityBadge connected={row.connected} />
      {row.since ? (
        <Box variant="small" display="block" color="text-body-secondary">
          {row.disconnectReason === undefined ? null : `${row.disconnectReason}, `}
          <Ago at={row.since} />
        </Box>
      ) : row.connected === false ? (
        <Box variant="small" display="block" color="text-body-secondary">
          never connected
        </Box>
      ) : null}
    </>
  )
}

function Groups({ names }: { readonly names: readonly string[] }): ReactNode {
  if (names.length === 0) return '–'
  const shown = names.slice(0, groupsShownMax)
  return (
    <>
      {shown.map((name, index) => (
        <Fragment key={name}>
          {index === 0 ? null : ', '}
          <PageLink to={`/groups/${encodeURIComponent(name)}`}>{name}</PageLink>
        </Fragment>
      ))}
      {names.length > shown.length ? `, ${names.length - shown.length} more` : null}
    </>
  )
}

function Attributes({ attributes }: Pick<ThingRow, 'attributes'>): ReactNode {
  const all = Object.entries(attributes)
  if (all.length === 0) return '–'
  const shown = all.slice(0, attributesShownMax)
  return (
    <>
      {shown.map(([name, value]) => (
        <div key={name}>
          <Box variant="span" color="text-body-secondary">
            {name}
          </Box>{' '}
          {value}
        </div>
      ))}
      {all.length > shown.length ? <div>{all.length - shown.length} more</div> : null}
    </>
  )
}
