import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useNavigate, useParams } from 'react-router'
import { useSignedIn } from '../session/session-context.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Page } from '../ui/page.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { useDone } from '../ui/use-done.ts'
import { DiffView } from './diff-view.tsx'
import { GrantsChange } from './grants-change.tsx'
import { PolicyForm } from './policy-form.tsx'
import { checkDocument, readableDocument } from './policy-document.ts'
import { usePolicy, usePolicyVersions } from './policy-queries.ts'
import { saveVersion, versionToDrop } from './save-version.ts'

/** Writes a new version of a policy. */
export function EditPolicyPage(): ReactNode {
  const { policyName = '' } = useParams()
  const path = `/policies/${encodeURIComponent(policyName)}`
  const policy = usePolicy(policyName)
  return (
    <Page
      title={`Edit policy ${policyName}`}
      above={[
        { text: 'Policies', path: '/policies' },
        { text: policyName, path },
      ]}
    >
      {policy.error ? <ErrorNotice error={policy.error} /> : null}
      {policy.isLoading ? <Spinner /> : null}
      {policy.data ? (
        <NewVersion policyName={policyName} path={path} document={policy.data.document} />
      ) : null}
    </Page>
  )
}

interface Props {
  readonly policyName: string
  readonly path: string
  readonly document: string
}

function NewVersion({ policyName, path, document }: Props): ReactNode {
  const { iot } = useSignedIn()
  const done = useDone()
  const navigate = useNavigate()
  const versions = usePolicyVersions(policyName)
  // What was saved meanwhile by somebody else must not replace what is being typed.
  const [before] = useState(() => readableDocument(document))
  const [text, setText] = useState(before)
  const [setAsDefault, setSetAsDefault] = useState(true)
  const saving = useMutation({
    mutationFn: () => saveVersion(iot, { policyName, document: text, setAsDefault }),
    onSuccess: (versionId) => {
      void navigate(`${path}?tab=versions`)
      done(`Version ${versionId} of policy ${policyName} was created.`)
    },
  })
  const { fault } = checkDocument(text)
  const dropped = versionToDrop(versions.data ?? [])
  const refusal = fault ?? (text === before ? 'Nothing has changed.' : undefined)
  return (
    <Form
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <PageButton to={path} variant="link">
            Cancel
          </PageButton>
          <Button
            variant="primary"
            loading={saving.isPending}
            disabled={refusal !== undefined}
            {...(refusal === undefined ? {} : { disabledReason: refusal })}
            onClick={() => saving.mutate()}
          >
            Save as new version
          </Button>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        <PolicyForm text={text} onChange={setText} />
        <Container header={<Header variant="h2">What changes</Header>}>
          <DiffView label={`Change of policy ${policyName}`} before={before} after={text} />
        </Container>
        {refusal === undefined ? (
          <GrantsChange before={before} after={text} policyName={policyName} />
        ) : null}
        <Checkbox
          checked={setAsDefault}
          onChange={({ detail }) => setSetAsDefault(detail.checked)}
          description="It counts at once for everything that the policy is attached to."
        >
          Set the edited version as the active version for this policy
        </Checkbox>
        {dropped === undefined ? null : (
          <Alert type="info">
            A policy keeps five versions: version {dropped}, the oldest that is not active, is
            deleted.
          </Alert>
        )}
        {saving.error ? <ErrorNotice error={saving.error} /> : null}
      </SpaceBetween>
    </Form>
  )
}
