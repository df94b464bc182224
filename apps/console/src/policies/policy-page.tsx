import { DeletePolicyCommand } from '@aws-sdk/client-iot'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useMemo, useState, type ReactNode } from 'react'
import { useNavigate, useParams } from 'react-router'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { DocumentView } from '../ui/document-view.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useLinkedText } from '../ui/linked-state.ts'
import { LinkedTabs } from '../ui/linked-tabs.tsx'
import { Moment } from '../ui/moment.tsx'
import { useDone } from '../ui/use-done.ts'
import { Page } from '../ui/page.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { FindingsTable } from './findings-table.tsx'
import { checkDocument, readableDocument, statementText } from './policy-document.ts'
import { usePolicy, usePolicyTargets, type PolicyWithDocument } from './policy-queries.ts'
import { PolicyTargets } from './policy-targets.tsx'
import { PolicyVersions } from './policy-versions.tsx'
import { TestAuthorization } from './test-authorization.tsx'

/** One policy: its document, versions, targets, and what it lets them do. */
export function PolicyPage(): ReactNode {
  const { policyName = '' } = useParams()
  const policy = usePolicy(policyName)
  const [isDeleting, setDeleting] = useState(false)
  return (
    <Page
      title={policyName}
      above={[{ text: 'Policies', path: '/policies' }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={() => setDeleting(true)}>Delete</Button>
          <PageButton variant="primary" to={`/policies/${encodeURIComponent(policyName)}/edit`}>
            Edit
          </PageButton>
        </SpaceBetween>
      }
    >
      {policy.error ? (
        <ErrorNotice error={policy.error} onRetry={() => void policy.refetch()} />
      ) : null}
      {policy.isLoading ? <Spinner /> : null}
      {policy.data ? <PolicyDetails policy={policy.data} /> : null}
      {isDeleting ? (
        <DeletePolicy policyName={policyName} onClose={() => setDeleting(false)} />
      ) : null}
    </Page>
  )
}

function PolicyDetails({ policy }: { readonly policy: PolicyWithDocument }): ReactNode {
  const { policyName, policyArn, document, defaultVersionId, createdAt, changedAt } = policy
  const [statement] = useLinkedText('statement')
  const text = readableDocument(document)
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Policy details</Header>}>
        <KeyValuePairs
          columns={4}
          items={[
            { label: 'ARN', value: <span className="long-word">{policyArn}</span> },
            { label: 'Active version', value: defaultVersionId },
            { label: 'Created', value: <Moment at={createdAt} /> },
            { label: 'Last modified', value: <Moment at={changedAt} /> },
          ]}
        />
      </Container>
      <LinkedTabs
        label="Policy"
        tabs={[
          {
            id: 'document',
            label: 'Document',
            content: (
              <SpaceBetween size="l">
                <DocumentView
                  label={`Document of policy ${policyName}`}
                  text={text}
                  what="document"
                  marked={statement === '' ? undefined : statementText(document, Number(statement))}
                />
                <FindingsTable findings={checkDocument(text).findings} />
              </SpaceBetween>
            ),
          },
          {
            id: 'versions',
            label: 'Versions',
            content: <PolicyVersions policyName={policyName} />,
          },
          {
            id: 'targets',
            label: 'Targets',
            content: <PolicyTargets policyName={policyName} policyArn={policyArn} />,
          },
          {
            id: 'try',
            label: 'Try it',
            content: <TryTargets policyName={policyName} policyArn={policyArn} />,
          },
        ]}
      />
    </SpaceBetween>
  )
}

/** Groups ask for nothing: their things' certificates do. */
function TryTargets(props: { readonly policyName: string; readonly policyArn: string }) {
  const { policyName, policyArn } = props
  const targets = usePolicyTargets(policyName)
  const principals = useMemo(
    () => targets.data?.filter((target) => !target.includes(':thinggroup/')) ?? [],
    [targets.data],
  )
  return <TestAuthorization principals={principals} accountArn={policyArn} />
}

function DeletePolicy(props: {
  readonly policyName: string
  readonly onClose: () => void
}): ReactNode {
  const { policyName, onClose } = props
  const { iot } = useSignedIn()
  const done = useDone()
  const navigate = useNavigate()
  return (
    <Confirm
      title={`Delete policy ${policyName}?`}
      verb="Delete policy"
      act={() => iot.send(new DeletePolicyCommand({ policyName }))}
      onDone={() => {
        void navigate('/policies')
        done(`Policy ${policyName} was deleted.`)
      }}
      onClose={onClose}
    >
      AWS deletes a policy that is attached to nothing and has its active version alone.
    </Confirm>
  )
}
