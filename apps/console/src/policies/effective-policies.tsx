/** The policies that count together for a certificate, an identity or a thing. */
import { GetEffectivePoliciesCommand } from '@aws-sdk/client-iot'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { DocumentView } from '../ui/document-view.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { readableDocument } from './policy-document.ts'

interface Props {
  /** Certificate ARN or Cognito identity id; at least one of the two is given. */
  readonly principal?: string | undefined
  /** Policies of its groups count too. */
  readonly thingName?: string | undefined
}

export function EffectivePolicies({ principal, thingName }: Props): ReactNode {
  const { iot } = useSignedIn()
  const effective = useQuery({
    queryKey: ['effective', 'list', principal, thingName],
    enabled: principal !== undefined || thingName !== undefined,
    queryFn: async () => {
      const asked = new GetEffectivePoliciesCommand({ principal, thingName })
      return (await iot.send(asked)).effectivePolicies ?? []
    },
  })
  const policies = effective.data ?? []
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={effective.data ? `(${policies.length})` : ''}
          description="All of them are asked together: its own, and those of the groups of its thing."
        >
          Effective policies
        </Header>
      }
    >
      {effective.error ? <ErrorNotice error={effective.error} /> : null}
      {effective.data && policies.length === 0 ? (
        <Box color="text-body-secondary">No policy counts: everything is denied.</Box>
      ) : null}
      <SpaceBetween size="s">
        {policies.map(({ policyName = '', policyDocument = '' }) => (
          <ExpandableSection key={policyName} headerText={policyName}>
            <SpaceBetween size="xs">
              <PageLink to={`/policies/${encodeURIComponent(policyName)}`}>
                Open policy {policyName}
              </PageLink>
              <DocumentView
                label={`Document of policy ${policyName}`}
                text={readableDocument(policyDocument)}
                what="document"
              />
            </SpaceBetween>
          </ExpandableSection>
        ))}
      </SpaceBetween>
    </Container>
  )
}
