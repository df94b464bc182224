/** One job template: its document and settings, and jobs made of it. */
import Container from '@cloudscape-design/components/container'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import Skeleton from '@cloudscape-design/components/skeleton'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { DescribeJobTemplateResponse } from '@aws-sdk/client-iot'
import { useState, type ReactNode } from 'react'
import { useNavigate, useParams } from 'react-router'
import { configurationInWords } from '../jobs/configuration-in-words.ts'
import { windowInWords, windowOf } from '../jobs/create/window-form.ts'
import { indented } from '../jobs/document.ts'
import { useTags } from '../jobs/job-queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Moment } from '../ui/moment.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { Page } from '../ui/page.tsx'
import { DeleteTemplatesDialog } from './delete-templates-dialog.tsx'
import { useTemplate } from './template-queries.ts'

const above = [{ text: 'Templates', path: '/templates' }]

export function TemplatePage(): ReactNode {
  const { jobTemplateId = '' } = useParams()
  const navigate = useNavigate()
  const template = useTemplate(jobTemplateId)
  const [isDeleting, setDeleting] = useState(false)
  const { data, error } = template
  return (
    <Page
      title={jobTemplateId}
      above={above}
      description={data?.description}
      actions={
        data ? (
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={() => setDeleting(true)}>Delete template</Button>
            <PageButton to={`/create-job?template=${jobTemplateId}`} variant="primary">
              Create job
            </PageButton>
          </SpaceBetween>
        ) : null
      }
    >
      {error ? <ErrorNotice error={error} onRetry={() => void template.refetch()} /> : null}
      {data ? <Content template={data} /> : error ? null : <Skeleton />}
      {isDeleting ? (
        <DeleteTemplatesDialog
          ids={[jobTemplateId]}
          onClose={() => setDeleting(false)}
          onDone={() => void navigate('/templates')}
        />
      ) : null}
    </Page>
  )
}

function Content({ template }: { readonly template: DescribeJobTemplateResponse }): ReactNode {
  const tags = useTags(template.jobTemplateArn).data ?? []
  const windows = template.maintenanceWindows ?? []
  const words = configurationInWords(template).filter(([label]) => label !== 'Selection')
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Job document</Header>}>
        <pre className="document" aria-label="Job document" tabIndex={0}>
          {indented(template.document ?? '')}
        </pre>
      </Container>
      <Container header={<Header variant="h2">Settings</Header>}>
        <KeyValuePairs
          columns={3}
          items={[
            ...words.map(([label, value]) => ({ label, value })),
            {
              label: 'Windows',
              value: windows.map((window) => windowInWords(windowOf(window))).join('; ') || 'none',
            },
            { label: 'Created', value: <Moment at={template.createdAt} /> },
            { label: 'ARN', value: template.jobTemplateArn ?? '–' },
            {
              label: 'Tags',
              value:
                tags.map(({ Key = '', Value = '' }) => `${Key} = ${Value}`).join(', ') || 'none',
            },
          ]}
        />
      </Container>
    </SpaceBetween>
  )
}
