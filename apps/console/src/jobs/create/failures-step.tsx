/** What happens when things fail: when the job aborts, times out, and tries again. */
import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'
import { failureInWords, failureTypes, retryTypes } from './failure-types.ts'
import { ChoiceField, TextField } from './form-fields.tsx'
import type { AbortForm, RetryForm } from './job-form.ts'
import type { StepProps } from './step-props.ts'

export function FailuresStep(props: StepProps): ReactNode {
  const { form, onChange, problems } = props
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header variant="h2" description="The job is cancelled when too many executions fail.">
            Abort
          </Header>
        }
      >
        <AbortFields {...props} />
      </Container>
      <Container header={<Header variant="h2">Timeout</Header>}>
        <TextField
          label="Minutes in progress"
          type="number"
          description="An execution that takes longer times out. Empty for never; at most a week (10080)."
          value={form.timeoutMinutes}
          problem={problems['timeoutMinutes']}
          onChange={(timeoutMinutes) => onChange({ timeoutMinutes })}
        />
      </Container>
      <Container
        header={
          <Header variant="h2" description="An execution that failed is queued anew.">
            Retry
          </Header>
        }
      >
        <RetryFields {...props} />
      </Container>
    </SpaceBetween>
  )
}

function AbortFields({ form, onChange, problems }: StepProps): ReactNode {
  const change = (index: number, changes: Partial<AbortForm>): void =>
    onChange({ abort: form.abort.map((one, at) => (at === index ? { ...one, ...changes } : one)) })
  const free = failureTypes.find((type) => form.abort.every((one) => one.failureType !== type))
  return (
    <SpaceBetween size="m">
      {form.abort.map((one, index) => (
        // Criteria have no identity but their place.
        <ColumnLayout key={index} columns={4}>
          <ChoiceField
            label="When executions are"
            value={one.failureType}
            choices={failureTypes.map((value) => ({ value, label: failureInWords(value) }))}
            problem={problems[`abort.${index}.failureType`]}
            onChange={(failureType) => change(index, { failureType })}
          />
          <TextField
            label="Threshold in percent"
            type="number"
            value={one.percentage}
            problem={problems[`abort.${index}.percentage`]}
            onChange={(percentage) => change(index, { percentage })}
          />
          <TextField
            label="After so many executed"
            type="number"
            value={one.minimum}
            problem={problems[`abort.${index}.minimum`]}
            onChange={(minimum) => change(index, { minimum })}
          />
          <RemoveButton
            what={`abort criterion ${index + 1}`}
            onClick={() => onChange({ abort: form.abort.filter((_, at) => at !== index) })}
          />
        </ColumnLayout>
      ))}
      <Button
        disabled={free === undefined}
        disabledReason="There is a criterion for each kind."
        onClick={() =>
          onChange({
            abort: [...form.abort, { failureType: free ?? 'ALL', percentage: '20', minimum: '10' }],
          })
        }
      >
        Add abort criterion
      </Button>
    </SpaceBetween>
  )
}

function RetryFields({ form, onChange, problems }: StepProps): ReactNode {
  const change = (index: number, changes: Partial<RetryForm>): void =>
    onChange({ retry: form.retry.map((one, at) => (at === index ? { ...one, ...changes } : one)) })
  const taken = form.retry.map(({ failureType }) => failureType)
  const free = taken.includes('ALL')
    ? undefined
    : retryTypes.find((type) => type !== 'ALL' && !taken.includes(type))
  return (
    <SpaceBetween size="m">
      {form.retry.map((one, index) => (
        // Criteria have no identity but their place.
        <ColumnLayout key={index} columns={4}>
          <ChoiceField
            label="Retry when"
            value={one.failureType}
            choices={[
              { value: 'FAILED', label: 'failed' },
              { value: 'TIMED_OUT', label: 'timed out' },
              { value: 'ALL', label: 'any failure' },
            ]}
            problem={problems[`retry.${index}.failureType`]}
            onChange={(failureType) => change(index, { failureType })}
          />
          <TextField
            label="Number of retries"
            type="number"
            description="At most 10"
            value={one.retries}
            problem={problems[`retry.${index}.retries`]}
            onChange={(retries) => change(index, { retries })}
          />
          <RemoveButton
            what={`retry criterion ${index + 1}`}
            onClick={() => onChange({ retry: form.retry.filter((_, at) => at !== index) })}
          />
        </ColumnLayout>
      ))}
      <Button
        disabled={free === undefined}
        disabledReason="There is a criterion for each kind."
        onClick={() =>
          onChange({ retry: [...form.retry, { failureType: free ?? 'ALL', retries: '2' }] })
        }
      >
        Add retry criterion
      </Button>
    </SpaceBetween>
  )
}

interface RemoveProps {
  readonly what: string
  readonly onClick: () => void
}

/** Removes a row of fields; named for what it removes. */
export function RemoveButton({ what, onClick }: RemoveProps): ReactNode {
  return (
    <Button ariaLabel={`Remove ${what}`} onClick={onClick}>
      Remove
    </Button>
  )
}
