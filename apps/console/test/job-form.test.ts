import { describe, expect, it } from 'vitest'
import {
  createJobRequest,
  emptyForm,
  formLike,
  problemsIn,
  thingNames,
  type JobForm,
} from '../src/jobs/create/job-form.ts'

const arns = { thing: (name: string) => `thing/${name}`, group: (name: string) => `group/${name}` }
const good: JobForm = { ...emptyForm('1'), groups: ['fleet'] }

describe('create-job form', () => {
  it('makes a staged rollout of what it begins with', () => {
    expect(problemsIn(good)).toEqual({})
    expect(createJobRequest(good, arns)).toEqual({
      jobId: 'job-1',
      targets: ['group/fleet'],
      document: good.document,
      targetSelection: 'SNAPSHOT',
      jobExecutionsRolloutConfig: {
        maximumPerMinute: 1000,
        exponentialRate: {
          baseRatePerMinute: 50,
          incrementFactor: 2,
          rateIncreaseCriteria: { numberOfSucceededThings: 50 },
        },
      },
    })
  })

  it('adds abort, timeout and retry only where they were asked for', () => {
    const form: JobForm = {
      ...good,
      things: 'a, b\na',
      continuous: true,
      rollout: 'constant',
      maximumPerMinute: '60',
      abortType: 'FAILED',
      timeoutMinutes: '5',
      retries: '2',
    }
    expect(createJobRequest(form, arns)).toMatchObject({
      targets: ['group/fleet', 'thing/a', 'thing/b'],
      targetSelection: 'CONTINUOUS',
      jobExecutionsRolloutConfig: { maximumPerMinute: 60 },
      abortConfig: {
        criteriaList: [
          {
            action: 'CANCEL',
            failureType: 'FAILED',
            thresholdPercentage: 20,
            minNumberOfExecutedThings: 10,
          },
        ],
      },
      timeoutConfig: { inProgressTimeoutInMinutes: 5 },
      jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'ALL', numberOfRetries: 2 }] },
    })
  })

  it.each<[keyof JobForm, Partial<JobForm>]>([
    ['jobId', { jobId: 'with space' }],
    ['things', { groups: [] }],
    ['things', { things: Array.from({ length: 101 }, (_, i) => `t${i}`).join(' ') }],
    ['document', { document: '{' }],
    ['document', { document: JSON.stringify('x'.repeat(32_768)) }],
    ['maximumPerMinute', { maximumPerMinute: '0' }],
    ['incrementFactor', { incrementFactor: '5.1' }],
    ['abortPercentage', { abortType: 'ALL', abortPercentage: '' }],
    ['timeoutMinutes', { timeoutMinutes: '10081' }],
    ['retries', { retries: '11' }],
  ])('jobs J66 to J71: says what is wrong with %s', (field, change) => {
    expect(Object.keys(problemsIn({ ...good, ...change }))).toEqual([field])
  })

  it('begins again with the things that failed', () => {
    const again = formLike(emptyForm('2'), { jobId: 'old' }, '{"a":1}', ['x', 'y'])
    expect(thingNames(again)).toEqual(['x', 'y'])
    expect(again).toMatchObject({ rollout: 'constant', document: '{"a":1}', jobId: 'job-2' })
  })
})
