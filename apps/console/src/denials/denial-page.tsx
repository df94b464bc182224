import Alert from '@cloudscape-design/components/alert'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useParams } from 'react-router'
import type { AdminClient } from '../admin/admin-client.ts'
import { NeedsAdmin } from '../admin/needs-admin.tsx'
import { arnName } from '../aws/arn.ts'
import { ExplanationView } from '../policies/explanation-view.tsx'
import { verdictOf } from '../policies/verdict.ts'
import { useSignedIn } from '../session/session-context.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Moment } from '../ui/moment.tsx'
import { Page } from '../ui/page.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { testAgain } from './apply-fix.ts'
import { principalKind, type ExplainedDenial } from './decision.ts'
import { useDenial } from './denial-queries.ts'
import { FixPanel } from './fix-panel.tsx'

/** One denial: what happened, why, and what would allow it. */
export function DenialPage(): ReactNode {
  const { decisionId = '' } = useParams()
  return (
    <Page title={`Denial ${decisionId}`} above={[{ text: 'Denials', path: '/denials' }]}>
      <NeedsAdmin what="Denials are told by the server’s decision log.">
        {(client) => <Denied client={client} id={decisionId} />}
      </NeedsAdmin>
    </Page>
  )
}

function Denied({ client, id }: { readonly client: AdminClient; readonly id: string }): ReactNode {
  const denial = useDenial(client, id)
  if (denial.data) {
    const readCount = async (): Promise<number | undefined> => (await denial.refetch()).data?.count
    return <Explained denial={denial.data} readCount={readCount} />
  }
  return denial.error ? <ErrorNotice error={denial.error} /> : <Spinner />
}

interface ExplainedProps {
  readonly denial: ExplainedDenial
  /** How often it has happened by now. */
  readonly readCount: () => Promise<number | undefined>
}

function Explained({ denial, readCount }: ExplainedProps): ReactNode {
  const { iot } = useSignedIn()
  const again = useMutation({ mutationFn: () => testAgain(iot, denial) })
  const { explanation, kind } = denial
  const verdict = again.data ? verdictOf(again.data) : undefined
  const [countThen, setCountThen] = useState<number>()
  return (
    <SpaceBetween size="l">
      <Alert type="error" header={denial.reason}>
        <span className="long-word">{denial.summary}</span>
        {denial.hint === '' ? null : <div className="long-word">{denial.hint}</div>}
      </Alert>
      {verdict ? (
        <div role="status">
          <Alert type={verdict.type} header={`The server decides now: ${verdict.header}`}>
            {verdict.sentence}
          </Alert>
        </div>
      ) : null}
      {again.error ? <ErrorNotice error={again.error} /> : null}
      {countThen === undefined ? null : <SinceThen more={denial.count - countThen} />}
      <WhatHappened denial={denial} />
      {kind === 'policy' ? (
        <Container header={<Header variant="h2">Why it was denied</Header>}>
          <ExplanationView
            explanation={explanation}
            linked={principalKind(denial) === 'certificate'}
          />
        </Container>
      ) : null}
      <FixPanel
        denial={denial}
        onApplied={() => {
          void readCount().then(setCountThen)
          again.mutate()
        }}
      />
    </SpaceBetween>
  )
}

/** Whether the same request was refused again after something was changed. */
function SinceThen({ more }: { readonly more: number }): ReactNode {
  return more === 0 ? (
    <StatusIndicator type="success">Not refused again since the change</StatusIndicator>
  ) : (
    <StatusIndicator type="warning">
      Refused {more === 1 ? 'once' : `${more.toLocaleString()} times`} more since the change
    </StatusIndicator>
  )
}

function WhatHappened({ denial }: { readonly denial: ExplainedDenial }): ReactNode {
  const { action, resource, thingName, clientId, principal, principalId } = denial
  const certificateId = principal === null ? undefined : arnName('cert', principal)
  return (
    <Container header={<Header variant="h2">What happened</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          { label: 'Action', value: action },
          { label: 'Resource', value: <span className="long-word">{resource ?? '–'}</span> },
          {
            label: 'Times',
            value: (
              <>
                {denial.count.toLocaleString()}, the last <Moment at={new Date(denial.lastAtMs)} />
              </>
            ),
          },
          {
            label: 'Thing',
            value:
              thingName === null ? (
                '–'
              ) : (
                <PageLink to={`/things/${encodeURIComponent(thingName)}`}>{thingName}</PageLink>
              ),
          },
          {
            label: 'Principal',
            value: (
              <span className="long-word">
                {certificateId === undefined ? (
                  (principal ?? principalId ?? 'nobody that is known')
                ) : (
                  <PageLink to={`/certificates/${certificateId}`}>
                    {certificateId.slice(0, 16)}…
                  </PageLink>
                )}
              </span>
            ),
          },
          {
            label: 'Connection',
            value: `${denial.protocol.toUpperCase()}${clientId === null ? '' : `, client ${clientId}`}, from ${denial.sourceIp}`,
          },
        ]}
      />
    </Container>
  )
}
