import { CreatePolicyCommand } from '@aws-sdk/client-iot'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { useArnAccount } from '../session/arn-account.ts'
import { useSignedIn } from '../session/session-context.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Page } from '../ui/page.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { useDone } from '../ui/use-done.ts'
import { PolicyForm } from './policy-form.tsx'
import { checkDocument, leastDevicePolicy } from './policy-document.ts'

/** Writes a new policy, beginning with the least that a device of Jobs needs. */
export function CreatePolicyPage(): ReactNode {
  return (
    <Page title="Create policy" above={[{ text: 'Policies', path: '/policies' }]}>
      <NewPolicy />
    </Page>
  )
}

const nameForm = /^[\w+=,.@-]{1,128}$/

function NewPolicy(): ReactNode {
  const { iot } = useSignedIn()
  const done = useDone()
  const navigate = useNavigate()
  const [policyName, setName] = useState('')
  const account = useArnAccount()
  const [typed, setText] = useState<string>()
  const text = typed ?? (account === undefined ? '' : leastDevicePolicy(account))
  const creating = useMutation({
    mutationFn: () => iot.send(new CreatePolicyCommand({ policyName, policyDocument: text })),
    onSuccess: () => {
      void navigate(`/policies/${encodeURIComponent(policyName)}`)
      done(`Policy ${policyName} was created.`)
    },
  })
  const nameFault =
    policyName === '' || nameForm.test(policyName)
      ? undefined
      : 'A name has 1 to 128 letters, digits and any of + = , . @ _ -'
  const refusal = policyName === '' ? 'Enter a name.' : (nameFault ?? checkDocument(text).fault)
  return (
    <Form
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <PageButton to="/policies" variant="link">
            Cancel
          </PageButton>
          <Button
            variant="primary"
            loading={creating.isPending}
            disabled={refusal !== undefined}
            {...(refusal === undefined ? {} : { disabledReason: refusal })}
            onClick={() => creating.mutate()}
          >
            Create policy
          </Button>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        <Container header={<Header variant="h2">Policy properties</Header>}>
          <FormField label="Policy name" errorText={nameFault}>
            <Input value={policyName} onChange={({ detail }) => setName(detail.value)} />
          </FormField>
        </Container>
        <PolicyForm text={text} onChange={setText} />
        {creating.error ? <ErrorNotice error={creating.error} /> : null}
      </SpaceBetween>
    </Form>
  )
}
