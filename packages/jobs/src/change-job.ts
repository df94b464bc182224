/**
 * UpdateJob and AssociateTargetsWithJob (jobs J79, J83).
 */
import type {
  AssociateTargetsWithJobRequest,
  AssociateTargetsWithJobResponse,
  JobExecutionsRetryConfig,
  RetryCriteria,
  UpdateJobRequest,
} from '@aws-sdk/client-iot'
import {
  accept,
  invalidRequest,
  nameInArn,
  present,
  type Outcome,
  type Refused,
} from '@muster/model'
import { checkTargets } from './create-job.ts'
import { limitExceeded, noSuchJob } from './invalid.ts'
import { checkConfig, checkRetryTypes, checkTimeoutGiven } from './check-config.ts'
import { isLive, type Job, type JobConfig } from './job.ts'
import type { JobsContext } from './ports.ts'
import { resumeRollout, setRate } from './rollout.ts'
import { resolveTargets } from './targets.ts'

/**
 * Changes what may change of a live job: each member given replaces the stored one whole.
 *
 * Fails with InvalidRequestException for an empty request, malformed members, a job that is not
 * live, or retries other than down to 0 (jobs J120, J121), ResourceNotFoundException for an unknown
 * job or another namespace. What does not need the job is checked before the job is looked up.
 */
export function updateJob(
  ctx: JobsContext,
  input: UpdateJobRequest,
  nowMs: number,
): Outcome<Record<never, never>> {
  const { jobId = '', namespaceId } = input
  const changes = present({
    description: input.description,
    presignedUrlConfig: input.presignedUrlConfig,
    jobExecutionsRolloutConfig: input.jobExecutionsRolloutConfig,
    abortConfig: input.abortConfig,
    timeoutConfig: input.timeoutConfig,
    jobExecutionsRetryConfig: input.jobExecutionsRetryConfig,
  })
  if (Object.keys(changes).length === 0) {
    return invalidRequest(`Update Job request for job ${jobId} cannot be empty.`)
  }
  const refused = checkTimeoutGiven(input.timeoutConfig) ?? checkConfig(input)
  if (refused !== undefined) return refused
  const job = ctx.state.job(jobId)
  if (job === undefined) return noSuchJob(jobId)
  if (namespaceId !== undefined && namespaceId !== job.config.namespaceId) return noSuchJob(jobId)
  if (!isLive(job)) {
    return invalidRequest(`Job ${jobId} in status ${job.progress.status} cannot be updated.`)
  }
  const retries = checkRetriesChange(job, input.jobExecutionsRetryConfig)
  if (retries !== undefined) return retries
  const config: JobConfig = { ...job.config, ...changes }
  const changed: Job = { config, progress: job.progress }
  changed.progress.lastUpdatedAtMs = nowMs
  if (changed.progress.rollout.phase === 'rolling') setRate(ctx, changed)
  ctx.state.putJob(changed)
  if (changed.progress.rollout.phase === 'rolling' && changed.progress.status === 'IN_PROGRESS') {
    resumeRollout(ctx, changed, nowMs)
  }
  return accept({})
}

/** jobs J121. */
function checkRetriesChange(
  { config }: Job,
  changed: JobExecutionsRetryConfig | undefined,
): Refused | undefined {
  if (changed === undefined) return undefined
  const criteria = changed.criteriaList ?? []
  if (criteria.some(({ numberOfRetries }) => numberOfRetries !== 0)) {
    return invalidRequest('The number of retries cannot be updated to any number other than 0.')
  }
  const refused = checkRetryTypes(criteria)
  if (refused !== undefined) return refused
  const existing = config.jobExecutionsRetryConfig?.criteriaList
  if (existing === undefined) {
    return invalidRequest(
      'RetryConfig cannot be updated if the job has no RetryConfig defined during creation.',
    )
  }
  const [types, before] = [failureTypes(criteria), failureTypes(existing)]
  if (types.size === before.size && [...types].every((type) => before.has(type))) return undefined
  return invalidRequest('FailureTypes must match existing FailureTypes defined in RetryConfig.')
}

function failureTypes(criteria: readonly RetryCriteria[]): ReadonlySet<string | undefined> {
  return new Set(criteria.map(({ failureType }) => failureType))
}

/**
 * Adds groups to a running CONTINUOUS job; their things are rolled out at its rate.
 *
 * Fails with ResourceNotFoundException for an unknown job or group, InvalidRequestException for
 * any other job or target, LimitExceededException past 100 targets.
 */
export function associateTargets(
  ctx: JobsContext,
  input: AssociateTargetsWithJobRequest,
  nowMs: number,
): Outcome<AssociateTargetsWithJobResponse> {
  const { jobId = '', namespaceId, comment } = input
  const job = ctx.state.job(jobId)
  if (job === undefined) return noSuchJob(jobId)
  if (namespaceId !== undefined && namespaceId !== job.config.namespaceId) return noSuchJob(jobId)
  const { config, progress } = job
  if (config.targetSelection !== 'CONTINUOUS' || progress.status !== 'IN_PROGRESS') {
    return invalidRequest(`job \`${jobId}\` is not a CONTINUOUS job that is IN_PROGRESS`)
  }
  const targets = checkTargets(ctx, input.targets)
  if (!targets.ok) return targets
  const thing = targets.value.find((arn) => nameInArn(ctx.account, 'thing', arn) !== undefined)
  if (thing !== undefined) return invalidRequest(`target \`${thing}\` is not a thing group`)
  const all = [...new Set([...config.targets, ...targets.value])]
  if (all.length > ctx.limits.targetsPerJobMax) {
    return limitExceeded(`a job has at most ${ctx.limits.targetsPerJobMax} targets`)
  }
  const changed: Job = { config: { ...config, targets: all }, progress }
  progress.lastUpdatedAtMs = nowMs
  if (comment !== undefined) progress.comment = comment
  ctx.state.putJob(changed)
  const groups = new Set(
    targets.value.map((arn) => nameInArn(ctx.account, 'thinggroup', arn) ?? ''),
  )
  if (progress.ended !== true) {
    // Who waits already keeps its place, and waits once (jobs J76).
    const waiting = ctx.state.takeTargets(jobId, ctx.state.countTargets(jobId))
    const reached = resolveTargets(ctx, { things: new Set(), groups })
    ctx.state.queueTargets(jobId, [...new Set([...waiting, ...reached])])
    resumeRollout(ctx, changed, nowMs)
  }
  const { description, jobArn } = config
  return accept({ jobArn, jobId, description })
}
