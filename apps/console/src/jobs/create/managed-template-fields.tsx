/** One of AWS's managed templates, with its parameters. */
import type { StepProps } from './step-props.ts'
import type { ReactNode } from 'react'
import { useManagedTemplate, useManagedTemplates } from '../../templates/template-queries.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { indented } from '../document.ts'
import { ChoiceField, TextField } from './form-fields.tsx'
import { parameterFaults } from './managed-parameters.ts'

export function ManagedTemplateFields({ form, onChange, problems }: StepProps): ReactNode {
  const templates = useManagedTemplates()
  const chosen = useManagedTemplate(form.template === '' ? undefined : form.template)
  const { data } = chosen
  const parameters = data?.templateName === form.template ? (data.documentParameters ?? []) : []
  const faults = parameterFaults(parameters, form.parameters)
  return (
    <>
      {templates.error ? <ErrorNotice error={templates.error} /> : null}
      <ChoiceField
        label="AWS managed template"
        value={form.template}
        choices={(templates.data ?? []).map(({ templateName = '', description = '' }) => ({
          value: templateName,
          label: `${templateName}: ${description}`,
        }))}
        problem={problems['template']}
        onChange={(template) => onChange({ template, parameters: {} })}
      />
      {parameters.map(({ key = '', description, example, optional }) => (
        <TextField
          key={key}
          label={optional ? `${key} (optional)` : key}
          description={description}
          placeholder={example ?? ''}
          value={form.parameters[key] ?? ''}
          problem={problems['parameters'] === undefined ? undefined : faults[key]}
          onChange={(value) => onChange({ parameters: { ...form.parameters, [key]: value } })}
        />
      ))}
      {data && data.templateName === form.template ? (
        <pre className="document" aria-label="Document of the template" tabIndex={0}>
          {indented(data.document ?? '')}
        </pre>
      ) : null}
    </>
  )
}
