import {
  DeleteCACertificateCommand,
  UpdateCACertificateCommand,
  type CACertificateDescription,
  type IoTClient,
  type RegistrationConfig,
} from '@aws-sdk/client-iot'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useState, type ReactNode } from 'react'
import { useNavigate, useParams } from 'react-router'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { DocumentView } from '../ui/document-view.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Moment } from '../ui/moment.tsx'
import { Page } from '../ui/page.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { useDone } from '../ui/use-done.ts'
import { authorityChanges, type AuthorityChange } from './authority-changes.ts'
import { useAuthority } from './certificate-queries.ts'

/** One authority: whether its certificates count, and whether they register by themselves. */
export function AuthorityPage(): ReactNode {
  const { certificateId = '' } = useParams()
  const authority = useAuthority(certificateId)
  const described = authority.data?.certificateDescription
  return (
    <Page
      title={`Authority ${certificateId.slice(0, 16)}…`}
      info={<StatusBadge status={described?.status} />}
      above={[
        { text: 'Certificates', path: '/certificates' },
        { text: 'Certificate authorities', path: '/certificates?tab=authorities' },
      ]}
      actions={described ? <Actions authority={described} /> : null}
    >
      {authority.error ? <ErrorNotice error={authority.error} /> : null}
      {authority.isLoading ? <Spinner /> : null}
      {described ? (
        <Details authority={described} registration={authority.data?.registrationConfig} />
      ) : null}
    </Page>
  )
}

function Details(props: {
  readonly authority: CACertificateDescription
  readonly registration: RegistrationConfig | undefined
}): ReactNode {
  const { certificateId = '', validity, ...more } = props.authority
  const template = props.registration?.templateName
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Authority details</Header>}>
        <KeyValuePairs
          columns={3}
          items={[
            { label: 'ID', value: <span className="long-word">{certificateId}</span> },
            { label: 'Valid from', value: <Moment at={validity?.notBefore} /> },
            { label: 'Valid until', value: <Moment at={validity?.notAfter} /> },
            {
              label: 'Auto-registration of its certificates',
              value: more.autoRegistrationStatus === 'ENABLE' ? 'enabled' : 'disabled',
            },
            {
              label: 'Provisioning template',
              value:
                template === undefined ? (
                  'none'
                ) : (
                  <PageLink to={`/onboarding/templates/${encodeURIComponent(template)}`}>
                    {template}
                  </PageLink>
                ),
            },
            { label: 'Mode', value: more.certificateMode ?? 'DEFAULT' },
            {
              label: 'Certificates',
              value: (
                <PageLink to={`/certificates?ca=${certificateId}`}>
                  Certificates of this authority
                </PageLink>
              ),
            },
          ]}
        />
      </Container>
      <DocumentView
        label="Authority’s certificate in PEM"
        text={more.certificatePem ?? ''}
        what="certificate"
      />
    </SpaceBetween>
  )
}

function Actions({ authority }: { readonly authority: CACertificateDescription }): ReactNode {
  const [asked, ask] = useState<AuthorityChange>()
  const changes = authorityChanges(authority)
  return (
    <>
      <ButtonDropdown
        items={changes.map(({ id, text, refusal }) => ({
          id,
          text,
          ...(refusal === undefined ? {} : { disabled: true, disabledReason: refusal }),
        }))}
        onItemClick={({ detail }) => ask(changes.find(({ id }) => id === detail.id))}
      >
        Actions
      </ButtonDropdown>
      {asked ? (
        <ConfirmChange
          certificateId={authority.certificateId ?? ''}
          change={asked}
          onClose={() => ask(undefined)}
        />
      ) : null}
    </>
  )
}

function ConfirmChange(props: {
  readonly certificateId: string
  readonly change: AuthorityChange
  readonly onClose: () => void
}): ReactNode {
  const { certificateId, change, onClose } = props
  const { iot } = useSignedIn()
  const done = useDone()
  const navigate = useNavigate()
  return (
    <Confirm
      title={`${change.text}?`}
      verb={change.text}
      act={() => send(iot, certificateId, change.id)}
      onDone={() => {
        onClose()
        if (change.id === 'delete') void navigate('/certificates?tab=authorities')
        done(`Authority ${certificateId.slice(0, 12)}…: ${change.told}.`)
      }}
      onClose={onClose}
    >
      {change.consequence}
    </Confirm>
  )
}

function send(iot: IoTClient, certificateId: string, id: AuthorityChange['id']): Promise<unknown> {
  if (id === 'delete') return iot.send(new DeleteCACertificateCommand({ certificateId }))
  const change =
    id === 'activate'
      ? { newStatus: 'ACTIVE' as const }
      : id === 'deactivate'
        ? { newStatus: 'INACTIVE' as const }
        : id === 'enable'
          ? { newAutoRegistrationStatus: 'ENABLE' as const }
          : { newAutoRegistrationStatus: 'DISABLE' as const }
  return iot.send(new UpdateCACertificateCommand({ certificateId, ...change }))
}
