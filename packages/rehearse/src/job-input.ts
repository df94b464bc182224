/** The part of a job that decides how it rolls out: what a rehearsal makes its job of. */
import type { CreateJobRequest } from '@aws-sdk/client-iot'
import { iotArn, present, type Account } from '@muster/model'

/** Whose account a rehearsal imagines. */
export const ACCOUNT: Account = { region: 'us-east-1', accountId: '123456789012' }
/** The group that all devices of a rehearsal are in. */
export const EVERYBODY = 'everybody'

/**
 * CreateJob's input for the whole imagined fleet: rollout, abort, timeouts, retries and schedule are as
 * given. Document, targets, namespace, tags and packages have no say in a rollout and are left out.
 */
export function rehearsedJob(
  input: Partial<CreateJobRequest>,
): CreateJobRequest & { jobId: string } {
  const {
    abortConfig,
    jobExecutionsRetryConfig,
    jobExecutionsRolloutConfig,
    jobId = 'rehearsal',
    schedulingConfig,
    targetSelection,
    timeoutConfig,
  } = input
  return {
    jobId,
    targets: [iotArn(ACCOUNT, 'thinggroup', EVERYBODY)],
    document: '{}',
    ...present({
      abortConfig,
      jobExecutionsRetryConfig,
      jobExecutionsRolloutConfig,
      schedulingConfig,
      targetSelection,
      timeoutConfig,
    }),
  }
}
