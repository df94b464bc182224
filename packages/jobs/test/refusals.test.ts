/**
 * What AWS refuses with which words, of jobs, templates and executions (jobs J63, J84 to J96, J122 to J128).
 */
import type { CreateJobRequest } from '@aws-sdk/client-iot'
import { describe, expect, it } from 'vitest'
import { Harness } from './harness.ts'
import { answer, badTimeout, invalid } from './answers.ts'
import { abort, rollout } from './job-inputs.ts'
import { RATE_REFUSALS } from './rate-refusals.ts'

const arn = 'arn:aws:iot:us-east-1:123456789012'

describe('CreateJob', () => {
  it.for(RATE_REFUSALS)('jobs J95, J127: a rate with %s', ([, body, message]) => {
    const harness = new Harness()
    expect(harness.create('J1', body)).toMatchObject({ error: { message } })
    const template = { jobTemplateId: 't', description: 'd', document: '{}', ...body }
    expect(answer(harness, 'CreateJobTemplate', template)).toBe(invalid(message))
  })

  it('jobs J127: a base equal to the maximum is accepted', () => {
    const { jobExecutionsRolloutConfig } = rollout({ baseRatePerMinute: 20 })
    const equal = {
      jobExecutionsRolloutConfig: { ...jobExecutionsRolloutConfig, maximumPerMinute: 20 },
    }
    expect(new Harness().create('J1', equal).ok).toBe(true)
  })

  const criterion = { action: 'CANCEL', thresholdPercentage: 50, minNumberOfExecutedThings: 1 }
  const criteriaList = (...list: readonly object[]): Partial<CreateJobRequest> => ({
    abortConfig: { criteriaList: list as never },
  })
  const positive = (text: string): string =>
    `ThresholdPercentage value ${text} for AbortCriteria must have value greater than 0`
  const repeated = 'Multiple AbortCriteria cannot have the same failure type'
  const decimals = 'Abort thresholdPercentage must have two or less decimal digits'

  it.for<readonly [string, Partial<CreateJobRequest>, string]>([
    ['a threshold of 0', abort({ thresholdPercentage: 0 }), positive('0.0')],
    ['one below', abort({ thresholdPercentage: -0.001 }), positive('-0.001')],
    ['three decimals', abort({ thresholdPercentage: 10.999 }), decimals],
    [
      'a type twice, told before its own threshold',
      criteriaList(
        { ...criterion, failureType: 'FAILED' },
        { ...criterion, failureType: 'FAILED', thresholdPercentage: 0 },
      ),
      repeated,
    ],
    [
      'the first criterion first',
      criteriaList(
        { ...criterion, failureType: 'FAILED', thresholdPercentage: 10.999 },
        { ...criterion, failureType: 'FAILED' },
      ),
      decimals,
    ],
  ])('jobs J96: an abort with %s', ([, more, message]) => {
    expect(new Harness().create('J1', more)).toMatchObject({ error: { message } })
  })

  it('jobs J63: ALL stands alone among the retries', () => {
    const pair = ['ALL', 'FAILED'].map((failureType) => ({ failureType, numberOfRetries: 1 }))
    const jobExecutionsRetryConfig = { criteriaList: pair as never }
    expect(new Harness().create('J1', { jobExecutionsRetryConfig })).toMatchObject({
      error: { message: 'A retryCriteria with failure type ALL must be used by itself.' },
    })
  })

  it.for<readonly [Partial<CreateJobRequest>, string]>([
    [{ targets: [`${arn}:thing/T9`] }, 'Thing T9 cannot be found.'],
    [{ targets: [`${arn}:thinggroup/G9`] }, 'Thing Group G9 cannot be found.'],
    [{ targets: ['arn:aws:iot:eu-west-1:123456789012:thing/T1'] }, 'Thing T1 cannot be found.'],
    [{ jobTemplateArn: `${arn}:jobtemplate/X` }, 'Job Template X cannot be found.'],
  ])('jobs J66, J70: %j is not found', ([more, message]) => {
    expect(new Harness().create('J1', more)).toMatchObject({
      error: { code: 'ResourceNotFoundException', message },
    })
  })

  it('jobs J70: the ARN of something else is no template', () => {
    const harness = new Harness()
    expect(harness.create('J1', { jobTemplateArn: `${arn}:job/J0` })).toMatchObject({
      error: {
        code: 'InvalidRequestException',
        message: 'Resource type should be jobtemplate but found invalid resource type job',
      },
    })
  })

  it('jobs J126: unset, three configurations are empty and the others absent', () => {
    const harness = new Harness()
    harness.create('J1')
    const job = harness.job('J1')
    expect(job).toMatchObject({ timeoutConfig: {}, schedulingConfig: {}, presignedUrlConfig: {} })
    for (const member of ['abortConfig', 'description', 'jobExecutionsRetryConfig']) {
      expect(job[member], member).toBeUndefined()
    }
    expect(job).toMatchObject({
      isConcurrent: false,
      jobProcessDetails: { processingTargets: undefined },
    })
  })
})

describe('templates', () => {
  const base = { jobTemplateId: 't', description: 'd' }

  it('jobs J122: an unset member is null, or an object of nulls', () => {
    const harness = new Harness()
    harness.operate('CreateJobTemplate', { ...base, document: '{}' })
    expect(harness.operate('DescribeJobTemplate', { jobTemplateId: 't' })).toEqual({
      ok: true,
      value: {
        jobTemplateArn: `${arn}:jobtemplate/t`,
        jobTemplateId: 't',
        description: 'd',
        documentSource: null,
        document: '{}',
        createdAt: new Date(harness.nowMs),
        presignedUrlConfig: { roleArn: null, expiresInSec: null },
        jobExecutionsRolloutConfig: { maximumPerMinute: null, exponentialRate: null },
        abortConfig: null,
        timeoutConfig: { inProgressTimeoutInMinutes: null },
        jobExecutionsRetryConfig: null,
        maintenanceWindows: null,
        destinationPackageVersions: null,
      },
    })
  })

  it('jobs J89, J122: lists are newest first and hold four members', () => {
    const harness = new Harness()
    for (const jobTemplateId of ['b', 'a', 'c']) {
      harness.operate('CreateJobTemplate', { ...base, jobTemplateId, document: '{}' })
      harness.advance(1)
    }
    const pages: string[][] = []
    let nextToken: string | undefined
    do {
      const listed = harness.engine.listJobTemplates({ maxResults: 2, nextToken })
      if (!listed.ok) throw new Error(listed.error.message)
      const { jobTemplates = [] } = listed.value
      pages.push(jobTemplates.map(({ jobTemplateId }) => jobTemplateId ?? ''))
      for (const entry of jobTemplates) {
        expect(Object.keys(entry).sort()).toEqual([
          'createdAt',
          'description',
          'jobTemplateArn',
          'jobTemplateId',
        ])
      }
      nextToken = listed.value.nextToken
    } while (nextToken !== undefined)
    expect(pages).toEqual([['c', 'a'], ['b']])
    expect(answer(harness, 'ListJobTemplates', { nextToken: 'garbage' })).toBe(
      invalid('Next token is invalid.'),
    )
  })

  it.for<readonly [string, object, string]>([
    [
      'two documents',
      { ...base, document: '{}', documentSource: 'https://s3.amazonaws.com/bkt/k' },
      invalid('Job document and job document source cannot be specified at the same time.'),
    ],
    ['no document', base, invalid('Neither job document nor job document source is specified.')],
    [
      'timeout 0',
      { ...base, document: '{}', timeoutConfig: { inProgressTimeoutInMinutes: 0 } },
      badTimeout(0),
    ],
    [
      'timeout 10081',
      { ...base, document: '{}', timeoutConfig: { inProgressTimeoutInMinutes: 10_081 } },
      badTimeout(10_081),
    ],
    ['an empty timeout', { ...base, document: '{}', timeoutConfig: {} }, 'ok'],
    [
      'the job of nobody',
      { ...base, jobArn: `${arn}:job/gone` },
      'ResourceNotFoundException: Job gone cannot be found.',
    ],
  ])('jobs J123: %s', ([, input, message]) => {
    expect(answer(new Harness(), 'CreateJobTemplate', input)).toBe(message)
  })

  it('jobs J90, J123: a duplicate conflicts, an unknown one cannot be found', () => {
    const harness = new Harness()
    harness.operate('CreateJobTemplate', { ...base, document: '{}' })
    expect(answer(harness, 'CreateJobTemplate', { ...base, document: '{}' })).toBe(
      'ConflictException: Job Template t already exists.',
    )
    for (const operation of ['DescribeJobTemplate', 'DeleteJobTemplate']) {
      expect(answer(harness, operation, { jobTemplateId: 'u' })).toBe(
        'ResourceNotFoundException: Job Template u cannot be found.',
      )
    }
  })

  it('jobs J90: of a job all but its description is taken over; the request wins', () => {
    const harness = new Harness()
    harness.create('J1', {
      description: 'of the job',
      timeoutConfig: { inProgressTimeoutInMinutes: 5 },
      ...abort({}),
    })
    const timeoutConfig = { inProgressTimeoutInMinutes: 9 }
    harness.operate('CreateJobTemplate', { ...base, jobArn: `${arn}:job/J1`, timeoutConfig })
    expect(harness.operate('DescribeJobTemplate', { jobTemplateId: 't' })).toMatchObject({
      value: { description: 'd', document: '{"do":"it"}', timeoutConfig, ...abort({}) },
    })
  })
})

describe('executions that are not there', () => {
  it.for<readonly [string, object, string]>([
    ['DescribeJob', { jobId: 'J9' }, 'Job J9 cannot be found.'],
    ['GetJobDocument', { jobId: 'J9' }, 'Job J9 cannot be found.'],
    ['CancelJob', { jobId: 'J9' }, 'Job J9 cannot be found.'],
    ['DeleteJob', { jobId: 'J9' }, 'Job J9 cannot be found.'],
    ['ListJobExecutionsForJob', { jobId: 'J9' }, 'Job J9 cannot be found.'],
    [
      'DescribeJobExecution',
      { jobId: 'J9', thingName: 'T1' },
      'Job execution cannot be found as the Job J9 does not exist.',
    ],
    [
      'CancelJobExecution',
      { jobId: 'J1', thingName: 'T9' },
      'Job execution for thing T9 cannot be found within job J1.',
    ],
    [
      'DescribeJobExecution',
      { jobId: 'J1', thingName: 'T1', executionNumber: 9 },
      'Job execution for thing T1 cannot be found within job J1.',
    ],
    [
      'DeleteJobExecution',
      { jobId: 'J1', thingName: 'T1', executionNumber: 2 },
      'Job execution for thing T1 cannot be found within job J1.',
    ],
  ])('jobs §4: %s of %j', ([operation, input, message]) => {
    const harness = new Harness()
    harness.create('J1')
    expect(answer(harness, operation, input)).toBe(`ResourceNotFoundException: ${message}`)
  })

  it.for(['DescribeJobExecution', 'DeleteJobExecution'])(
    'jobs J85, J86: %s of number 0 is invalid',
    (operation) => {
      const harness = new Harness()
      harness.create('J1')
      const input = { jobId: 'J1', thingName: 'T1', executionNumber: 0 }
      expect(answer(harness, operation, input)).toBe(invalid('Execution number is invalid.'))
    },
  )

  it('jobs J26, J33: a device hears of job and thing', () => {
    const harness = new Harness()
    harness.create('J1')
    for (const [thing, topic] of [
      ['T1', 'J9/get'],
      ['T9', 'J1/get'],
      ['T1', 'J9/update'],
    ] as const) {
      const { payload } = harness.ask(thing, topic, { status: 'SUCCEEDED' })
      const [job = ''] = topic.split('/')
      expect(payload).toMatchObject({
        code: 'ResourceNotFound',
        message: `Job ${job} not found for ${thing}`,
      })
    }
  })

  it('jobs J32, J84: an execution that has finished says how', () => {
    const harness = new Harness()
    harness.create('J1')
    harness.ask('T1', 'J1/update', { status: 'FAILED' })
    expect(harness.ask('T1', 'J1/update', { status: 'SUCCEEDED' }).payload).toMatchObject({
      message: 'Job J1 for T1 has already finished with status FAILED',
    })
    const cancel = { jobId: 'J1', thingName: 'T1', force: true }
    expect(answer(harness, 'CancelJobExecution', cancel)).toBe(
      'InvalidStateTransitionException: Job execution for thing T1 within job J1 cannot be canceled.',
    )
  })

  it('jobs J84, J85: what needs force says so', () => {
    const harness = new Harness()
    harness.create('J1')
    const execution = { jobId: 'J1', thingName: 'T1' }
    expect(answer(harness, 'CancelJobExecution', { ...execution, expectedVersion: 5 })).toBe(
      'VersionConflictException: Expected version 5 but found version 1',
    )
    harness.ask('T1', 'start-next')
    expect(answer(harness, 'DeleteJobExecution', { ...execution, executionNumber: 1 })).toBe(
      'InvalidStateTransitionException: Job execution for thing T1 within job J1 in status ' +
        'IN_PROGRESS cannot be deleted without force flag.',
    )
  })
})
