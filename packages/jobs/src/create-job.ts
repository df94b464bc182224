/**
 * CreateJob (jobs J66 to J72).
 */
import type { CreateJobRequest, CreateJobResponse } from '@aws-sdk/client-iot'
import {
  accept,
  invalidRequest,
  iotArn,
  nameInArn,
  present,
  refuse,
  type Outcome,
} from '@muster/model'
import { checkDocument, fillParameters } from './document.ts'
import { limitExceeded } from './invalid.ts'
import { checkConfig } from './check-config.ts'
import { checkSchedule } from './check-schedule.ts'
import { initialProgress, type Job, type JobConfig } from './job.ts'
import type { JobTemplate } from './job-template.ts'
import { managedTemplateOfArn, checkParameters, type ManagedTemplate } from './managed-template.ts'
import type { JobsContext } from './ports.ts'
import { beginRollout, queueResolvedTargets, rollOut } from './rollout.ts'
import { armSchedule } from './schedule.ts'

const ID = /^[a-zA-Z0-9_-]{1,64}$/

/**
 * Creates a job and, unless it is scheduled, begins its rollout.
 *
 * Fails with InvalidRequestException for malformed members (jobs J66 to J71, J99),
 * ResourceNotFoundException for an unknown target or template, ResourceAlreadyExistsException for
 * a job id in use (J69), LimitExceededException for a quota.
 *
 * @param fetched - the text behind `documentSource`, which only a shell can fetch
 */
export function createJob(
  ctx: JobsContext,
  input: CreateJobRequest,
  nowMs: number,
  fetched: string | undefined,
): Outcome<CreateJobResponse> {
  const { jobId = '' } = input
  if (!ID.test(jobId)) return invalidRequest(`jobId \`${jobId}\` does not match ${ID.source}`)
  const targets = checkTargets(ctx, input.targets)
  if (!targets.ok) return targets
  const template = findTemplate(ctx, input.jobTemplateArn)
  if (!template.ok) return template
  const merged = mergeTemplate(input, template.value)
  const refused = checkConfig(merged) ?? checkSchedule(merged.schedulingConfig, nowMs)
  if (refused !== undefined) return refused
  const documents = jobDocument(input, template.value, fetched)
  if (!documents.ok) return documents
  const checked = checkDocument(documents.value.filled, merged.presignedUrlConfig?.roleArn)
  if (!checked.ok) return checked
  const jobArn = iotArn(ctx.account, 'job', jobId)
  if (ctx.state.job(jobId) !== undefined) {
    const members = { resourceId: jobId, resourceArn: jobArn }
    return refuse('ResourceAlreadyExistsException', `job \`${jobId}\` already exists`, members)
  }
  const { limits, state } = ctx
  if (state.countJobs('IN_PROGRESS') + state.countJobs('SCHEDULED') >= limits.activeJobsMax) {
    return limitExceeded(`the account has ${limits.activeJobsMax} active jobs`)
  }
  const scheduled =
    merged.schedulingConfig?.startTime !== undefined ||
    (merged.schedulingConfig?.maintenanceWindows?.length ?? 0) > 0
  if (!scheduled && state.countConcurrent() >= limits.concurrentJobsMax) {
    return limitExceeded(`${limits.concurrentJobsMax} jobs are rolling out or being cancelled`)
  }
  const job: Job = {
    config: toConfig(merged, jobArn, targets.value, documents.value, nowMs),
    progress: initialProgress(scheduled ? 'SCHEDULED' : 'IN_PROGRESS', nowMs),
  }
  state.putJob(job)
  if (merged.tags !== undefined) ctx.registry.addTags(jobArn, merged.tags)
  if (job.config.targetSelection === 'SNAPSHOT') queueResolvedTargets(ctx, job)
  armSchedule(ctx, job, nowMs)
  if (!scheduled) {
    beginRollout(ctx, job, nowMs)
    rollOut(ctx, job, nowMs)
  }
  const { description } = job.config
  return accept({ jobArn, jobId, description })
}

/**
 * Checks target ARNs (jobs J66).
 *
 * Fails with InvalidRequestException when malformed or too many, ResourceNotFoundException when a
 * thing or group does not exist.
 */
export function checkTargets(
  ctx: JobsContext,
  targets: readonly string[] | undefined,
): Outcome<readonly string[]> {
  const most = ctx.limits.targetsPerJobMax
  if (targets === undefined || targets.length < 1 || targets.length > most) {
    return invalidRequest(`targets must have 1 to ${most} entries`)
  }
  for (const arn of targets) {
    const thing = nameInArn(ctx.account, 'thing', arn)
    const group = nameInArn(ctx.account, 'thinggroup', arn)
    if (!/^[a-zA-Z0-9:_-]{1,128}$/.test(thing ?? group ?? '')) {
      return invalidRequest(`target \`${arn}\` is not the ARN of a thing or group of this account`)
    }
    const exists =
      thing !== undefined ? ctx.registry.thingExists(thing) : ctx.registry.groupExists(group ?? '')
    if (!exists) return refuse('ResourceNotFoundException', `target \`${arn}\` does not exist`)
  }
  return accept([...new Set(targets)])
}

type Template =
  | { readonly kind: 'none' }
  | { readonly kind: 'own'; readonly template: JobTemplate }
  | { readonly kind: 'managed'; readonly template: ManagedTemplate }

function findTemplate(ctx: JobsContext, arn: string | undefined): Outcome<Template> {
  if (arn === undefined) return accept({ kind: 'none' })
  const managed = managedTemplateOfArn(ctx.account, arn)
  if (managed !== undefined) return accept({ kind: 'managed', template: managed })
  const id = nameInArn(ctx.account, 'jobtemplate', arn)
  const own = id === undefined ? undefined : ctx.state.template(id)
  if (own !== undefined) return accept({ kind: 'own', template: own })
  if (!/^arn:[!-~]+:jobtemplate\//.test(arn)) {
    return invalidRequest(`jobTemplateArn \`${arn}\` is not the ARN of a job template`)
  }
  return refuse('ResourceNotFoundException', `job template \`${arn}\` does not exist`)
}

/** Request members override the template's (jobs J70). */
function mergeTemplate(input: CreateJobRequest, found: Template): CreateJobRequest {
  if (found.kind === 'none') return input
  if (found.kind === 'managed') {
    return { ...input, description: input.description ?? found.template.description }
  }
  const { template } = found
  const windows = input.schedulingConfig?.maintenanceWindows ?? template.maintenanceWindows
  const versions = input.destinationPackageVersions ?? template.destinationPackageVersions
  return {
    ...input,
    description: input.description ?? template.description,
    // A document of the request's own takes the place of the template's source too.
    documentSource:
      input.documentSource ?? (input.document === undefined ? template.documentSource : undefined),
    presignedUrlConfig: input.presignedUrlConfig ?? template.presignedUrlConfig,
    jobExecutionsRolloutConfig:
      input.jobExecutionsRolloutConfig ?? template.jobExecutionsRolloutConfig,
    abortConfig: input.abortConfig ?? template.abortConfig,
    timeoutConfig: input.timeoutConfig ?? template.timeoutConfig,
    jobExecutionsRetryConfig: input.jobExecutionsRetryConfig ?? template.jobExecutionsRetryConfig,
    schedulingConfig:
      windows === undefined
        ? input.schedulingConfig
        : { ...input.schedulingConfig, maintenanceWindows: [...windows] },
    destinationPackageVersions: versions && [...versions],
  }
}

interface Documents {
  readonly filled: string
  readonly original: string
}

/** jobs J67, J70, J105. */
function jobDocument(
  input: CreateJobRequest,
  found: Template,
  fetched: string | undefined,
): Outcome<Documents> {
  const { document, documentSource, documentParameters } = input
  if (document !== undefined && documentSource !== undefined) {
    return invalidRequest('document and documentSource exclude each other')
  }
  if (found.kind === 'managed') {
    if (document !== undefined || documentSource !== undefined) {
      return invalidRequest('a managed template brings its own document')
    }
    const refused = checkParameters(found.template, documentParameters ?? {})
    if (refused !== undefined) return refused
    const original = found.template.document
    return accept({ original, filled: fillParameters(original, documentParameters ?? {}) })
  }
  if (documentParameters !== undefined && Object.keys(documentParameters).length > 0) {
    return invalidRequest('documentParameters can only be used with a managed template')
  }
  const own = found.kind === 'own' ? found.template.document : undefined
  const text = document ?? (documentSource === undefined ? own : fetched)
  if (text === undefined || text === '') {
    return invalidRequest('a job needs a document, a documentSource or a job template')
  }
  return accept({ original: text, filled: text })
}

function toConfig(
  input: CreateJobRequest,
  jobArn: string,
  targets: readonly string[],
  documents: Documents,
  nowMs: number,
): JobConfig {
  return {
    ...present({
      documentSource: input.documentSource,
      description: input.description,
      namespaceId: input.namespaceId,
      jobTemplateArn: input.jobTemplateArn,
      documentParameters: input.documentParameters,
      presignedUrlConfig: input.presignedUrlConfig,
      jobExecutionsRolloutConfig: input.jobExecutionsRolloutConfig,
      abortConfig: input.abortConfig,
      timeoutConfig: input.timeoutConfig,
      jobExecutionsRetryConfig: input.jobExecutionsRetryConfig,
      schedulingConfig: input.schedulingConfig,
      destinationPackageVersions: input.destinationPackageVersions,
      documentBeforeSubstitution:
        documents.original === documents.filled ? undefined : documents.original,
    }),
    jobId: input.jobId ?? '',
    jobArn,
    targets,
    targetSelection: input.targetSelection === 'CONTINUOUS' ? 'CONTINUOUS' : 'SNAPSHOT',
    document: documents.filled,
    createdAtMs: nowMs,
  }
}
