/** A thing's certificates, and the policies attached to each. */
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import Table, { type TableProps } from '@cloudscape-design/components/table'
import { Fragment, useState, type ReactNode } from 'react'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { EmptyList } from '../ui/list-states.tsx'
import { Moment } from '../ui/moment.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { DetachCertificateDialog } from './detach-certificate-dialog.tsx'
import { usePrincipals, type Principal } from './principals.ts'
import { shortId } from './short-id.ts'

export function CertificatesTable({ thingName }: { readonly thingName: string }): ReactNode {
  const principals = usePrincipals(thingName)
  const [toDetach, setToDetach] = useState<Principal>()
  return (
    <>
      {principals.error ? (
        <ErrorNotice error={principals.error} onRetry={() => void principals.refetch()} />
      ) : null}
      <Table<Principal>
        items={principals.data ?? []}
        trackBy={({ arn }) => arn}
        loading={principals.isPending}
        loadingText="Loading certificates"
        variant="container"
        wrapLines
        ariaLabels={{ tableLabel: 'Certificates' }}
        columnDefinitions={columns(setToDetach)}
        empty={
          <EmptyList
            sentence="No certificate is attached: this thing cannot connect."
            action={<PageButton to="/certificates">Go to the certificates</PageButton>}
          />
        }
        header={
          <Header
            variant="h2"
            counter={principals.data ? `(${principals.data.length})` : ''}
            description="What the device shows to say who it is."
          >
            Certificates
          </Header>
        }
      />
      {toDetach ? (
        <DetachCertificateDialog
          thingName={thingName}
          principal={toDetach}
          onClose={() => setToDetach(undefined)}
        />
      ) : null}
    </>
  )
}

function columns(
  onDetach: (principal: Principal) => void,
): TableProps.ColumnDefinition<Principal>[] {
  return [
    {
      id: 'id',
      header: 'Certificate ID',
      minWidth: 160,
      isRowHeader: true,
      cell: ({ certificateId, arn }) =>
        certificateId === undefined ? (
          arn
        ) : (
          <PageLink to={`/certificates/${certificateId}`}>{shortId(certificateId)}</PageLink>
        ),
    },
    {
      id: 'status',
      header: 'Status',
      minWidth: 140,
      cell: ({ status }) => <StatusBadge status={status} />,
    },
    {
      id: 'policies',
      header: 'Policies of its own',
      minWidth: 180,
      cell: ({ policyNames }) =>
        policyNames.length === 0
          ? 'None'
          : policyNames.map((name, index) => (
              <Fragment key={name}>
                {index === 0 ? null : ', '}
                <PageLink to={`/policies/${encodeURIComponent(name)}`}>{name}</PageLink>
              </Fragment>
            )),
    },
    {
      id: 'created',
      header: 'Created',
      minWidth: 130,
      cell: ({ createdAt }) => <Moment at={createdAt} />,
    },
    {
      id: 'until',
      header: 'Valid until',
      minWidth: 130,
      cell: ({ validUntil }) => <Moment at={validUntil} />,
    },
    {
      id: 'actions',
      header: 'Actions',
      cell: (principal) => (
        <Button
          variant="inline-link"
          ariaLabel={`Detach certificate ${shortId(principal.certificateId ?? principal.arn)}`}
          onClick={() => onDetach(principal)}
        >
          Detach
        </Button>
      ),
    },
  ]
}
