/** The wizard's form: what is wrong with it, and what becomes of it. */
import { describe, expect, it } from 'vitest'
import { emptyForm, thingNames, type JobForm } from '../src/jobs/create/job-form.ts'
import { firstFaultyStep, problemsIn } from '../src/jobs/create/job-problems.ts'
import { configsInForm, createJobRequest, leavesOut } from '../src/jobs/create/job-request.ts'
import { startOf } from '../src/jobs/create/job-start.ts'
import { parameterFaults } from '../src/jobs/create/managed-parameters.ts'
import { templateRequest } from '../src/jobs/create/template-request.ts'
import {
  nightly,
  windowFault,
  windowInWords,
  windowOf,
  windowRequest,
  windowSpans,
} from '../src/jobs/create/window-form.ts'

const good: JobForm = { ...emptyForm('1'), groups: ['fleet'] }
const nowMs = Date.parse('2026-11-29T12:00Z')
const resolved = { targetArns: ['group/fleet'] }

describe('the form of a job', () => {
  it('jobs J68: makes a staged rollout of what it begins with', () => {
    expect(firstFaultyStep(good, nowMs)).toBeUndefined()
    expect(createJobRequest(good, resolved)).toEqual({
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

  const full: JobForm = {
    ...good,
    description: 'all of it',
    tags: [{ key: ' team ', value: 'pumps' }],
    continuous: true,
    rollout: 'constant',
    maximumPerMinute: '60',
    roleArn: 'arn:aws:iam::123456789012:role/links',
    abort: [
      { failureType: 'FAILED', percentage: '20', minimum: '10' },
      { failureType: 'TIMED_OUT', percentage: '5.5', minimum: '1' },
    ],
    timeoutMinutes: '5',
    retry: [{ failureType: 'ALL', retries: '2' }],
    startTime: '2026-11-30T10:00',
    endTime: '2026-12-30T10:00',
    endBehavior: 'CANCEL',
    windows: [nightly],
  }

  it('adds what was asked for', () => {
    expect(firstFaultyStep(full, nowMs)).toBeUndefined()
    expect(createJobRequest(full, resolved)).toMatchObject({
      description: 'all of it',
      tags: [{ Key: 'team', Value: 'pumps' }],
      targetSelection: 'CONTINUOUS',
      jobExecutionsRolloutConfig: { maximumPerMinute: 60 },
      presignedUrlConfig: { roleArn: full.roleArn },
      abortConfig: {
        criteriaList: [
          {
            action: 'CANCEL',
            failureType: 'FAILED',
            thresholdPercentage: 20,
            minNumberOfExecutedThings: 10,
          },
          { failureType: 'TIMED_OUT', thresholdPercentage: 5.5 },
        ],
      },
      timeoutConfig: { inProgressTimeoutInMinutes: 5 },
      jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'ALL', numberOfRetries: 2 }] },
      schedulingConfig: {
        startTime: '2026-11-30T10:00',
        endTime: '2026-12-30T10:00',
        endBehavior: 'CANCEL',
        maintenanceWindows: [{ startTime: 'cron(0 3 * * ? *)', durationInMinutes: 120 }],
      },
    })
  })

  it('has the configurations of a job again that was made of it', () => {
    const { targets: _, ...job } = createJobRequest(full, resolved)
    const again = {
      ...emptyForm('2'),
      ...configsInForm(job),
    }
    for (const member of ['rollout', 'abort', 'timeoutMinutes', 'retry', 'windows', 'roleArn']) {
      expect(Reflect.get(again, member)).toEqual(Reflect.get(full, member))
    }
  })

  it.each<[string, Partial<JobForm>, string]>([
    ['targets', { jobId: 'a b' }, 'jobId'],
    ['targets', { groups: [] }, 'targets'],
    ['targets', { things: Array.from({ length: 100 }, (_, at) => `t${at}`).join(' ') }, 'targets'],
    ['targets', { query: 'thingName:a*', queryGroup: '' }, 'queryGroup'],
    ['targets', { tags: [{ key: 'aws:x', value: '' }] }, 'tags'],
    ['document', { document: '{' }, 'document'],
    ['document', { document: `"${'x'.repeat(32_768)}"` }, 'document'],
    ['document', { source: 's3', documentUrl: 'ftp://a' }, 'documentUrl'],
    ['document', { source: 'managed' }, 'template'],
    ['document', { roleArn: 'links' }, 'roleArn'],
    ['rollout', { maximumPerMinute: '1001' }, 'maximumPerMinute'],
    ['rollout', { baseRatePerMinute: '60', maximumPerMinute: '50' }, 'baseRatePerMinute'],
    ['rollout', { incrementFactor: '1.25' }, 'incrementFactor'],
    ['rollout', { increaseAfter: '' }, 'increaseAfter'],
    ['failures', { timeoutMinutes: '10081' }, 'timeoutMinutes'],
    [
      'failures',
      { abort: [{ failureType: 'ALL', percentage: '0', minimum: '1' }] },
      'abort.0.percentage',
    ],
    ['failures', { retry: [{ failureType: 'TIMED_OUT', retries: '1' }] }, 'retry.0.failureType'],
    ['failures', { retry: [{ failureType: 'FAILED', retries: '11' }] }, 'retry.0.retries'],
    ['schedule', { startTime: '2026-11-29T12:10' }, 'startTime'],
    ['schedule', { startTime: 'tomorrow' }, 'startTime'],
    ['schedule', { startTime: '2026-11-29T13:00', endTime: '2026-11-29T13:10' }, 'endTime'],
    ['schedule', { windows: [nightly] }, 'windows'],
    ['schedule', { continuous: true, windows: [nightly] }, 'windows'],
  ])(
    'jobs J66, J67, J71, J99, J101, J127: says at step %s what is wrong with %o',
    (step, changes, field) => {
      const form = { ...good, ...changes }
      expect(firstFaultyStep(form, nowMs)).toBe(step)
      const problems = problemsIn(step as Parameters<typeof problemsIn>[0], form, nowMs)
      expect(Object.keys(problems)).toEqual([field])
    },
  )

  it('takes things separated in any way, each once', () => {
    expect(thingNames({ things: 'a, b\na  c' })).toEqual(['a', 'b', 'c'])
  })

  it('jobs J70: knows when it leaves out what its template would fill in', () => {
    const template = { timeoutConfig: { inProgressTimeoutInMinutes: 3 } }
    expect(leavesOut(good, template as Parameters<typeof leavesOut>[1])).toBe(true)
    expect(
      leavesOut({ ...good, timeoutMinutes: '9' }, template as Parameters<typeof leavesOut>[1]),
    ).toBe(false)
  })

  it('becomes a template, unless its document is one’s', () => {
    expect(templateRequest(full)).toMatchObject({
      document: full.document,
      maintenanceWindows: [{ durationInMinutes: 120 }],
    })
    expect(templateRequest({ ...full, source: 'managed' })).toBeUndefined()
  })

  it('jobs J91: says which parameters of a managed template are missing or do not fit', () => {
    const parameters = [
      { key: 'url', regex: 'https://.+', optional: false },
      { key: 'user', regex: '.+', optional: true },
    ]
    expect(Object.keys(parameterFaults(parameters, {}))).toEqual(['url'])
    expect(parameterFaults(parameters, { url: 'ftp://a' })['url']).toContain('https://.+')
    expect(parameterFaults(parameters, { url: 'https://a' })).toEqual({})
  })

  it.each([
    ['again=reboot', { name: 'again', jobId: 'reboot' }],
    ['like=reboot', { name: 'like', jobId: 'reboot' }],
    ['template=ota', { name: 'template', template: 'ota' }],
    ['managed=AWS-Reboot', { name: 'managed', template: 'AWS-Reboot' }],
    ['thing=pump-1&thing=pump-2', { name: 'for', things: ['pump-1', 'pump-2'], groups: [] }],
    ['group=berlin', { name: 'for', things: [], groups: ['berlin'] }],
    ['', { name: 'empty' }],
  ])('begins as its link says: %s', (link, start) => {
    expect(startOf(new URLSearchParams(link))).toEqual(start)
  })
})

describe('a maintenance window', () => {
  it.each([
    [nightly, 'cron(0 3 * * ? *)', 'every day at 03:00 UTC for 120 minutes'],
    [
      { ...nightly, repeat: 'weekly' as const, weekday: '7', at: '22:15' },
      'cron(15 22 ? * 7 *)',
      'every Saturday at 22:15 UTC for 120 minutes',
    ],
    [
      { ...nightly, repeat: 'monthly' as const, dayOfMonth: '31', at: '00:05' },
      'cron(5 0 31 * ? *)',
      'on day 31 of every month at 00:05 UTC for 120 minutes',
    ],
  ])('is written as AWS does and read back', (window, cron, words) => {
    const request = windowRequest(window)
    expect(request.startTime).toBe(cron)
    expect(windowInWords(windowOf(request))).toBe(words)
  })

  it('keeps a cron expression that it has no words for', () => {
    const window = windowOf({ startTime: 'cron(0 3 ? * MON-FRI *)', durationInMinutes: 5 })
    expect(window).toMatchObject({ repeat: 'cron', cron: 'cron(0 3 ? * MON-FRI *)' })
    expect(windowSpans([window], 0)).toBeUndefined()
  })

  it.each([
    { ...nightly, durationMinutes: '1431' },
    { ...nightly, at: '25:00' },
    { ...nightly, repeat: 'monthly' as const, dayOfMonth: '32' },
    { ...nightly, repeat: 'cron' as const, cron: 'daily' },
  ])('jobs J101: is refused where AWS refuses it: %o', (window) => {
    expect(windowFault(window)).toBeDefined()
  })

  it('that is open already counts', () => {
    const [first] = windowSpans([nightly], Date.parse('2026-11-29T04:00Z')) ?? []
    expect(first?.fromMs).toBe(Date.parse('2026-11-29T03:00Z'))
  })
})
