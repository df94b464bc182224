/** When the job begins and ends, and in which windows it may roll out. */
import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'
import { useNowMs } from '../../admin/server-clock.ts'
import { endBehaviors, endInWords } from './failure-types.ts'
import { RemoveButton } from './failures-step.tsx'
import { ChoiceField, TextField } from './form-fields.tsx'
import { utcText } from './job-problems.ts'
import { PlannedRollout } from './planned-rollout.tsx'
import type { StepProps } from './step-props.ts'
import { nightly, weekdays, type WindowForm } from './window-form.ts'

export function ScheduleStep(props: StepProps): ReactNode {
  const { form, onChange, problems } = props
  const now = utcText(useNowMs())
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Start and end</Header>}>
        <ColumnLayout columns={2}>
          <TextField
            label="Start (UTC)"
            description={`Empty for at once. The server has ${now} now.`}
            placeholder="2027-03-01T10:00"
            value={form.startTime}
            problem={problems['startTime']}
            onChange={(startTime) => onChange({ startTime: startTime.trim() })}
          />
          <TextField
            label="End (UTC)"
            description="Empty for no end."
            placeholder="2027-03-01T12:00"
            value={form.endTime}
            problem={problems['endTime']}
            onChange={(endTime) => onChange({ endTime: endTime.trim() })}
          />
          {form.endTime === '' ? null : (
            <ChoiceField
              label="At the end"
              value={form.endBehavior}
              choices={endBehaviors.map((value) => ({ value, label: endInWords(value) }))}
              onChange={(endBehavior) => onChange({ endBehavior })}
            />
          )}
        </ColumnLayout>
      </Container>
      <Container
        header={
          <Header
            variant="h2"
            description="A continuous job with a start time rolls out in its windows alone."
          >
            Maintenance windows
          </Header>
        }
      >
        <Windows {...props} />
      </Container>
      {Object.keys(problems).length > 0 ? null : <PlannedRollout form={form} />}
    </SpaceBetween>
  )
}

function Windows({ form, onChange, problems }: StepProps): ReactNode {
  const change = (index: number, changes: Partial<WindowForm>): void =>
    onChange({
      windows: form.windows.map((one, at) => (at === index ? { ...one, ...changes } : one)),
    })
  return (
    <SpaceBetween size="m">
      {form.windows.map((window, index) => (
        // Windows have no identity but their place.
        <FormField key={index} errorText={problems[`windows.${index}`] ?? ''} stretch>
          <ColumnLayout columns={4}>
            <ChoiceField
              label="Repeats"
              value={window.repeat}
              choices={[
                { value: 'daily', label: 'every day' },
                { value: 'weekly', label: 'every week' },
                { value: 'monthly', label: 'every month' },
                { value: 'cron', label: 'as a cron expression says' },
              ]}
              onChange={(repeat) => change(index, { repeat })}
            />
            <WindowTimes window={window} onChange={(changes) => change(index, changes)} />
            <TextField
              label="Minutes open"
              type="number"
              value={window.durationMinutes}
              onChange={(durationMinutes) => change(index, { durationMinutes })}
            />
            <RemoveButton
              what={`window ${index + 1}`}
              onClick={() => onChange({ windows: form.windows.filter((_, at) => at !== index) })}
            />
          </ColumnLayout>
        </FormField>
      ))}
      <FormField errorText={problems['windows'] ?? ''}>
        <Button onClick={() => onChange({ windows: [...form.windows, nightly] })}>
          Add maintenance window
        </Button>
      </FormField>
    </SpaceBetween>
  )
}

interface TimesProps {
  readonly window: WindowForm
  readonly onChange: (changes: Partial<WindowForm>) => void
}

function WindowTimes({ window, onChange }: TimesProps): ReactNode {
  if (window.repeat === 'cron') {
    return (
      <TextField
        label="Cron expression (UTC)"
        value={window.cron}
        onChange={(cron) => onChange({ cron })}
      />
    )
  }
  return (
    <SpaceBetween size="xs">
      {window.repeat === 'weekly' ? (
        <ChoiceField
          label="On"
          value={window.weekday}
          choices={weekdays.map((label, index) => ({ value: String(index + 1), label }))}
          onChange={(weekday) => onChange({ weekday })}
        />
      ) : null}
      {window.repeat === 'monthly' ? (
        <TextField
          label="Day of the month"
          type="number"
          value={window.dayOfMonth}
          onChange={(dayOfMonth) => onChange({ dayOfMonth })}
        />
      ) : null}
      <TextField label="Opens at (UTC)" value={window.at} onChange={(at) => onChange({ at })} />
    </SpaceBetween>
  )
}
