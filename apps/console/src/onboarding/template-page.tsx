import {
  DeleteProvisioningTemplateCommand,
  UpdateProvisioningTemplateCommand,
  type DescribeProvisioningTemplateResponse,
} from '@aws-sdk/client-iot'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useNavigate, useParams } from 'react-router'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Moment } from '../ui/moment.tsx'
import { Page } from '../ui/page.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { useDone } from '../ui/use-done.ts'
import { ProvisioningClaim } from './provisioning-claim.tsx'
import { useTemplate } from './template-queries.ts'
import { TemplateVersions } from './template-versions.tsx'
import { EnabledBadge } from './templates-table.tsx'

/** One provisioning template: whether it serves, its versions, and claims for it. */
export function TemplatePage(): ReactNode {
  const { templateName = '' } = useParams()
  const template = useTemplate(templateName)
  const [isDeleting, setDeleting] = useState(false)
  const { data } = template
  return (
    <Page
      title={templateName}
      info={data ? <EnabledBadge isEnabled={data.enabled === true} /> : null}
      above={[
        { text: 'Onboarding', path: '/onboarding' },
        { text: 'Provisioning templates', path: '/onboarding?tab=templates' },
      ]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={() => setDeleting(true)}>Delete</Button>
          {data ? <Enabling templateName={templateName} isEnabled={data.enabled === true} /> : null}
        </SpaceBetween>
      }
    >
      {template.error ? <ErrorNotice error={template.error} /> : null}
      {template.isLoading ? <Spinner /> : null}
      {data ? <Details template={data} /> : null}
      {isDeleting ? (
        <DeleteTemplate templateName={templateName} onClose={() => setDeleting(false)} />
      ) : null}
    </Page>
  )
}

function Details(props: { readonly template: DescribeProvisioningTemplateResponse }): ReactNode {
  const { templateName = '', defaultVersionId, type, ...more } = props.template
  const isFleet = type !== 'JITP'
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Template details</Header>}>
        <KeyValuePairs
          columns={3}
          items={[
            { label: 'Type', value: isFleet ? 'Fleet provisioning' : 'Just in time' },
            { label: 'Active version', value: defaultVersionId },
            { label: 'Last modified', value: <Moment at={more.lastModifiedDate} /> },
            {
              label: 'Provisioning role',
              value: <span className="long-word">{more.provisioningRoleArn}</span>,
            },
            { label: 'Description', value: more.description ?? '–' },
            {
              label: 'Hook',
              value: (
                <span className="long-word">{more.preProvisioningHook?.targetArn ?? 'none'}</span>
              ),
            },
          ]}
        />
      </Container>
      {isFleet ? (
        <ProvisioningClaim templateName={templateName} isEnabled={more.enabled === true} />
      ) : null}
      <TemplateVersions templateName={templateName} defaultVersionId={defaultVersionId} />
    </SpaceBetween>
  )
}

function Enabling(props: { readonly templateName: string; readonly isEnabled: boolean }) {
  const { templateName, isEnabled } = props
  const { iot } = useSignedIn()
  const done = useDone()
  const changing = useMutation({
    mutationFn: () =>
      iot.send(new UpdateProvisioningTemplateCommand({ templateName, enabled: !isEnabled })),
    onSuccess: () => done(`Template ${templateName} is ${isEnabled ? 'disabled' : 'enabled'}.`),
  })
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button loading={changing.isPending} onClick={() => changing.mutate()}>
        {isEnabled ? 'Disable' : 'Enable'}
      </Button>
      {isEnabled ? (
        <PageButton
          variant="primary"
          to={`/onboarding/claim?template=${encodeURIComponent(templateName)}`}
        >
          Claim a device
        </PageButton>
      ) : null}
      {changing.error ? <ErrorNotice error={changing.error} /> : null}
    </SpaceBetween>
  )
}

function DeleteTemplate(props: {
  readonly templateName: string
  readonly onClose: () => void
}): ReactNode {
  const { templateName, onClose } = props
  const { iot } = useSignedIn()
  const done = useDone()
  const navigate = useNavigate()
  return (
    <Confirm
      title={`Delete template ${templateName}?`}
      verb="Delete template"
      act={() => iot.send(new DeleteProvisioningTemplateCommand({ templateName }))}
      onDone={() => {
        void navigate('/onboarding?tab=templates')
        done(`Template ${templateName} was deleted.`)
      }}
      onClose={onClose}
    >
      Devices can no longer introduce themselves with it; those that did stay as they are.
    </Confirm>
  )
}
