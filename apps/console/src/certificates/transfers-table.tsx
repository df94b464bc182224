/** Certificates that were offered to another account and wait for its answer. */
import { paginateListOutgoingCertificates, type OutgoingCertificate } from '@aws-sdk/client-iot'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { allPages } from '../aws/all-pages.ts'
import { useSignedIn } from '../session/session-context.tsx'
import { ListTable } from '../ui/list-table.tsx'
import { Ago } from '../ui/moment.tsx'
import { PageLink } from '../ui/page-link.tsx'

export function TransfersTable(): ReactNode {
  const { iot } = useSignedIn()
  const outgoing = useQuery({
    queryKey: ['transfers'],
    queryFn: () =>
      allPages(
        paginateListOutgoingCertificates({ client: iot, pageSize: 250 }, {}),
        ({ outgoingCertificates }) => outgoingCertificates,
      ),
  })
  return (
    <ListTable<OutgoingCertificate>
      title="Outgoing transfers"
      items={outgoing.data}
      error={outgoing.error}
      onRetry={() => void outgoing.refetch()}
      columns={[
        {
          id: 'certificateId',
          header: 'Certificate ID',
          isRowHeader: true,
          cell: ({ certificateId = '' }) => (
            <PageLink to={`/certificates/${certificateId}`}>{certificateId.slice(0, 16)}…</PageLink>
          ),
        },
        {
          id: 'transferredTo',
          header: 'To account',
          sortingField: 'transferredTo',
          cell: ({ transferredTo }) => transferredTo,
        },
        {
          id: 'transferDate',
          header: 'Offered',
          sortingField: 'transferDate',
          cell: ({ transferDate }) => <Ago at={transferDate} />,
        },
        { id: 'message', header: 'Message', cell: ({ transferMessage }) => transferMessage ?? '–' },
      ]}
      filters={[
        {
          key: 'transferredTo',
          propertyLabel: 'To account',
          groupValuesLabel: 'Accounts',
          operators: ['=', '!='],
        },
      ]}
      sort="-transferDate"
      trackBy={({ certificateId = '' }) => certificateId}
      empty="No certificate waits for another account to take it."
    />
  )
}
