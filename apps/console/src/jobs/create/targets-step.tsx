/** What the job is called, and which things it is for: counted before anything is made. */
import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Textarea from '@cloudscape-design/components/textarea'
import type { ReactNode } from 'react'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { TextField } from './form-fields.tsx'
import { GroupPicker } from './group-picker.tsx'
import type { StepProps } from './step-props.ts'
import { useFormCoverage } from './target-queries.ts'
import type { TagForm } from './job-form.ts'

export function TargetsStep(props: StepProps): ReactNode {
  const { form, onChange, problems } = props
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Job</Header>}>
        <SpaceBetween size="m">
          <TextField
            label="Job ID"
            value={form.jobId}
            problem={problems['jobId']}
            onChange={(jobId) => onChange({ jobId: jobId.trim() })}
          />
          <TextField
            label="Description"
            value={form.description}
            onChange={(description) => onChange({ description })}
          />
          <FormField label="Job type">
            <RadioGroup
              value={form.continuous ? 'continuous' : 'snapshot'}
              items={[
                {
                  value: 'snapshot',
                  label: 'Snapshot',
                  description: 'For the things that are targeted now; it completes.',
                },
                {
                  value: 'continuous',
                  label: 'Continuous',
                  description: 'Also for things that join the target groups later.',
                },
              ]}
              onChange={({ detail }) => onChange({ continuous: detail.value === 'continuous' })}
            />
          </FormField>
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">Targets</Header>} footer={<Count form={form} />}>
        <SpaceBetween size="m">
          <GroupPicker
            selected={form.groups}
            onSelect={(groups) => onChange({ groups })}
            problem={problems['targets']}
          />
          <FormField
            label="Thing names"
            description="Separated by spaces, commas or lines."
            stretch
          >
            <Textarea
              value={form.things}
              rows={3}
              spellcheck={false}
              onChange={({ detail }) => onChange({ things: detail.value })}
            />
          </FormField>
          <QueryTarget {...props} />
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">Tags</Header>}>
        <Tags {...props} />
      </Container>
    </SpaceBetween>
  )
}

function QueryTarget({ form, onChange, problems }: StepProps): ReactNode {
  return (
    <>
      <FormField
        label="Fleet query"
        description="Makes a dynamic thing group of what it finds: thingTypeName:pump AND attributes.firmware:1.0*"
        stretch
      >
        <Input
          value={form.query}
          spellcheck={false}
          onChange={({ detail }) => onChange({ query: detail.value })}
        />
      </FormField>
      {form.query.trim() === '' ? null : (
        <TextField
          label="Name of the dynamic group"
          value={form.queryGroup}
          problem={problems['queryGroup']}
          onChange={(queryGroup) => onChange({ queryGroup: queryGroup.trim() })}
        />
      )}
    </>
  )
}

/** How many things it will be, before it is. */
function Count({ form }: Pick<StepProps, 'form'>): ReactNode {
  const coverage = useFormCoverage(form)
  if (coverage.error) return <ErrorNotice error={coverage.error} />
  if (!coverage.data) return <StatusIndicator type="info">No target yet.</StatusIndicator>
  const { things, connected, mayOverlap } = coverage.data
  if (things === undefined) {
    return (
      <StatusIndicator type="info">
        How many things these are is not known while fleet indexing is off.
      </StatusIndicator>
    )
  }
  const about = mayOverlap ? 'up to ' : ''
  const who = `${about}${things.toLocaleString()} ${things === 1 ? 'thing' : 'things'}`
  const on = connected === undefined ? '' : `, ${connected.toLocaleString()} connected now`
  return (
    <StatusIndicator type={things === 0 ? 'warning' : 'success'}>
      These targets cover {who}
      {on}.
    </StatusIndicator>
  )
}

function Tags({ form, onChange, problems }: StepProps): ReactNode {
  const change = (index: number, changes: Partial<TagForm>): void =>
    onChange({ tags: form.tags.map((tag, at) => (at === index ? { ...tag, ...changes } : tag)) })
  return (
    <AttributeEditor
      items={[...form.tags]}
      addButtonText="Add tag"
      removeButtonText="Remove"
      empty="No tags."
      additionalInfo={problems['tags'] ?? ''}
      removeButtonAriaLabel={({ key }) => `Remove tag ${key}`}
      onAddButtonClick={() => onChange({ tags: [...form.tags, { key: '', value: '' }] })}
      onRemoveButtonClick={({ detail }) =>
        onChange({ tags: form.tags.filter((_, index) => index !== detail.itemIndex) })
      }
      definition={[
        {
          label: 'Key',
          control: ({ key }, index) => (
            <Input value={key} onChange={({ detail }) => change(index, { key: detail.value })} />
          ),
        },
        {
          label: 'Value',
          control: ({ value }, index) => (
            <Input
              value={value}
              onChange={({ detail }) => change(index, { value: detail.value })}
            />
          ),
        },
      ]}
    />
  )
}
