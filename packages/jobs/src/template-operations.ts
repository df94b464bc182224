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
  parseArn,
  present,
  refuse,
  type Outcome,
} from '@muster/model'
import { limitExceeded, noSuchJob, noSuchTemplate } from './invalid.ts'
import { checkConfig, checkRetryTypes } from './check-config.ts'
import { checkDocument, noDocument, REQUEST_INPUT, twoDocuments } from './check-document.ts'
import type { JobConfig } from './job.ts'
import type { JobTemplate, TemplateConfigs } from './job-template.ts'
import { MANAGED_TEMPLATES, managedTemplateArn, type ManagedTemplate } from './managed-template.ts'
import { cutPage, readPage } from './page.ts'
import { fillPackages } from './package-placeholders.ts'
import { findDestinations } from './package-versions.ts'
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
  const { jobTemplateId = '', description = '', jobArn } = input
  if (!ID.test(jobTemplateId)) {
    return invalidRequest(`jobTemplateId \`${jobTemplateId}\` does not match ${ID.source}`)
  }
  const job = sourceJob(ctx, jobArn)
  if (!job.ok) return job
  const given = present({
    presignedUrlConfig: input.presignedUrlConfig,
    jobExecutionsRolloutConfig: input.jobExecutionsRolloutConfig,
    abortConfig: input.abortConfig,
    timeoutConfig: input.timeoutConfig,
    jobExecutionsRetryConfig: input.jobExecutionsRetryConfig,
    maintenanceWindows: input.maintenanceWindows,
    destinationPackageVersions: input.destinationPackageVersions,
  })
  const configs = { ...configsOf(job.value), ...given }
  const refused =
    checkConfig({ ...configs, tags: input.tags }) ??
    checkRetryTypes(configs.jobExecutionsRetryConfig?.criteriaList)
  if (refused !== undefined) return refused
  const documents = templateDocument(input, job.value, fetched)
  if (!documents.ok) return documents
  const { document, documentSource } = documents.value
  const { roleArn } = configs.presignedUrlConfig ?? {}
  const where = documentSource ?? REQUEST_INPUT
  const filled = filledOnTrial(ctx, configs, document)
  const unfit = filled.ok
    ? checkDocument(filled.value, { id: jobTemplateId, roleArn, where })
    : filled
  if (unfit !== undefined) return unfit
  const jobTemplateArn = iotArn(ctx.account, 'jobtemplate', jobTemplateId)
  if (ctx.state.template(jobTemplateId) !== undefined) {
    const members = { resourceId: jobTemplateId }
    return refuse('ConflictException', `Job Template ${jobTemplateId} already exists.`, members)
  }
  if (ctx.state.countTemplates() >= ctx.limits.jobTemplatesMax) {
    return limitExceeded(`the account has ${ctx.limits.jobTemplatesMax} job templates`)
  }
  ctx.state.putTemplate({
    ...configs,
    ...present({ documentSource }),
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
  const [type, jobId = ''] = parseArn(jobArn)?.resource.split('/', 2) ?? []
  if (type !== 'job') return invalidRequest(`jobArn \`${jobArn}\` is not the ARN of a job`)
  const isOurs = nameInArn(ctx.account, 'job', jobArn) === jobId
  const job = isOurs ? ctx.state.job(jobId) : undefined
  return job === undefined ? noSuchJob(jobId) : accept(job.config)
}

/** Its destinations must be there; a document is filled in with each job (neighbours N64, N65). */
function filledOnTrial(
  ctx: JobsContext,
  { destinationPackageVersions, presignedUrlConfig }: TemplateConfigs,
  document: string,
): Outcome<string> {
  const destinations = findDestinations(ctx, destinationPackageVersions)
  if (!destinations.ok) return destinations
  const { roleArn } = presignedUrlConfig ?? {}
  const filled = fillPackages(ctx, document, destinations.value, roleArn)
  return filled.ok ? accept(filled.value.document) : filled
}

/** What a template takes over from a job: not its description (jobs J90). */
function configsOf(job: JobConfig | undefined): TemplateConfigs {
  return present({
    presignedUrlConfig: job?.presignedUrlConfig,
    jobExecutionsRolloutConfig: job?.jobExecutionsRolloutConfig,
    abortConfig: job?.abortConfig,
    timeoutConfig: job?.timeoutConfig,
    jobExecutionsRetryConfig: job?.jobExecutionsRetryConfig,
    maintenanceWindows: job?.schedulingConfig?.maintenanceWindows,
    destinationPackageVersions:
      job?.destinationsBeforeSubstitution ?? job?.destinationPackageVersions,
  })
}

/** A document or source of the request replaces both of the job's (jobs J90, J123). */
function templateDocument(
  { document, documentSource }: CreateJobTemplateRequest,
  job: JobConfig | undefined,
  fetched: string | undefined,
): Outcome<{ readonly document: string; readonly documentSource: string | undefined }> {
  if (document !== undefined && documentSource !== undefined) return twoDocuments()
  if (document === '') return noDocument()
  if (document !== undefined) return accept({ document, documentSource })
  if (documentSource !== undefined) {
    return fetched === undefined ? noDocument() : accept({ document: fetched, documentSource })
  }
  if (job === undefined) return noDocument()
  return accept({
    document: job.documentBeforeSubstitution ?? job.document,
    documentSource: job.documentSource,
  })
}

/** Fails with ResourceNotFoundException. */
export function describeJobTemplate(
  ctx: JobsContext,
  input: DescribeJobTemplateRequest,
): Outcome<DescribeJobTemplateResponse> {
  const template = ctx.state.template(input.jobTemplateId ?? '')
  if (template === undefined) return noSuchTemplate(input.jobTemplateId)
  return accept(writtenWhole(template))
}

/** Every member is written, as null when it is unset, or as an object of nulls (jobs J122). */
function writtenWhole(template: JobTemplate): DescribeJobTemplateResponse {
  const { timeoutConfig, presignedUrlConfig, jobExecutionsRolloutConfig } = template
  const members = {
    jobTemplateArn: template.jobTemplateArn,
    jobTemplateId: template.jobTemplateId,
    description: template.description,
    documentSource: template.documentSource ?? null,
    document: template.document,
    createdAt: new Date(template.createdAtMs),
    presignedUrlConfig: { roleArn: null, expiresInSec: null, ...presignedUrlConfig },
    jobExecutionsRolloutConfig: {
      maximumPerMinute: null,
      exponentialRate: null,
      ...jobExecutionsRolloutConfig,
    },
    abortConfig: template.abortConfig ?? null,
    timeoutConfig: { inProgressTimeoutInMinutes: null, ...timeoutConfig },
    jobExecutionsRetryConfig: template.jobExecutionsRetryConfig ?? null,
    maintenanceWindows: template.maintenanceWindows ?? null,
    destinationPackageVersions: template.destinationPackageVersions ?? null,
  }
  // The SDK's types know no null.
  return members as unknown as DescribeJobTemplateResponse
}

/** Fails with ResourceNotFoundException. */
export function deleteJobTemplate(
  ctx: JobsContext,
  input: DeleteJobTemplateRequest,
): Outcome<Record<never, never>> {
  const template = ctx.state.template(input.jobTemplateId ?? '')
  if (template === undefined) return noSuchTemplate(input.jobTemplateId)
  ctx.state.deleteTemplate(template.jobTemplateId)
  ctx.registry.dropTags(template.jobTemplateArn)
  return accept({})
}

/** Newest first; fails with InvalidRequestException for a page. */
export function listJobTemplates(
  ctx: JobsContext,
  input: ListJobTemplatesRequest,
): Outcome<ListJobTemplatesResponse> {
  const page = readPage('jobTemplates', input.maxResults, input.nextToken)
  if (!page.ok) return page
  const { limit, after } = page.value
  const start = after && { createdAtMs: Number(after[0]), jobTemplateId: String(after[1]) }
  const found = ctx.state.templates(start, limit + 1)
  const { entries, next } = cutPage(page.value, found, (last) => [
    last.createdAtMs,
    last.jobTemplateId,
  ])
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
