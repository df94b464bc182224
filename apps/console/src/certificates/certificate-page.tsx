import type { CertificateDescription } from '@aws-sdk/client-iot'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useMemo, type ReactNode } from 'react'
import { useParams } from 'react-router'
import { EffectivePolicies } from '../policies/effective-policies.tsx'
import { TestAuthorization } from '../policies/test-authorization.tsx'
import { DocumentView } from '../ui/document-view.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { LinkedTabs } from '../ui/linked-tabs.tsx'
import { Moment } from '../ui/moment.tsx'
import { Page } from '../ui/page.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { AttachedPolicies } from './attached-policies.tsx'
import { AttachedThings } from './attached-things.tsx'
import { CertificateActions } from './certificate-actions.tsx'
import { useCertificate } from './certificate-queries.ts'
import { useAttachedThings } from '../policies/principal-facts.ts'
import { AuthorityLink } from './certificates-table.tsx'
import { CertificateConnections } from './connections.tsx'

/** One certificate: whose it is, what it may do, and what becomes of it. */
export function CertificatePage(): ReactNode {
  const { certificateId = '' } = useParams()
  const certificate = useCertificate(certificateId)
  const { data } = certificate
  return (
    <Page
      title={`Certificate ${certificateId.slice(0, 16)}…`}
      info={<StatusBadge status={data?.status} />}
      above={[{ text: 'Certificates', path: '/certificates' }]}
      actions={data ? <CertificateActions certificate={data} /> : null}
    >
      {certificate.error ? (
        <ErrorNotice error={certificate.error} onRetry={() => void certificate.refetch()} />
      ) : null}
      {certificate.isLoading ? <Spinner /> : null}
      {data ? <CertificateDetails certificate={data} /> : null}
    </Page>
  )
}

function CertificateDetails(props: { readonly certificate: CertificateDescription }): ReactNode {
  const { certificateId = '', certificateArn = '', validity, ...more } = props.certificate
  const { caCertificateId, certificateMode = '', certificatePem = '', transferData } = more
  const things = useAttachedThings(certificateArn)
  const principals = useMemo(() => [certificateArn], [certificateArn])
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Certificate details</Header>}>
        <KeyValuePairs
          columns={3}
          items={[
            { label: 'ID', value: <span className="long-word">{certificateId}</span> },
            { label: 'Valid from', value: <Moment at={validity?.notBefore} /> },
            { label: 'Valid until', value: <Moment at={validity?.notAfter} /> },
            {
              label: 'Authority',
              value: <AuthorityLink caCertificateId={caCertificateId} mode={certificateMode} />,
            },
            { label: 'Created', value: <Moment at={more.creationDate} /> },
            { label: 'Last modified', value: <Moment at={more.lastModifiedDate} /> },
            ...(transferData?.transferDate === undefined
              ? []
              : [
                  {
                    label: 'Transfer',
                    value: `from ${more.previousOwnedBy ?? more.ownedBy ?? 'another account'}: ${transferData.transferMessage ?? 'no message'}`,
                  },
                ]),
          ]}
        />
      </Container>
      <CertificateConnections certificateId={certificateId} />
      <LinkedTabs
        label="Certificate"
        tabs={[
          {
            id: 'things',
            label: 'Things',
            content: <AttachedThings certificateArn={certificateArn} />,
          },
          {
            id: 'policies',
            label: 'Policies',
            content: (
              <SpaceBetween size="l">
                <AttachedPolicies target={certificateArn} />
                <EffectivePolicies
                  principal={certificateArn}
                  thingName={things.data?.[0]?.thingName}
                />
              </SpaceBetween>
            ),
          },
          {
            id: 'try',
            label: 'Try it',
            content: <TestAuthorization principals={principals} accountArn={certificateArn} />,
          },
          {
            id: 'pem',
            label: 'Certificate text',
            content: (
              <DocumentView label="Certificate in PEM" text={certificatePem} what="certificate" />
            ),
          },
        ]}
      />
    </SpaceBetween>
  )
}
