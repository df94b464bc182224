/** Each denial, or those of one cause. */
import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMemo, type ReactNode } from 'react'
import { arnResource } from '../aws/arn.ts'
import { useLinkedText } from '../ui/linked-state.ts'
import { ListTable } from '../ui/list-table.tsx'
import { Ago } from '../ui/moment.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { causeKey } from './causes.ts'
import { whoOf, type Denial } from './decision.ts'

/** A denial with the one name that its lists go by. */
interface Row extends Denial {
  readonly who: string
  readonly about: string
}

export function DenialsTable({
  denials,
}: {
  readonly denials: readonly Denial[] | undefined
}): ReactNode {
  const [cause, setCause] = useLinkedText('cause')
  const rows = useMemo(
    () =>
      denials
        ?.filter((denial) => cause === '' || causeKey(denial) === cause)
        .map((denial): Row => ({
          ...denial,
          who: whoOf(denial),
          about: arnResource(denial.resource ?? ''),
        })),
    [denials, cause],
  )
  return (
    <SpaceBetween size="l">
      {cause === '' ? null : (
        <Alert type="info" action={<Button onClick={() => setCause('')}>Show all</Button>}>
          Denials of one cause.
        </Alert>
      )}
      <ListTable<Row>
        title="Denials"
        items={rows}
        columns={[
          {
            id: 'lastAtMs',
            header: 'Last',
            minWidth: 130,
            sortingField: 'lastAtMs',
            cell: ({ lastAtMs }) => <Ago at={new Date(lastAtMs)} />,
          },
          {
            id: 'action',
            header: 'Action',
            sortingField: 'action',
            isRowHeader: true,
            cell: ({ id, action }) => <PageLink to={`/denials/${id}`}>{action}</PageLink>,
          },
          {
            id: 'about',
            header: 'Resource',
            sortingField: 'about',
            cell: ({ about }) => <span className="long-word">{about}</span>,
          },
          {
            id: 'who',
            header: 'Who',
            sortingField: 'who',
            cell: ({ who }) => <span className="long-word">{who}</span>,
          },
          {
            id: 'reason',
            header: 'Reason',
            sortingField: 'reason',
            cell: ({ reason }) => <span className="long-word">{reason}</span>,
          },
          {
            id: 'count',
            header: 'Times',
            sortingField: 'count',
            cell: ({ count }) => count.toLocaleString(),
          },
        ]}
        filters={[
          {
            key: 'who',
            propertyLabel: 'Who',
            groupValuesLabel: 'Names',
            operators: [':', '=', '!='],
          },
          {
            key: 'thingName',
            propertyLabel: 'Thing',
            groupValuesLabel: 'Things',
            operators: ['=', ':'],
          },
          {
            key: 'clientId',
            propertyLabel: 'Client ID',
            groupValuesLabel: 'Client IDs',
            operators: ['=', ':'],
          },
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
            key: 'about',
            propertyLabel: 'Resource',
            groupValuesLabel: 'Resources',
            operators: [':', '='],
          },
          {
            key: 'sourceIp',
            propertyLabel: 'Source IP',
            groupValuesLabel: 'Addresses',
            operators: ['=', ':'],
          },
        ]}
        sort="-lastAtMs"
        trackBy={({ id }) => id}
        empty="Nothing was denied."
      />
    </SpaceBetween>
  )
}
