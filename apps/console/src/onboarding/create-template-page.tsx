import { CreateProvisioningTemplateCommand, type TemplateType } from '@aws-sdk/client-iot'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { useArnAccount } from '../session/arn-account.ts'
import { useSignedIn } from '../session/session-context.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { JsonEditor } from '../ui/json-editor.tsx'
import { Page } from '../ui/page.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { useDone } from '../ui/use-done.ts'
import { sharedPolicy } from './making.ts'
import { bodyFault, starterBody } from './template-body.ts'

/** Writes a provisioning template. */
export function CreateTemplatePage(): ReactNode {
  return (
    <Page
      title="Create template"
      above={[
        { text: 'Onboarding', path: '/onboarding' },
        { text: 'Provisioning templates', path: '/onboarding?tab=templates' },
      ]}
    >
      <NewTemplate />
    </Page>
  )
}

const types: readonly { readonly value: TemplateType; readonly label: string }[] = [
  { value: 'FLEET_PROVISIONING', label: 'Fleet provisioning' },
  { value: 'JITP', label: 'Just in time' },
]

const nameForm = /^[0-9A-Za-z_-]{1,36}$/

function NewTemplate(): ReactNode {
  const { iot } = useSignedIn()
  const done = useDone()
  const navigate = useNavigate()
  const account = useArnAccount()
  const [templateName, setName] = useState('')
  const [description, setDescription] = useState('')
  const [type, setType] = useState<TemplateType>('FLEET_PROVISIONING')
  const [isEnabled, setEnabled] = useState(true)
  const [typedRole, setRole] = useState<string>()
  const [body, setBody] = useState(() => starterBody(sharedPolicy))
  const role =
    typedRole ??
    (account === undefined
      ? ''
      : `arn:${account.partition}:iam::${account.accountId}:role/${templateName || 'provisioning'}`)
  const creating = useMutation({
    mutationFn: () =>
      iot.send(
        new CreateProvisioningTemplateCommand({
          templateName,
          type,
          enabled: isEnabled,
          templateBody: body,
          provisioningRoleArn: role,
          ...(description === '' ? {} : { description }),
        }),
      ),
    onSuccess: () => {
      void navigate(`/onboarding/templates/${templateName}`)
      done(`Template ${templateName} was created.`)
    },
  })
  const nameFault = nameForm.test(templateName)
    ? undefined
    : 'A name has 1 to 36 letters, digits, _ and -'
  const refusal = nameFault ?? bodyFault(body)
  return (
    <Form
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <PageButton to="/onboarding?tab=templates" variant="link">
            Cancel
          </PageButton>
          <Button
            variant="primary"
            loading={creating.isPending}
            disabled={refusal !== undefined}
            {...(refusal === undefined ? {} : { disabledReason: refusal })}
            onClick={() => creating.mutate()}
          >
            Create template
          </Button>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        <Container header={<Header variant="h2">Template</Header>}>
          <SpaceBetween size="l">
            <FormField label="Template name" errorText={templateName === '' ? '' : nameFault}>
              <Input value={templateName} onChange={({ detail }) => setName(detail.value)} />
            </FormField>
            <FormField label="Description">
              <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
            </FormField>
            <FormField label="Type">
              <Select
                options={types}
                selectedOption={types.find(({ value }) => value === type) ?? null}
                onChange={({ detail }) => setType(detail.selectedOption.value as TemplateType)}
              />
            </FormField>
            <FormField
              label="Provisioning role ARN"
              description="On AWS it needs the managed policy AWSIoTThingsRegistration."
            >
              <Input value={role} onChange={({ detail }) => setRole(detail.value)} />
            </FormField>
            <Checkbox checked={isEnabled} onChange={({ detail }) => setEnabled(detail.checked)}>
              Enable it
            </Checkbox>
          </SpaceBetween>
        </Container>
        <Container header={<Header variant="h2">Body</Header>}>
          <JsonEditor
            label="Template body"
            description={`Policy ${sharedPolicy} has to be there; making a device makes it.`}
            value={body}
            onChange={setBody}
            problem={bodyFault(body)}
            height={420}
          />
        </Container>
        {creating.error ? <ErrorNotice error={creating.error} /> : null}
      </SpaceBetween>
    </Form>
  )
}
