/** How fast a job rolls out, and what happens when it goes wrong. */
import type { JobExecutionFailureType } from '@aws-sdk/client-iot'
import type { ReactNode } from 'react'
import { Field } from '../ui/field.tsx'
import { Panel } from '../ui/panel.tsx'
import type { JobForm } from './job-form.ts'
import type { FieldsProps } from './target-fields.tsx'

type NumberName = {
  [Name in keyof JobForm]: JobForm[Name] extends string ? Name : never
}[keyof JobForm]

/** A field for a number, which the form keeps as it was typed. */
function NumberField(
  props: FieldsProps & {
    readonly name: NumberName
    readonly label: string
    readonly hint?: string
  },
): ReactNode {
  const { form, change, problems, name, label, hint } = props
  return (
    <Field
      label={label}
      hint={hint}
      type="number"
      step={name === 'incrementFactor' ? 0.1 : 1}
      value={form[name]}
      onChange={(value) => change(name, value)}
      problem={problems[name]}
    />
  )
}

export function RolloutFields(props: FieldsProps): ReactNode {
  const { form, change } = props
  const kind = (value: JobForm['rollout'], label: string): ReactNode => (
    <label className="check">
      <input
        type="radio"
        name="rollout"
        checked={form.rollout === value}
        onChange={() => change('rollout', value)}
      />
      {label}
    </label>
  )
  return (
    <Panel title="How fast">
      <fieldset>
        <legend>Rollout</legend>
        {kind('constant', 'Constant rate')}
        {kind('exponential', 'Staged: begin slowly, go faster as things succeed')}
      </fieldset>
      <div className="columns">
        {form.rollout === 'exponential' ? (
          <>
            <NumberField {...props} name="baseRatePerMinute" label="First rate, things a minute" />
            <NumberField {...props} name="incrementFactor" label="Times faster at each step" />
            <NumberField
              {...props}
              name="increaseAfterSucceeded"
              label="A step every … succeeded"
            />
          </>
        ) : null}
        <NumberField {...props} name="maximumPerMinute" label="At most, things a minute" />
      </div>
    </Panel>
  )
}

const abortTypes: readonly (readonly [JobExecutionFailureType, string])[] = [
  ['FAILED', 'failed'],
  ['REJECTED', 'rejected'],
  ['TIMED_OUT', 'timed out'],
  ['ALL', 'not successful in any way'],
]

function abortTypeOf(value: string): JobForm['abortType'] {
  return abortTypes.find(([type]) => type === value)?.[0] ?? ''
}

export function FailureFields(props: FieldsProps): ReactNode {
  const { form, change } = props
  return (
    <Panel title="When it goes wrong">
      <div className="field">
        <label htmlFor="abort-type">Stop the rollout by itself when executions are</label>
        <select
          id="abort-type"
          value={form.abortType}
          onChange={(event) => change('abortType', abortTypeOf(event.target.value))}
        >
          <option value="">never</option>
          {abortTypes.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </div>
      {form.abortType === '' ? null : (
        <div className="columns">
          <NumberField {...props} name="abortPercentage" label="Percentage of executions" />
          <NumberField {...props} name="abortMinimum" label="After at least … executed" />
        </div>
      )}
      <div className="columns">
        <NumberField
          {...props}
          name="timeoutMinutes"
          label="Timeout, minutes in progress"
          hint="Empty: none."
        />
        <NumberField {...props} name="retries" label="Retries per thing" hint="Empty: none." />
      </div>
    </Panel>
  )
}
