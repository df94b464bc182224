/** How fast the job reaches its things, with the curve that comes of it. */
import Box from '@cloudscape-design/components/box'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'
import { ChoiceField, TextField } from './form-fields.tsx'
import { PlannedRollout } from './planned-rollout.tsx'
import type { StepProps } from './step-props.ts'

export function RolloutStep(props: StepProps): ReactNode {
  const { form, onChange, problems } = props
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Rate</Header>}>
        <SpaceBetween size="m">
          <FormField label="Rollout rate">
            <RadioGroup
              value={form.rollout}
              items={[
                {
                  value: 'constant',
                  label: 'Constant',
                  description: 'The same number of things every minute.',
                },
                {
                  value: 'exponential',
                  label: 'Exponential',
                  description: 'Few at first, more as things succeed or are notified.',
                },
              ]}
              onChange={({ detail }) =>
                onChange({ rollout: detail.value === 'constant' ? 'constant' : 'exponential' })
              }
            />
          </FormField>
          <ColumnLayout columns={2}>
            <TextField
              label="Maximum per minute"
              type="number"
              value={form.maximumPerMinute}
              problem={problems['maximumPerMinute']}
              onChange={(maximumPerMinute) => onChange({ maximumPerMinute })}
            />
            {form.rollout === 'exponential' ? <ExponentialFields {...props} /> : null}
          </ColumnLayout>
        </SpaceBetween>
      </Container>
      {Object.keys(problems).length > 0 ? (
        <Box color="text-body-secondary">The curve is drawn once the rate above can be used.</Box>
      ) : (
        <PlannedRollout form={form} />
      )}
    </SpaceBetween>
  )
}

function ExponentialFields({ form, onChange, problems }: StepProps): ReactNode {
  return (
    <SpaceBetween size="m">
      <TextField
        label="Base rate per minute"
        type="number"
        value={form.baseRatePerMinute}
        problem={problems['baseRatePerMinute']}
        onChange={(baseRatePerMinute) => onChange({ baseRatePerMinute })}
      />
      <TextField
        label="Increment factor"
        type="number"
        value={form.incrementFactor}
        problem={problems['incrementFactor']}
        onChange={(incrementFactor) => onChange({ incrementFactor })}
      />
      <ChoiceField
        label="Increase when so many things"
        value={form.increaseAt}
        choices={[
          { value: 'succeeded', label: 'have succeeded' },
          { value: 'notified', label: 'were notified' },
        ]}
        onChange={(increaseAt) => onChange({ increaseAt })}
      />
      <TextField
        label="Number of things"
        type="number"
        value={form.increaseAfter}
        problem={problems['increaseAfter']}
        onChange={(increaseAfter) => onChange({ increaseAfter })}
      />
    </SpaceBetween>
  )
}
