/** What the form would be as a template. */
import type { CreateJobTemplateCommandInput } from '@aws-sdk/client-iot'
import type { JobForm } from './job-form.ts'
import { configsOf } from './job-request.ts'
import { windowRequest } from './window-form.ts'

/** A template without its name and description. */
export type TemplateRequest = Omit<CreateJobTemplateCommandInput, 'jobTemplateId' | 'description'>

/** @returns undefined for a form whose document is a template's */
export function templateRequest(form: JobForm): TemplateRequest | undefined {
  const { windows } = form
  const rest = {
    ...configsOf(form),
    ...(windows.length === 0 ? {} : { maintenanceWindows: windows.map(windowRequest) }),
  }
  if (form.source === 'document') return { document: form.document, ...rest }
  if (form.source === 's3') return { documentSource: form.documentUrl, ...rest }
  return undefined
}
