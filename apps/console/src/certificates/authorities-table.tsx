/** The authorities whose certificates devices may bring. */
import type { CACertificate } from '@aws-sdk/client-iot'
import type { ReactNode } from 'react'
import { ListTable } from '../ui/list-table.tsx'
import { Ago } from '../ui/moment.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { useAuthorities } from './certificate-queries.ts'

export function AuthoritiesTable(): ReactNode {
  const authorities = useAuthorities()
  const register = <PageButton to="/certificates/register-authority">Register authority</PageButton>
  return (
    <ListTable<CACertificate>
      title="Certificate authorities"
      items={authorities.data}
      error={authorities.error}
      onRetry={() => void authorities.refetch()}
      columns={[
        {
          id: 'certificateId',
          header: 'Authority ID',
          isRowHeader: true,
          cell: ({ certificateId = '' }) => (
            <PageLink to={`/certificates/authorities/${certificateId}`}>
              {certificateId.slice(0, 16)}…
            </PageLink>
          ),
        },
        {
          id: 'status',
          header: 'Status',
          sortingField: 'status',
          cell: ({ status }) => <StatusBadge status={status} />,
        },
        {
          id: 'creationDate',
          header: 'Registered',
          sortingField: 'creationDate',
          cell: ({ creationDate }) => <Ago at={creationDate} />,
        },
      ]}
      filters={[
        {
          key: 'certificateId',
          propertyLabel: 'Authority ID',
          groupValuesLabel: 'IDs',
          operators: [':', '='],
        },
        {
          key: 'status',
          propertyLabel: 'Status',
          groupValuesLabel: 'Statuses',
          operators: ['=', '!='],
        },
      ]}
      sort="-creationDate"
      trackBy={({ certificateId = '' }) => certificateId}
      empty="No authority is registered: devices bring certificates that AWS IoT made."
      emptyAction={register}
      actions={register}
    />
  )
}
