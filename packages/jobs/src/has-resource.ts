/**
 * What has an ARN here, for whoever asks without an engine.
 */
import { nameInArn, type Account } from '@muster/model'
import type { JobsState } from './jobs-state.ts'

/** Whether a job or job template has this ARN: what tag operations ask. */
export function hasResource(account: Account, state: JobsState, resourceArn: string): boolean {
  const jobId = nameInArn(account, 'job', resourceArn)
  if (jobId !== undefined) return state.job(jobId) !== undefined
  const templateId = nameInArn(account, 'jobtemplate', resourceArn)
  return templateId !== undefined && state.template(templateId) !== undefined
}
