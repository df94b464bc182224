/**
 * CreateJob (jobs J66 to J72).
 */
import type { CreateJobRequest, CreateJobResponse } from '@aws-sdk/client-iot'
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
import {
  checkDocument,
  checkShape,
  noDocument,
  REQUEST_INPUT,
  twoDocuments,
  type DocumentUse,
} from './check-document.ts'
import { fillParameters } from './document.ts'
import { limitExceeded, noSuchTemplate } from './invalid.ts'
import { checkConfig, checkRetryTypes, checkTimeoutGiven } from './check-config.ts'
import { checkSchedule } from './check-schedule.ts'
import { initialProgress, type Job, type JobConfig } from './job.ts'
import type { JobTemplate } from './job-template.ts'
import { managedTemplateOfArn, checkParameters, type ManagedTemplate } from './managed-template.ts'
import { fillPackages, hasPackages, type PackageDocument } from './package-placeholders.ts'
import { findDestinations, type Destination } from './package-versions.ts'
import type { JobsContext } from './ports.ts'
import { beginRollout, queueResolvedTargets, rollOut } from './rollout.ts'
import { armSchedule } from './schedule.ts'

const ID = /^[a-zA-Z0-9_-]{1,64}$/
const TARGET = /^arn:aws[a-z-]*:iot:[^:]*:\d{12}:(thing|thinggroup)\/([a-zA-Z0-9:_-]{1,128})$/

/**
 * Creates a job and, unless it is scheduled, begins its rollout.
 *
 * Fails with InvalidRequestException for malformed members (jobs J66 to J71, J99),
 * ResourceNotFoundException for an unknown target or template, ResourceAlreadyExistsException for
 * a job id in use (J69), LimitExceededException for a quota.
 *
 * @param fetched - the text behind `documentSource`, which only a shell can fetch
 * @param byService - whether a service of AWS's wrote the document (neighbours N97)
 */
export function createJob(
  ctx: JobsContext,
  input: CreateJobRequest,
  nowMs: number,
  fetched: string | undefined,
  byService = false,
): Outcome<CreateJobResponse> {
  const { jobId = '' } = input
  if (!ID.test(jobId)) return invalidRequest(`jobId \`${jobId}\` does not match ${ID.source}`)
  const template = findTemplate(ctx, input.jobTemplateArn)
  if (!template.ok) return template
  const merged = mergeTemplate(input, template.value)
  const refused =
    checkTimeoutGiven(input.timeoutConfig) ??
    checkConfig(merged) ??
    checkRetryTypes(merged.jobExecutionsRetryConfig?.criteriaList) ??
    checkSchedule(merged.schedulingConfig, input.targetSelection === 'CONTINUOUS', nowMs)
  if (refused !== undefined) return refused
  const documents = jobDocument(input, template.value, fetched)
  if (!documents.ok) return documents
  const { roleArn } = merged.presignedUrlConfig ?? {}
  const where = merged.documentSource ?? REQUEST_INPUT
  const use = { id: jobId, roleArn, where, byService }
  const packaged = packagesFilled(ctx, merged, documents.value.filled, use)
  if (!packaged.ok) return packaged
  const targets = checkTargets(ctx, input.targets)
  if (!targets.ok) return targets
  const jobArn = iotArn(ctx.account, 'job', jobId)
  if (ctx.state.job(jobId) !== undefined) {
    const members = { resourceId: jobId, resourceArn: jobArn }
    return refuse('ResourceAlreadyExistsException', `Job ${jobId} already exists.`, members)
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
    config: {
      ...toConfig(merged, jobArn, targets.value, documents.value, nowMs),
      ...packageConfig(merged, documents.value, packaged.value),
    },
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
    const [, type, name = ''] = TARGET.exec(arn) ?? []
    if (type === undefined) {
      return invalidRequest(`target \`${arn}\` is not the ARN of a thing or thing group`)
    }
    // A target of another account or region is one that nobody here can find.
    const isOurs = arn === iotArn(ctx.account, type === 'thing' ? 'thing' : 'thinggroup', name)
    const { registry } = ctx
    const exists = type === 'thing' ? registry.thingExists(name) : registry.groupExists(name)
    if (!isOurs || !exists) {
      const what = type === 'thing' ? 'Thing' : 'Thing Group'
      return refuse('ResourceNotFoundException', `${what} ${name} cannot be found.`)
    }
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
  const [type = '', id = ''] = parseArn(arn)?.resource.split('/', 2) ?? []
  if (type !== 'jobtemplate') {
    return invalidRequest(
      `Resource type should be jobtemplate but found invalid resource type ${type}`,
    )
  }
  const own = nameInArn(ctx.account, 'jobtemplate', arn) === id ? ctx.state.template(id) : undefined
  return own === undefined ? noSuchTemplate(id) : accept({ kind: 'own', template: own })
}

/**
 * Each member of the request replaces the template's whole; the description is never taken over
 * (jobs J70).
 */
function mergeTemplate(input: CreateJobRequest, found: Template): CreateJobRequest {
  if (found.kind !== 'own') return input
  const { template } = found
  const windows = input.schedulingConfig?.maintenanceWindows ?? template.maintenanceWindows
  const versions = input.destinationPackageVersions ?? template.destinationPackageVersions
  return {
    ...input,
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
  if (document !== undefined && documentSource !== undefined) return twoDocuments()
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
  const text =
    document === '' ? undefined : (document ?? (documentSource === undefined ? own : fetched))
  if (text === undefined) return noDocument()
  return accept({ original: text, filled: text })
}

/** What a job's packages came to. */
interface Packaged {
  readonly destinations: readonly Destination[]
  readonly filled: PackageDocument
}

/** The document's own faults come first, then those of the destinations, then both together. */
function packagesFilled(
  ctx: JobsContext,
  { destinationPackageVersions, presignedUrlConfig }: CreateJobRequest,
  document: string,
  use: DocumentUse,
): Outcome<Packaged> {
  const early = hasPackages(document) ? checkShape(document, use) : checkDocument(document, use)
  if (early !== undefined) return early
  const destinations = findDestinations(ctx, destinationPackageVersions)
  if (!destinations.ok) return destinations
  if (use.byService === true) {
    return accept({ destinations: destinations.value, filled: { document, artifacts: {} } })
  }
  const { roleArn } = presignedUrlConfig ?? {}
  const filled = fillPackages(ctx, document, destinations.value, roleArn)
  if (!filled.ok) return filled
  const late = checkDocument(filled.value.document, use)
  return late ?? accept({ destinations: destinations.value, filled: filled.value })
}

/** Members of the configuration that packages change. */
function packageConfig(
  { destinationPackageVersions = [] }: CreateJobRequest,
  { original }: Documents,
  { destinations, filled: { artifacts, document } }: Packaged,
): Partial<JobConfig> & Pick<JobConfig, 'document'> {
  const resolved = destinations.map(({ arn }) => arn)
  const isSubstituted = resolved.some((arn, place) => arn !== destinationPackageVersions[place])
  return {
    document,
    ...(document !== original && { documentBeforeSubstitution: original }),
    ...(resolved.length > 0 && { destinationPackageVersions: resolved }),
    ...(isSubstituted && { destinationsBeforeSubstitution: destinationPackageVersions }),
    ...(Object.keys(artifacts).length > 0 && { packageArtifacts: artifacts }),
  }
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
