/**
 * What UpdateJob refuses, in which order and with which words (jobs J79, J120, J121).
 */
import { describe, expect, it } from 'vitest'
import { Harness } from './harness.ts'
import { answer, badTimeout, invalid } from './answers.ts'
import { abort, rollout } from './job-inputs.ts'
import { RATE_REFUSALS } from './rate-refusals.ts'

describe('UpdateJob', () => {
  const zero = { timeoutConfig: { inProgressTimeoutInMinutes: 0 } }
  const badRole = { presignedUrlConfig: { roleArn: 'short' } }

  it.for<readonly [string, object, string]>([
    ['nothing', {}, invalid('Update Job request for job J1 cannot be empty.')],
    [
      'a namespace alone',
      { namespaceId: 'ns' },
      invalid('Update Job request for job J1 cannot be empty.'),
    ],
    ['timeout 0', zero, badTimeout(0)],
    [
      'timeout 10081',
      { timeoutConfig: { inProgressTimeoutInMinutes: 10_081 } },
      badTimeout(10_081),
    ],
    ['an empty timeout', { timeoutConfig: {} }, badTimeout('null')],
    ['no role', badRole, invalid('Given role short is invalid.')],
    ['timeout before rollout', { ...zero, jobExecutionsRolloutConfig: {} }, badTimeout(0)],
    ...RATE_REFUSALS.map(
      ([name, body, message]) => [name, { ...body, ...badRole }, invalid(message)] as const,
    ),
  ])('jobs J120: %s, whether or not the job exists', ([, body, message]) => {
    const harness = new Harness()
    expect(answer(harness, 'UpdateJob', { jobId: 'J1', ...body })).toBe(message)
    harness.create('J1')
    const before = harness.job('J1')
    expect(answer(harness, 'UpdateJob', { jobId: 'J1', ...body })).toBe(message)
    expect(harness.job('J1')).toEqual(before)
  })

  it('jobs J120: what breaks the model is told first, the missing job after what can be checked', () => {
    const harness = new Harness()
    const update = (body: object): string => answer(harness, 'UpdateJob', { jobId: 'J9', ...body })
    expect(update({ ...zero, description: '' })).toContain('validation error detected')
    expect(update(abort({ thresholdPercentage: 0 }))).toContain('ThresholdPercentage value 0.0')
    expect(update({ description: 'x' })).toBe('ResourceNotFoundException: Job J9 cannot be found.')
  })

  it('jobs J79: a member given replaces the stored one whole, counters and executions stay', () => {
    const harness = new Harness()
    harness.create('J1', { ...rollout({}), timeoutConfig: { inProgressTimeoutInMinutes: 5 } })
    harness.ask('T1', 'start-next')
    const before = harness.execution('J1', 'T1')
    harness.advance(1)
    const update = { jobId: 'J1', jobExecutionsRolloutConfig: { maximumPerMinute: 30 } }
    expect(harness.operate('UpdateJob', update)).toEqual({ ok: true, value: {} })
    expect(harness.job('J1')).toMatchObject({
      jobExecutionsRolloutConfig: { maximumPerMinute: 30 },
      timeoutConfig: { inProgressTimeoutInMinutes: 5 },
      jobProcessDetails: { numberOfInProgressThings: 1 },
      lastUpdatedAt: new Date(harness.nowMs),
    })
    expect(harness.job('J1')['jobExecutionsRolloutConfig']).not.toHaveProperty('exponentialRate')
    expect(harness.execution('J1', 'T1')).toMatchObject({ status: before['status'] })
  })

  it.for(['CANCELED', 'COMPLETED'])('jobs J79: a job that is %s cannot be updated', (status) => {
    const harness = new Harness()
    harness.create('J1')
    if (status === 'CANCELED') harness.operate('CancelJob', { jobId: 'J1' })
    else harness.ask('T1', 'J1/update', { status: 'SUCCEEDED' })
    expect(answer(harness, 'UpdateJob', { jobId: 'J1', description: 'late' })).toBe(
      invalid(`Job J1 in status ${status} cannot be updated.`),
    )
  })

  const criteria = (...pairs: readonly (readonly [string, number])[]): object => ({
    criteriaList: pairs.map(([failureType, numberOfRetries]) => ({ failureType, numberOfRetries })),
  })

  it.for<readonly [object | undefined, object, string]>([
    [
      undefined,
      criteria(['FAILED', 2]),
      'The number of retries cannot be updated to any number other than 0.',
    ],
    [
      undefined,
      criteria(['FAILED', 0]),
      'RetryConfig cannot be updated if the job has no RetryConfig defined during creation.',
    ],
    [
      criteria(['FAILED', 2], ['TIMED_OUT', 3]),
      criteria(['FAILED', 0], ['ALL', 0]),
      'A retryCriteria with failure type ALL must be used by itself.',
    ],
    [
      criteria(['FAILED', 2], ['TIMED_OUT', 3]),
      criteria(['FAILED', 0]),
      'FailureTypes must match existing FailureTypes defined in RetryConfig.',
    ],
    [
      criteria(['FAILED', 2]),
      criteria(['TIMED_OUT', 0]),
      'FailureTypes must match existing FailureTypes defined in RetryConfig.',
    ],
  ])('jobs J121: created with %j, %j is refused', ([created, changed, message]) => {
    const harness = new Harness()
    harness.create(
      'J1',
      created === undefined ? {} : { jobExecutionsRetryConfig: created as never },
    )
    const update = { jobId: 'J1', jobExecutionsRetryConfig: changed }
    expect(answer(harness, 'UpdateJob', update)).toBe(invalid(message))
  })

  it('jobs J121: down to 0, in any order, is stored as sent', () => {
    const harness = new Harness()
    const created = criteria(['FAILED', 2], ['TIMED_OUT', 3]) as never
    harness.create('J1', { jobExecutionsRetryConfig: created })
    const jobExecutionsRetryConfig = criteria(['TIMED_OUT', 0], ['FAILED', 0])
    const update = { jobId: 'J1', jobExecutionsRetryConfig }
    expect(answer(harness, 'UpdateJob', update)).toBe('ok')
    expect(harness.job('J1')).toMatchObject({ jobExecutionsRetryConfig })
  })
})
