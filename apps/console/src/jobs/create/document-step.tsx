/** What devices are told to do: a document written here, at S3, of a template, or of one of AWS's. */
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Tiles from '@cloudscape-design/components/tiles'
import type { ReactNode } from 'react'
import { useReadTemplate, useTemplate, useTemplates } from '../../templates/template-queries.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { JsonEditor } from '../../ui/json-editor.tsx'
import { indented } from '../document.ts'
import { ChoiceField, TextField } from './form-fields.tsx'
import type { DocumentSource } from './job-form.ts'
import { configsInForm } from './job-request.ts'
import { ManagedTemplateFields } from './managed-template-fields.tsx'
import { PackageVersionsField } from './package-versions-field.tsx'
import type { StepProps } from './step-props.ts'

const sources: readonly { value: DocumentSource; label: string; description: string }[] = [
  { value: 'document', label: 'Write a document', description: 'JSON that devices understand.' },
  { value: 'template', label: 'Job template', description: 'One of this account’s templates.' },
  { value: 'managed', label: 'AWS managed template', description: 'Reboot, download, install…' },
  { value: 's3', label: 'From S3', description: 'Read once, when the job is created.' },
]

export function DocumentStep(props: StepProps): ReactNode {
  const { form, onChange, problems } = props
  return (
    <Container header={<Header variant="h2">Job document</Header>}>
      <SpaceBetween size="l">
        <FormField label="Source" stretch>
          <Tiles
            value={form.source}
            items={[...sources]}
            columns={4}
            onChange={({ detail }) => {
              const chosen = sources.find(({ value }) => value === detail.value)
              if (chosen) onChange({ source: chosen.value, template: '', parameters: {} })
            }}
          />
        </FormField>
        {form.source === 'document' ? (
          <JsonEditor
            label="Document"
            value={form.document}
            problem={problems['document']}
            onChange={(document) => onChange({ document })}
          />
        ) : null}
        {form.source === 's3' ? (
          <TextField
            label="Address of the document"
            value={form.documentUrl}
            problem={problems['documentUrl']}
            placeholder="https://s3.us-east-1.amazonaws.com/bucket/key"
            onChange={(documentUrl) => onChange({ documentUrl: documentUrl.trim() })}
          />
        ) : null}
        {form.source === 'template' ? <TemplateFields {...props} /> : null}
        {form.source === 'managed' ? <ManagedTemplateFields {...props} /> : null}
        <PackageVersionsField
          selected={form.packageVersions}
          onSelect={(packageVersions) => onChange({ packageVersions })}
        />
        <TextField
          label="Role for links to S3"
          description="Its ARN; only for a document with ${aws:iot:s3-presigned-url…} in it."
          value={form.roleArn}
          problem={problems['roleArn']}
          onChange={(roleArn) => onChange({ roleArn: roleArn.trim() })}
        />
      </SpaceBetween>
    </Container>
  )
}

function TemplateFields({ form, onChange, problems }: StepProps): ReactNode {
  const templates = useTemplates()
  const chosen = useTemplate(form.template === '' ? undefined : form.template)
  const read = useReadTemplate()
  const choose = async (template: string): Promise<void> => {
    onChange({ template })
    onChange(configsInForm(await read(template)))
  }
  const choices = (templates.data ?? []).map(({ jobTemplateId = '', description = '' }) => ({
    value: jobTemplateId,
    label: description === '' ? jobTemplateId : `${jobTemplateId}: ${description}`,
  }))
  return (
    <>
      {templates.error ? <ErrorNotice error={templates.error} /> : null}
      <ChoiceField
        label="Job template"
        value={form.template}
        choices={choices}
        problem={problems['template']}
        description={
          templates.data?.length === 0 ? 'This account has none yet: save one from a job.' : ''
        }
        onChange={(template) => void choose(template).catch(() => undefined)}
      />
      {chosen.data && chosen.data.jobTemplateId === form.template ? (
        <>
          <Box>
            The job takes the template’s document.{' '}
            <Box variant="span" color="text-body-secondary">
              Its rollout, abort, timeout, retry and windows fill in the next steps.
            </Box>
          </Box>
          <pre className="document" aria-label="Document of the template" tabIndex={0}>
            {indented(chosen.data.document ?? '')}
          </pre>
        </>
      ) : null}
      {chosen.error ? <ErrorNotice error={chosen.error} /> : null}
    </>
  )
}
