/** Denials by cause: what mends one of them mends them all. */
import Box from '@cloudscape-design/components/box'
import { useMemo, type ReactNode } from 'react'
import { ListTable } from '../ui/list-table.tsx'
import { Ago } from '../ui/moment.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { causesOf, type Cause } from './causes.ts'
import type { Denial, PrincipalKind } from './decision.ts'

const whoWords: Readonly<Record<PrincipalKind, readonly [one: string, many: string]>> = {
  certificate: ['device', 'devices'],
  identity: ['identity', 'identities'],
  guest: ['guest', 'guests'],
  operator: ['operator', 'operators'],
  unknown: ['client', 'clients'],
}

function whoInWords({ refused, principalKind }: Cause): string {
  const [one, many] = whoWords[principalKind]
  return `${refused.toLocaleString()} ${refused === 1 ? one : many}`
}

export function CausesTable({
  denials,
}: {
  readonly denials: readonly Denial[] | undefined
}): ReactNode {
  const causes = useMemo(() => (denials ? causesOf(denials) : undefined), [denials])
  return (
    <ListTable<Cause>
      title="Causes"
      items={causes}
      columns={[
        {
          id: 'action',
          header: 'What was denied',
          sortingField: 'action',
          isRowHeader: true,
          cell: ({ action, pattern, newest }) => (
            <>
              <div>
                <PageLink to={`/denials/${newest.id}`}>{action}</PageLink>
              </div>
              <Box variant="small" color="text-body-secondary">
                <span className="long-word">{pattern}</span>
              </Box>
            </>
          ),
        },
        {
          id: 'reason',
          header: 'Reason',
          sortingField: 'reason',
          cell: ({ reason, newest }) => (
            <>
              <div className="long-word">{reason}</div>
              <Box variant="small" color="text-body-secondary">
                <span className="long-word">{newest.hint}</span>
              </Box>
            </>
          ),
        },
        { id: 'refused', header: 'To', minWidth: 105, sortingField: 'refused', cell: whoInWords },
        {
          id: 'count',
          header: 'Times',
          sortingField: 'count',
          cell: ({ count, key }) => (
            <PageLink to={`/denials?tab=all&cause=${encodeURIComponent(key)}`}>
              {count.toLocaleString()}
            </PageLink>
          ),
        },
        {
          id: 'lastAtMs',
          header: 'Last',
          minWidth: 130,
          sortingField: 'lastAtMs',
          cell: ({ lastAtMs }) => <Ago at={new Date(lastAtMs)} />,
        },
      ]}
      filters={[
        {
          key: 'action',
          propertyLabel: 'Action',
          groupValuesLabel: 'Actions',
          operators: ['=', '!=', ':'],
        },
        {
          key: 'reason',
          propertyLabel: 'Reason',
          groupValuesLabel: 'Reasons',
          operators: ['=', '!=', ':'],
        },
        {
          key: 'kind',
          propertyLabel: 'Refused by',
          groupValuesLabel: 'Kinds',
          operators: ['=', '!='],
        },
        {
          key: 'pattern',
          propertyLabel: 'Resource',
          groupValuesLabel: 'Resources',
          operators: [':', '='],
        },
      ]}
      sort="-lastAtMs"
      trackBy={({ key }) => key}
      empty="Nothing was denied."
    />
  )
}
