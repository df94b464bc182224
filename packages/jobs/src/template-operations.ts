/**
 * Job templates, the customer's and AWS's (jobs J90, J91).
 */
import type {
  CreateJobTemplateRequest,
  CreateJobTemplateResponse,
  DeleteJobTemplateRequest,
  DescribeJobTemplateRequest,
  DescribeJobTemplateResponse,
  DescribeManagedJobTemplateRequest,
  DescribeManagedJobTemplateResponse,
  ListJobTemplatesRequest,
  ListJobTemplatesResponse,
  ListManagedJobTemplatesRequest,
  ListManagedJobTemplatesResponse,
} from '@aws-sdk/client-iot'
import {
  accept,
  invalidRequest,
  iotArn,
  nameInArn,
  present,
  refuse,
  type Outcome,
} from '@muster/model'
import { checkDocument } from './document.ts'
import { limitExceeded } from './invalid.ts'
import { checkConfig } from './check-config.ts'
import type { JobConfig } from './job.ts'
import { MANAGED_TEMPLATES, managedTemplateArn, type ManagedTemplate } from './managed-template.ts'
import { cutPage, readPage } from './page.ts'
import type { JobsContext } from './ports.ts'

const ID = /^[a-zA-Z0-9_-]{1,64}$/

/**
 * jobs J90.
 *
 * Fails with InvalidRequestException, ResourceNotFoundException for an unknown `jobArn`,
 * ConflictException for an id in use, LimitExceededException past the quota.
 *
 * @param fetched - the text behind `documentSource`
 */
export function createJobTemplate(
  ctx: JobsContext,
  input: CreateJobTemplateRequest,
  nowMs: number,
  fetched: string | undefined,
): Outcome<CreateJobTemplateResponse> {
  const { jobTemplateId = '', description, jobArn } = input
  if (!ID.test(jobTemplateId)) {
    return invalidRequest(`jobTemplateId \`${jobTemplateId}\` does not match ${ID.source}`)
  }
  if (description === undefined || description === '') {
    return invalidRequest('a job template needs a description')
  }
  const job = sourceJob(ctx, jobArn)
  if (!job.ok) return job
  if (input.document !== undefined && input.documentSource !== undefined) {
    return invalidRequest('document and documentSource exclude each other')
  }
  const from = job.value
  const document =
    input.document ??
    (input.documentSource === undefined
      ? (from?.documentBeforeSubstitution ?? from?.document)
      : fetched)
  if (document === undefined || document === '') {
    return invalidRequest('a job template needs a document, a documentSource or a jobArn')
  }
  const documentSource =
    input.documentSource ?? (input.document === undefined ? from?.documentSource : undefined)
  const windows = input.maintenanceWindows ?? from?.schedulingConfig?.maintenanceWindows
  const optional = {
    documentSource,
    presignedUrlConfig: input.presignedUrlConfig ?? from?.presignedUrlConfig,
    jobExecutionsRolloutConfig:
      input.jobExecutionsRolloutConfig ?? from?.jobExecutionsRolloutConfig,
    abortConfig: input.abortConfig ?? from?.abortConfig,
    timeoutConfig: input.timeoutConfig ?? from?.timeoutConfig,
    jobExecutionsRetryConfig: input.jobExecutionsRetryConfig ?? from?.jobExecutionsRetryConfig,
    maintenanceWindows: windows,
    destinationPackageVersions:
      input.destinationPackageVersions ?? from?.destinationPackageVersions,
  }
  const refused = checkConfig({ ...optional, tags: input.tags })
  if (refused !== undefined) return refused
  const checked = checkDocument(document, optional.presignedUrlConfig?.roleArn)
  if (!checked.ok) return checked
  const jobTemplateArn = iotArn(ctx.account, 'jobtemplate', jobTemplateId)
  if (ctx.state.template(jobTemplateId) !== undefined) {
    const members = { resourceId: jobTemplateId }
    return refuse('ConflictException', `job template \`${jobTemplateId}\` already exists`, members)
  }
  if (ctx.state.countTemplates() >= ctx.limits.jobTemplatesMax) {
    return limitExceeded(`the account has ${ctx.limits.jobTemplatesMax} job templates`)
  }
  ctx.state.putTemplate({
    ...present(optional),
    jobTemplateId,
    jobTemplateArn,
    description,
    document,
    createdAtMs: nowMs,
  })
  if (input.tags !== undefined) ctx.registry.addTags(jobTemplateArn, input.tags)
  return accept({ jobTemplateArn, jobTemplateId })
}

function sourceJob(ctx: JobsContext, jobArn: string | undefined): Outcome<JobConfig | undefined> {
  if (jobArn === undefined) return accept(undefined)
  const jobId = nameInArn(ctx.account, 'job', jobArn)
  if (jobId === undefined) return invalidRequest(`jobArn \`${jobArn}\` is not the ARN of a job`)
  const job = ctx.state.job(jobId)
  if (job === undefined) {
    return refuse('ResourceNotFoundException', `job \`${jobArn}\` does not exist`)
  }
  return accept(job.config)
}

/** Fails with ResourceNotFoundException. */
export function describeJobTemplate(
  ctx: JobsContext,
  input: DescribeJobTemplateRequest,
): Outcome<DescribeJobTemplateResponse> {
  const template = ctx.state.template(input.jobTemplateId ?? '')
  if (template === undefined) return noTemplate(input.jobTemplateId)
  const { createdAtMs, ...members } = template
  return accept({
    ...(members as DescribeJobTemplateResponse),
    createdAt: new Date(createdAtMs),
  })
}

/** Fails with ResourceNotFoundException. */
export function deleteJobTemplate(
  ctx: JobsContext,
  input: DeleteJobTemplateRequest,
): Outcome<Record<never, never>> {
  const template = ctx.state.template(input.jobTemplateId ?? '')
  if (template === undefined) return noTemplate(input.jobTemplateId)
  ctx.state.deleteTemplate(template.jobTemplateId)
  ctx.registry.dropTags(template.jobTemplateArn)
  return accept({})
}

/** By id; fails with InvalidRequestException for a page. */
export function listJobTemplates(
  ctx: JobsContext,
  input: ListJobTemplatesRequest,
): Outcome<ListJobTemplatesResponse> {
  const page = readPage('jobTemplates', input.maxResults, input.nextToken)
  if (!page.ok) return page
  const { limit, after } = page.value
  const found = ctx.state.templates(after && String(after[0]), limit + 1)
  const { entries, next } = cutPage(page.value, found, (last) => [last.jobTemplateId])
  return accept({
    jobTemplates: entries.map(({ jobTemplateArn, jobTemplateId, description, createdAtMs }) => ({
      jobTemplateArn,
      jobTemplateId,
      description,
      createdAt: new Date(createdAtMs),
    })),
    ...next,
  })
}

/** jobs J91; fails with ResourceNotFoundException. */
export function describeManagedJobTemplate(
  ctx: JobsContext,
  input: DescribeManagedJobTemplateRequest,
): Outcome<DescribeManagedJobTemplateResponse> {
  const { templateName = '', templateVersion } = input
  const template = MANAGED_TEMPLATES.find(({ name }) => name === templateName)
  if (
    template === undefined ||
    (templateVersion !== undefined && templateVersion !== template.version)
  ) {
    const version = templateVersion === undefined ? '' : ` of version ${templateVersion}`
    return refuse(
      'ResourceNotFoundException',
      `managed job template \`${templateName}\`${version} does not exist`,
    )
  }
  return accept({
    ...managedSummary(ctx, template),
    documentParameters: template.parameters.map((parameter) => ({ ...parameter })),
    document: template.document,
  })
}

/** Fails with InvalidRequestException for a page, ResourceNotFoundException for a name. */
export function listManagedJobTemplates(
  ctx: JobsContext,
  input: ListManagedJobTemplatesRequest,
): Outcome<ListManagedJobTemplatesResponse> {
  const { templateName } = input
  const list = `managedJobTemplates ${templateName ?? ''}`
  const page = readPage(list, input.maxResults, input.nextToken)
  if (!page.ok) return page
  const { limit, after } = page.value
  const matching = MANAGED_TEMPLATES.filter(
    ({ name }) => templateName === undefined || name === templateName,
  )
  if (matching.length === 0) {
    return refuse(
      'ResourceNotFoundException',
      `managed job template \`${templateName ?? ''}\` does not exist`,
    )
  }
  const start = after === undefined ? 0 : matching.findIndex(({ name }) => name === after[0]) + 1
  const found = matching.slice(start, start + limit + 1)
  const { entries, next } = cutPage(page.value, found, (last) => [last.name])
  return accept({
    managedJobTemplates: entries.map((template) => managedSummary(ctx, template)),
    ...next,
  })
}

function managedSummary(
  ctx: JobsContext,
  template: ManagedTemplate,
): Omit<DescribeManagedJobTemplateResponse, 'document' | 'documentParameters'> {
  return {
    templateName: template.name,
    templateArn: managedTemplateArn(ctx.account, template),
    description: template.description,
    templateVersion: template.version,
    environments: ['LINUX'],
  }
}

function noTemplate(jobTemplateId: string | undefined): Outcome<never> {
  return refuse(
    'ResourceNotFoundException',
    `job template \`${jobTemplateId ?? ''}\` does not exist`,
  )
}
