/** The whole job in words before it is created, and a way to keep it as a template. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type ReactNode } from 'react'
import { SaveTemplateDialog } from '../../templates/save-template-dialog.tsx'
import { configurationInWords } from '../configuration-in-words.ts'
import { indented } from '../document.ts'
import { thingNames, type JobForm } from './job-form.ts'
import { createJobRequest } from './job-request.ts'
import type { Step } from './job-problems.ts'
import { PlannedRollout } from './planned-rollout.tsx'
import { useFormCoverage } from './target-queries.ts'
import { templateRequest } from './template-request.ts'
import { windowInWords } from './window-form.ts'

interface Props {
  readonly form: JobForm
  readonly onGo: (step: Step) => void
}

export function ReviewStep({ form, onGo }: Props): ReactNode {
  const [isSaving, setSaving] = useState(false)
  const coverage = useFormCoverage(form).data
  const words = configurationInWords(createJobRequest(form, { targetArns: [] }))
  const names = thingNames(form)
  const template = templateRequest(form)
  return (
    <SpaceBetween size="l">
      <Section title="Job and targets" step="targets" onGo={onGo}>
        <KeyValuePairs
          columns={3}
          items={[
            { label: 'Job ID', value: form.jobId },
            { label: 'Description', value: form.description || '–' },
            {
              label: 'Covers',
              value:
                coverage?.things === undefined
                  ? 'not known'
                  : `${coverage.mayOverlap ? 'up to ' : ''}${coverage.things.toLocaleString()} things`,
            },
            { label: 'Thing groups', value: form.groups.join(', ') || 'none' },
            { label: 'Things', value: shortened(names) },
            {
              label: 'Dynamic group',
              value: form.query.trim() === '' ? 'none' : `${form.queryGroup}: ${form.query.trim()}`,
            },
            {
              label: 'Tags',
              value: form.tags.map(({ key, value }) => `${key} = ${value}`).join(', ') || 'none',
            },
          ]}
        />
      </Section>
      <Section title="Job document" step="document" onGo={onGo}>
        <DocumentInWords form={form} />
      </Section>
      <Section title="Settings" step="rollout" onGo={onGo}>
        <KeyValuePairs
          columns={3}
          items={[
            ...words.map(([label, value]) => ({ label, value })),
            ...(form.windows.length === 0
              ? []
              : [{ label: 'Windows', value: form.windows.map(windowInWords).join('; ') }]),
          ]}
        />
      </Section>
      <PlannedRollout form={form} isRehearsed />
      <Button
        disabled={template === undefined}
        disabledReason="The document is a template’s already."
        onClick={() => setSaving(true)}
      >
        Save as template
      </Button>
      {isSaving && template ? (
        <SaveTemplateDialog
          suggestedId={form.jobId}
          request={template}
          onClose={() => setSaving(false)}
        />
      ) : null}
    </SpaceBetween>
  )
}

function shortened(names: readonly string[]): string {
  if (names.length === 0) return 'none'
  if (names.length <= 10) return names.join(', ')
  return `${names.slice(0, 10).join(', ')} and ${names.length - 10} more`
}

interface SectionProps {
  readonly title: string
  readonly step: Step
  readonly onGo: (step: Step) => void
  readonly children: ReactNode
}

function Section({ title, step, onGo, children }: SectionProps): ReactNode {
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <Button ariaLabel={`Edit ${title.toLowerCase()}`} onClick={() => onGo(step)}>
              Edit
            </Button>
          }
        >
          {title}
        </Header>
      }
    >
      {children}
    </Container>
  )
}

function DocumentInWords({ form }: Pick<Props, 'form'>): ReactNode {
  if (form.source === 's3') return <Box>Read from {form.documentUrl}</Box>
  if (form.source !== 'document') {
    const given = Object.entries(form.parameters).map(([key, value]) => `${key} = ${value}`)
    return (
      <Box>
        Of the template {form.template}
        {given.length === 0 ? '' : `, with ${given.join(', ')}`}
      </Box>
    )
  }
  return (
    <pre className="document" aria-label="Document" tabIndex={0}>
      {indented(form.document)}
    </pre>
  )
}
