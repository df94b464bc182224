/** Between the wizard's form and the requests and answers of AWS. */
import type {
  CreateJobCommandInput,
  DescribeJobTemplateResponse,
  Job,
  JobExecutionsRolloutConfig,
  SchedulingConfig,
} from '@aws-sdk/client-iot'
import { failureTypes, retryTypes } from './failure-types.ts'
import type { JobForm } from './job-form.ts'
import { windowOf, windowRequest } from './window-form.ts'

/** What the form's names stand for. */
export interface Resolved {
  readonly targetArns: readonly string[]
  /** Of the chosen template. */
  readonly templateArn?: string
}

/** The request of a form without problems. */
export function createJobRequest(form: JobForm, resolved: Resolved): CreateJobCommandInput {
  const { description } = form
  const tags = form.tags.map(({ key, value }) => ({ Key: key.trim(), Value: value.trim() }))
  return {
    jobId: form.jobId,
    targets: [...resolved.targetArns],
    targetSelection: form.continuous ? 'CONTINUOUS' : 'SNAPSHOT',
    ...documentOf(form, resolved),
    ...configsOf(form),
    ...(description === '' ? {} : { description }),
    ...(tags.length === 0 ? {} : { tags }),
    ...schedulingOf(form),
  }
}

function documentOf(form: JobForm, { templateArn }: Resolved): Partial<CreateJobCommandInput> {
  if (form.source === 'document') return { document: form.document }
  if (form.source === 's3') return { documentSource: form.documentUrl }
  const given = Object.entries(form.parameters).filter(([, value]) => value !== '')
  return {
    ...(templateArn === undefined ? {} : { jobTemplateArn: templateArn }),
    ...(form.source === 'managed' && given.length > 0
      ? { documentParameters: Object.fromEntries(given) }
      : {}),
  }
}

/** What jobs and templates have in common. */
export type Configs = Pick<
  CreateJobCommandInput,
  | 'presignedUrlConfig'
  | 'jobExecutionsRolloutConfig'
  | 'abortConfig'
  | 'timeoutConfig'
  | 'jobExecutionsRetryConfig'
  | 'destinationPackageVersions'
>

/** The configurations that the form says; what it does not say is absent. */
export function configsOf(form: JobForm): Configs {
  return {
    jobExecutionsRolloutConfig: rolloutConfig(form),
    ...(form.roleArn === '' ? {} : { presignedUrlConfig: { roleArn: form.roleArn } }),
    ...(form.packageVersions.length === 0
      ? {}
      : { destinationPackageVersions: [...form.packageVersions] }),
    ...(form.abort.length === 0
      ? {}
      : {
          abortConfig: {
            criteriaList: form.abort.map(({ failureType, percentage, minimum }) => ({
              action: 'CANCEL' as const,
              failureType,
              thresholdPercentage: Number(percentage),
              minNumberOfExecutedThings: Number(minimum),
            })),
          },
        }),
    ...(form.timeoutMinutes === ''
      ? {}
      : { timeoutConfig: { inProgressTimeoutInMinutes: Number(form.timeoutMinutes) } }),
    ...(form.retry.length === 0
      ? {}
      : {
          jobExecutionsRetryConfig: {
            criteriaList: form.retry.map(({ failureType, retries }) => ({
              failureType,
              numberOfRetries: Number(retries),
            })),
          },
        }),
  }
}

/** The rollout that the form says. */
export function rolloutConfig(form: JobForm): JobExecutionsRolloutConfig {
  const maximumPerMinute = Number(form.maximumPerMinute)
  if (form.rollout === 'constant') return { maximumPerMinute }
  const after = Number(form.increaseAfter)
  return {
    maximumPerMinute,
    exponentialRate: {
      baseRatePerMinute: Number(form.baseRatePerMinute),
      incrementFactor: Number(form.incrementFactor),
      rateIncreaseCriteria:
        form.increaseAt === 'succeeded'
          ? { numberOfSucceededThings: after }
          : { numberOfNotifiedThings: after },
    },
  }
}

function schedulingOf(form: JobForm): { schedulingConfig?: SchedulingConfig } {
  const { startTime, endTime, endBehavior, windows } = form
  if (startTime === '' && endTime === '' && windows.length === 0) return {}
  return {
    schedulingConfig: {
      ...(startTime === '' ? {} : { startTime }),
      ...(endTime === '' ? {} : { endTime, endBehavior }),
      ...(windows.length === 0 ? {} : { maintenanceWindows: windows.map(windowRequest) }),
    },
  }
}

/** The configurations of a job or a template, as a form has them. */
export function configsInForm(like: Job | DescribeJobTemplateResponse): Partial<JobForm> {
  const rollout = like.jobExecutionsRolloutConfig ?? undefined
  const exponential = rollout?.exponentialRate ?? undefined
  const criteria = exponential?.rateIncreaseCriteria
  const succeeded = criteria?.numberOfSucceededThings ?? undefined
  const windows =
    ('schedulingConfig' in like
      ? like.schedulingConfig?.maintenanceWindows
      : (like as DescribeJobTemplateResponse).maintenanceWindows) ?? []
  const minutes = like.timeoutConfig?.inProgressTimeoutInMinutes ?? undefined
  return {
    roleArn: like.presignedUrlConfig?.roleArn ?? '',
    packageVersions: like.destinationPackageVersions ?? [],
    rollout: exponential ? 'exponential' : 'constant',
    maximumPerMinute: String(rollout?.maximumPerMinute ?? 1000),
    ...(exponential
      ? {
          baseRatePerMinute: String(exponential.baseRatePerMinute ?? ''),
          incrementFactor: String(exponential.incrementFactor ?? ''),
          increaseAt: succeeded === undefined ? 'notified' : 'succeeded',
          increaseAfter: String(succeeded ?? criteria?.numberOfNotifiedThings ?? ''),
        }
      : {}),
    abort: (like.abortConfig?.criteriaList ?? []).map((one) => ({
      failureType: failureTypes.find((type) => type === one.failureType) ?? 'ALL',
      percentage: String(one.thresholdPercentage ?? ''),
      minimum: String(one.minNumberOfExecutedThings ?? ''),
    })),
    timeoutMinutes: minutes === undefined ? '' : String(minutes),
    retry: (like.jobExecutionsRetryConfig?.criteriaList ?? []).map((one) => ({
      failureType: retryTypes.find((type) => type === one.failureType) ?? 'ALL',
      retries: String(one.numberOfRetries ?? 0),
    })),
    windows: windows.map(windowOf),
  }
}

/**
 * Whether the form leaves out what the template would fill in: what a request does not say, the
 * template says (jobs J70), so such a job is created of the template's document alone.
 */
export function leavesOut(form: JobForm, template: DescribeJobTemplateResponse): boolean {
  return (
    (form.abort.length === 0 && (template.abortConfig?.criteriaList ?? []).length > 0) ||
    (form.timeoutMinutes === '' && template.timeoutConfig?.inProgressTimeoutInMinutes != null) ||
    (form.retry.length === 0 &&
      (template.jobExecutionsRetryConfig?.criteriaList ?? []).length > 0) ||
    (form.windows.length === 0 && (template.maintenanceWindows ?? []).length > 0) ||
    (form.packageVersions.length === 0 && (template.destinationPackageVersions ?? []).length > 0) ||
    (form.roleArn === '' && template.presignedUrlConfig?.roleArn != null)
  )
}
