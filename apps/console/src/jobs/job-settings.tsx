/** A job's settings in sentences, and its tags. */
import type { Job } from '@aws-sdk/client-iot'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import type { ReactNode } from 'react'
import { Moment } from '../ui/moment.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { configurationInWords } from './configuration-in-words.ts'
import { useTags } from './job-queries.ts'

export function JobSettings({ job }: { readonly job: Job }): ReactNode {
  const tags = useTags(job.jobArn).data ?? []
  const template = job.jobTemplateArn?.split(':jobtemplate/')[1]
  const starts = job.scheduledJobRollouts ?? []
  return (
    <Container header={<Header variant="h2">Settings</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          ...configurationInWords(job).map(([label, value]) => ({ label, value })),
          ...(starts.length === 0
            ? []
            : [
                {
                  label: 'Next windows (UTC)',
                  value: starts.map(({ startTime = '' }) => <div key={startTime}>{startTime}</div>),
                },
              ]),
          { label: 'Created', value: <Moment at={job.createdAt} /> },
          { label: 'Last updated', value: <Moment at={job.lastUpdatedAt} /> },
          { label: 'Completed', value: <Moment at={job.completedAt} /> },
          {
            label: 'Template',
            value:
              template === undefined ? (
                'none'
              ) : template.includes(':') ? (
                template
              ) : (
                <PageLink to={`/templates/${template}`}>{template}</PageLink>
              ),
          },
          { label: 'ARN', value: job.jobArn ?? '–' },
          {
            label: 'Tags',
            value:
              tags.length === 0
                ? 'none'
                : tags.map(({ Key = '', Value = '' }) => (
                    <div key={Key}>
                      {Key} = {Value}
                    </div>
                  )),
          },
        ]}
      />
    </Container>
  )
}
