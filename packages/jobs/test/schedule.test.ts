/**
 * Time: rollout rates, schedules, windows, cron, events (jobs §5 and §7).
 */
import type { CreateJobRequest } from '@aws-sdk/client-iot'
import { describe, expect, it } from 'vitest'
import { nextCronMs, parseCron } from '../src/cron.ts'
import { nextWindowStarts } from '../src/maintenance-window.ts'
import { rolloutRatePerMinute } from '../src/rollout-rate.ts'
import { formatScheduleTime, parseScheduleTime } from '../src/schedule-time.ts'
import { code, Harness } from './harness.ts'
import { retry } from './job-inputs.ts'

describe('rollout', () => {
  it('jobs J94: base 50, factor 2 and 1000 notified give 50, 100, 200, 400', () => {
    const config = {
      maximumPerMinute: 1000,
      exponentialRate: {
        baseRatePerMinute: 50,
        incrementFactor: 2,
        rateIncreaseCriteria: { numberOfNotifiedThings: 1000 },
      },
    }
    const rate = (notified: number): number => rolloutRatePerMinute(config, notified, 0, 1000)
    expect([0, 999, 1000, 1999, 2000, 3000, 4000, 5000].map(rate)).toEqual([
      50, 50, 100, 100, 200, 400, 800, 1000,
    ])
  })

  it('jobs J93, J95: rates are cut to integers, the first criterion counts, the maximum holds', () => {
    const exponentialRate = {
      baseRatePerMinute: 10,
      incrementFactor: 1.1,
      rateIncreaseCriteria: { numberOfNotifiedThings: 100, numberOfSucceededThings: 5 },
    }
    expect(rolloutRatePerMinute({ exponentialRate }, 0, 5, 1000)).toBe(11)
    expect(rolloutRatePerMinute({ exponentialRate }, 0, 10, 1000)).toBe(12)
    expect(rolloutRatePerMinute({ exponentialRate, maximumPerMinute: 11 }, 0, 50, 1000)).toBe(11)
    expect(rolloutRatePerMinute(undefined, 0, 0, 1000)).toBe(1000)
    expect(rolloutRatePerMinute({ maximumPerMinute: 5000 }, 0, 0, 1000)).toBe(1000)
  })

  it('jobs J92, J79: a changed rate holds at once, and never more in one minute', () => {
    const harness = new Harness()
    for (let index = 0; index < 20; index += 1) harness.registry.things.add(`R${index}`)
    const targets = Array.from({ length: 20 }, (_, index) => harness.thing(`R${index}`))
    harness.create('J1', { targets, jobExecutionsRolloutConfig: { maximumPerMinute: 2 } })
    const queued = (): unknown =>
      (harness.job('J1')['jobProcessDetails'] as Record<string, unknown>)['numberOfQueuedThings']
    expect(queued()).toBe(2)
    harness.advance(59)
    expect(queued()).toBe(2)
    const jobExecutionsRolloutConfig = { maximumPerMinute: 5 }
    harness.engine.updateJob({ jobId: 'J1', jobExecutionsRolloutConfig }, harness.nowMs)
    harness.advance(0)
    expect(queued()).toBe(5)
    harness.advance(1)
    expect(queued()).toBe(10)
    expect(harness.job('J1')).toMatchObject({
      isConcurrent: true,
      jobProcessDetails: { processingTargets: targets },
    })
    harness.advance(120)
    expect(queued()).toBe(20)
    const details = harness.job('J1')['jobProcessDetails'] as object
    expect(details).toMatchObject({ processingTargets: undefined })
    expect(harness.job('J1')['isConcurrent']).toBe(false)
  })

  it('jobs J96: criteria are checked in order, ALL counts all but SUCCEEDED', () => {
    const harness = new Harness()
    const criterion = { action: 'CANCEL', minNumberOfExecutedThings: 2 } as const
    harness.create('J1', {
      targets: ['T1', 'T2', 'T3'].map((name) => harness.thing(name)),
      abortConfig: {
        criteriaList: [
          { ...criterion, failureType: 'FAILED', thresholdPercentage: 90 },
          { ...criterion, failureType: 'ALL', thresholdPercentage: 50 },
        ],
      },
    })
    harness.ask('T1', 'J1/update', { status: 'REJECTED' })
    expect(harness.job('J1')['status']).toBe('IN_PROGRESS')
    harness.ask('T2', 'J1/update', { status: 'SUCCEEDED' })
    expect(harness.job('J1')['status']).toBe('CANCELED')
    harness.advance(0)
    expect(harness.execution('J1', 'T3')['status']).toBe('CANCELED')
  })

  it('jobs J73: a job on an empty group is complete at once', () => {
    const harness = new Harness()
    harness.registry.addGroup('G1')
    harness.create('J1', { targets: [harness.group('G1')] })
    expect(harness.job('J1')['status']).toBe('COMPLETED')
  })
})

describe('schedule', () => {
  const at = (harness: Harness, minutes: number): string =>
    formatScheduleTime(harness.nowMs + minutes * 60_000)

  it.for<readonly [string, number | string | undefined, number | string | undefined, string]>([
    ['too soon', 29, undefined, 'InvalidRequestException'],
    ['soon enough', 31, undefined, 'ok'],
    ['after a year', 60 * 24 * 367, undefined, 'InvalidRequestException'],
    ['end too soon', undefined, 29, 'InvalidRequestException'],
    ['end', undefined, 31, 'ok'],
    ['shorter than 30 minutes', 40, 65, 'InvalidRequestException'],
    ['30 minutes', 40, 70, 'ok'],
    ['end after two years', undefined, 60 * 24 * 733, 'InvalidRequestException'],
    ['no time', 'tomorrow', undefined, 'InvalidRequestException'],
    ['no date', '2026-13-01T10:00', undefined, 'InvalidRequestException'],
    ['a blank', '2026-12-01 10:00', undefined, 'InvalidRequestException'],
    ['seconds', '2026-12-01T10:00:00', undefined, 'InvalidRequestException'],
    ['a zone', '2026-12-01T10:00Z', undefined, 'InvalidRequestException'],
  ])('jobs J99: %s', ([, start, end, wanted]) => {
    const harness = new Harness()
    const text = (given: number | string | undefined): string | undefined =>
      typeof given === 'number' ? at(harness, given) : given
    const schedulingConfig = { startTime: text(start), endTime: text(end) }
    expect(code(harness.create('J1', { schedulingConfig }))).toBe(wanted)
  })

  it('jobs J99: a time in another form is refused with its text', () => {
    const outcome = new Harness().create('J1', {
      schedulingConfig: { endTime: '2027-03-01 10:00' },
    })
    expect(outcome).toMatchObject({
      error: {
        message:
          '1 validation error detected: Provided time 2027-03-01 10:00 UTC must follow the format ' +
          'YYYY-MM-DDThh:mm.',
      },
    })
  })

  it('jobs J75: a scheduled snapshot keeps its members, a continuous job looks again', () => {
    const harness = new Harness()
    harness.registry.addGroup('G1')
    harness.registry.members.get('G1')?.add('T1')
    const schedulingConfig = { startTime: at(harness, 40) }
    const targets = [harness.group('G1')]
    harness.create('Snap', { targets, schedulingConfig })
    harness.create('Cont', { targets, schedulingConfig, targetSelection: 'CONTINUOUS' })
    harness.join('T2', 'G1')
    harness.advance(41 * 60)
    expect(harness.execution('Snap', 'T1')['status']).toBe('QUEUED')
    expect(harness.execution('Snap', 'T2')).toEqual({ error: 'ResourceNotFoundException' })
    expect(harness.execution('Cont', 'T2')['status']).toBe('QUEUED')
  })

  it('jobs J102: a start that meets the concurrency limit cancels the job', () => {
    const harness = new Harness({ concurrentJobsMax: 1 })
    harness.create('J1', { schedulingConfig: { startTime: at(harness, 31) } })
    harness.advance(30 * 60)
    const targets = ['T1', 'T2', 'T3'].map((name) => harness.thing(name))
    harness.create('J2', { targets, jobExecutionsRolloutConfig: { maximumPerMinute: 1 } })
    harness.advance(60)
    expect(harness.job('J1')).toMatchObject({ status: 'CANCELED' })
  })

  it('jobs J100: endBehavior without endTime has no effect', () => {
    const harness = new Harness()
    harness.create('J1', { schedulingConfig: { endBehavior: 'FORCE_CANCEL' } })
    harness.advance(7 * 24 * 3600)
    expect(harness.job('J1')['status']).toBe('IN_PROGRESS')
  })

  it('jobs J74, J100: past its end a continuous job completes when all is terminal', () => {
    const harness = new Harness()
    const schedulingConfig = { endTime: at(harness, 40) }
    const jobExecutionsRolloutConfig = { maximumPerMinute: 1 }
    harness.registry.addGroup('G1')
    for (const name of ['T1', 'T2']) harness.registry.members.get('G1')?.add(name)
    harness.create('J1', {
      targets: [harness.group('G1')],
      targetSelection: 'CONTINUOUS',
      schedulingConfig,
      jobExecutionsRolloutConfig,
    })
    harness.advance(120)
    for (const name of ['T1', 'T2']) harness.ask(name, 'J1/update', { status: 'SUCCEEDED' })
    expect(harness.job('J1')['status']).toBe('IN_PROGRESS')
    harness.advance(40 * 60)
    expect(harness.job('J1')['status']).toBe('COMPLETED')
    harness.join('T3', 'G1')
    expect(harness.execution('J1', 'T3')).toEqual({ error: 'ResourceNotFoundException' })
  })
})

describe('maintenance windows', () => {
  const window = { startTime: 'cron(40 10 * * ? *)', durationInMinutes: 30 }

  it('jobs J101: rollout pauses between windows and goes on in the next one', () => {
    const harness = new Harness()
    const jobExecutionsRolloutConfig = { maximumPerMinute: 1 }
    const short = { ...window, durationInMinutes: 2 }
    harness.createWindowed('J1', ['T1', 'T2', 'T3'], short, { jobExecutionsRolloutConfig })
    harness.advance(20 * 3600)
    expect(harness.job('J1')).toMatchObject({
      status: 'SCHEDULED',
      jobProcessDetails: { numberOfQueuedThings: 2 },
    })
    harness.advance(5 * 3600)
    expect(harness.job('J1')['jobProcessDetails']).toMatchObject({ numberOfQueuedThings: 3 })
  })

  it('jobs J101: a closed window hides what is queued and says so; running work stays', () => {
    const harness = new Harness()
    harness.createWindowed('J1', ['T1', 'T2'], window)
    expect(harness.heard()).toEqual([])
    harness.advance(41 * 60)
    expect(harness.heardTopics()).toEqual([
      'T1 notify',
      'T1 notify-next',
      'T2 notify',
      'T2 notify-next',
    ])
    harness.ask('T1', 'start-next')
    harness.advance(30 * 60)
    expect(harness.heard()).toMatchObject([
      { thing: 'T2', topic: 'notify', payload: { jobs: {} } },
      { thing: 'T2', topic: 'notify-next' },
    ])
    expect(harness.ask('T2', 'J1/get').payload['code']).toBe('ResourceNotFound')
    expect(harness.ask('T2', 'start-next').payload).not.toHaveProperty('execution')
    expect(harness.ask('T1', 'J1/update', { status: 'SUCCEEDED' }).verdict).toBe('accepted')
    harness.advance(24 * 3600)
    harness.advance(0)
    expect(harness.heardTopics()).toContain('T2 notify-next')
  })

  it('jobs J101: a retry that is due between windows is queued when the next one opens', () => {
    const harness = new Harness()
    harness.createWindowed('J1', ['T1', 'T2'], window, retry(1))
    harness.advance(41 * 60)
    harness.ask('T1', 'start-next')
    harness.ask('T2', 'start-next')
    harness.advance(60 * 60)
    for (const name of ['T1', 'T2']) harness.ask(name, 'J1/update', { status: 'FAILED' })
    expect(harness.execution('J1', 'T1')).toMatchObject({ executionNumber: 1, status: 'FAILED' })
    harness.leave('T2', 'of-J1')
    harness.heard()
    harness.advance(24 * 3600)
    expect(harness.execution('J1', 'T1')).toMatchObject({ executionNumber: 2, status: 'QUEUED' })
    // What left the group meanwhile is not tried again (jobs J63).
    expect(harness.execution('J1', 'T2')).toMatchObject({ executionNumber: 1, status: 'FAILED' })
    expect(harness.heardTopics()).toContain('T1 notify-next')
  })

  it('jobs J82, J101: with a deleted execution or job goes the retry that waited for a window', () => {
    const harness = new Harness()
    harness.createWindowed('J1', ['T1', 'T2'], window, retry(1))
    harness.advance(41 * 60)
    for (const name of ['T1', 'T2']) harness.ask(name, 'start-next')
    harness.advance(60 * 60)
    for (const name of ['T1', 'T2']) harness.ask(name, 'J1/update', { status: 'FAILED' })
    const gone = { jobId: 'J1', thingName: 'T1', executionNumber: 1 }
    expect(harness.operate('DeleteJobExecution', gone).ok).toBe(true)
    expect(harness.operate('DeleteJob', { jobId: 'J1', force: true }).ok).toBe(true)
    expect(harness.state.nextDueAtMs()).toBeUndefined()
  })

  it('jobs J100, J101: after the end no window opens, and what is queued can be done', () => {
    const harness = new Harness()
    harness.createWindowed('J1', ['T1', 'T2'], window, {
      jobExecutionsRolloutConfig: { maximumPerMinute: 1000 },
      schedulingConfig: {
        startTime: harness.minutesAhead(31),
        endTime: harness.minutesAhead(120),
        maintenanceWindows: [window],
      },
    })
    harness.advance(75 * 60)
    expect(harness.job('J1')['status']).toBe('SCHEDULED')
    harness.heard()
    harness.advance(60 * 60)
    expect(harness.job('J1')['status']).toBe('IN_PROGRESS')
    expect(harness.heardTopics()).toContain('T1 notify-next')
    harness.advance(7 * 24 * 3600)
    expect(harness.job('J1')['status']).toBe('IN_PROGRESS')
    for (const name of ['T1', 'T2']) harness.ask(name, 'J1/update', { status: 'SUCCEEDED' })
    expect(harness.job('J1')['status']).toBe('COMPLETED')
  })

  it('jobs J102: the next seven window starts', () => {
    const harness = new Harness()
    harness.createWindowed('J1', ['T1'], window)
    const rollouts = harness.job('J1')['scheduledJobRollouts'] as { startTime: string }[]
    expect(rollouts).toHaveLength(7)
    expect(rollouts[0]).toEqual({ startTime: '2026-11-22T10:40' })
    expect(rollouts[6]).toEqual({ startTime: '2026-11-28T10:40' })
  })

  it.for<readonly [string, Partial<CreateJobRequest>, string]>([
    [
      'a snapshot',
      { targetSelection: 'SNAPSHOT' },
      'TargetSelection is invalid. MaintenanceWindow cannot be used with SNAPSHOT job.',
    ],
    [
      'no start',
      { schedulingConfig: { maintenanceWindows: [window] } },
      'MaintenanceWindow cannot be used without StartTime of SchedulingConfig.',
    ],
  ])('jobs J128: windows with %s are refused', ([, more, message]) => {
    const harness = new Harness()
    const refused = { ok: false, error: { code: 'InvalidRequestException', message } }
    expect(harness.createWindowed('J1', ['T1'], window, more)).toEqual(refused)
    const template = { jobTemplateId: 't', description: 'd', document: '{}' }
    harness.operate('CreateJobTemplate', { ...template, maintenanceWindows: [window] })
    const jobTemplateArn = 'arn:aws:iot:us-east-1:123456789012:jobtemplate/t'
    const { schedulingConfig: _, ...selection } = more
    const targetSelection = 'CONTINUOUS'
    expect(harness.create('J2', { targetSelection, ...selection, jobTemplateArn })).toEqual(refused)
  })

  it('several windows are one calendar', () => {
    const windows = [
      { startTime: 'cron(0 3 ? * MON *)', durationInMinutes: 10 },
      { startTime: 'cron(0 4 ? * MON-TUE *)', durationInMinutes: 10 },
    ]
    const from = Date.UTC(2026, 10, 22)
    const starts = nextWindowStarts(windows, from, 4)
    expect(starts.map((ms) => formatScheduleTime(ms))).toEqual([
      '2026-11-23T03:00',
      '2026-11-23T04:00',
      '2026-11-24T04:00',
      '2026-11-30T03:00',
    ])
  })
})

describe('cron', () => {
  it.for<readonly [string, readonly string[]]>([
    ['cron(15 10 * * ? *)', ['2026-11-22T10:15', '2026-11-23T10:15']],
    ['cron(0/15 9-10 * * ? *)', ['2026-11-22T10:15', '2026-11-22T10:30']],
    ['cron(0 0 1 1,7 ? *)', ['2027-01-01T00:00', '2027-07-01T00:00']],
    ['cron(0 12 L * ? *)', ['2026-11-30T12:00', '2026-12-31T12:00']],
    ['cron(0 12 15W * ? *)', ['2026-12-15T12:00', '2027-01-15T12:00']],
    ['cron(0 12 1W AUG ? *)', ['2027-08-02T12:00', '2028-08-01T12:00']],
    ['cron(0 12 ? * 2 *)', ['2026-11-23T12:00', '2026-11-30T12:00']],
    ['cron(0 12 ? * SUN *)', ['2026-11-22T12:00', '2026-11-29T12:00']],
    ['cron(0 12 ? * 6#3 *)', ['2026-12-18T12:00', '2027-01-15T12:00']],
    ['cron(0 12 ? * 6L *)', ['2026-11-27T12:00', '2026-12-25T12:00']],
    ['cron(0 0 29 2 ? *)', ['2028-02-29T00:00', '2032-02-29T00:00']],
    ['cron(0 0 1 1 ? 2030-2031)', ['2030-01-01T00:00', '2031-01-01T00:00']],
    ['cron(0 0 1 1 ? 2020)', []],
    ['cron(0 0 31 2 ? 2027)', []],
  ])('%s', ([text, wanted]) => {
    const cron = parseCron(text)
    if (cron === undefined) throw new Error('not parsed')
    const found: string[] = []
    let atMs = nextCronMs(cron, Date.UTC(2026, 10, 22, 10, 0, 30))
    while (atMs !== undefined && found.length < wanted.length) {
      found.push(formatScheduleTime(atMs))
      atMs = nextCronMs(cron, atMs)
    }
    expect(found).toEqual(wanted)
  })

  it.for([
    '* * * * *',
    'cron(* * * * *)',
    'cron(* * * * * *)',
    'cron(* * ? * ? *)',
    'cron(60 * * * ? *)',
    'cron(* 24 * * ? *)',
    'cron(* * 0 * ? *)',
    'cron(* * * 13 ? *)',
    'cron(* * ? * 8 *)',
    'cron(* * * * ? 1969)',
    'cron(5-1 * * * ? *)',
    'cron(*/0 * * * ? *)',
    'cron(a * * * ? *)',
    'rate(5 minutes)',
    '',
  ])('jobs J101: %j is malformed', (text) => {
    expect(parseCron(text)).toBeUndefined()
  })

  it('schedule times are UTC minutes and survive a round trip', () => {
    expect(parseScheduleTime('2026-02-29T10:00')).toBeUndefined()
    expect(formatScheduleTime(parseScheduleTime('2028-02-29T23:59') ?? 0)).toBe('2028-02-29T23:59')
  })
})

describe('events', () => {
  it('jobs J108: nothing is emitted unless switched on', () => {
    const harness = new Harness()
    harness.create('J1')
    harness.engine.deleteJob({ jobId: 'J1', force: true }, harness.nowMs)
    expect(harness.heardTopics().filter((topic) => topic.startsWith('$aws/events'))).toEqual([])
  })

  it('jobs J109 to J112: cancel and delete tell the beginning and the end', () => {
    const harness = new Harness()
    harness.events.add('JOB').add('JOB_EXECUTION')
    harness.create('J1', { description: 'd' })
    harness.heard()
    harness.engine.cancelJob({ jobId: 'J1', comment: 'why' }, harness.nowMs)
    const cancelled = harness.heard().filter(({ thing }) => thing === '')
    expect(cancelled.map(({ topic }) => topic)).toEqual([
      '$aws/events/job/J1/cancellation_in_progress',
      '$aws/events/jobExecution/J1/canceled',
      '$aws/events/job/J1/canceled',
    ])
    expect(cancelled[0]?.payload).toEqual({
      eventType: 'JOB',
      eventId: 'id-1',
      timestamp: Math.floor(harness.nowMs / 1000),
      operation: 'cancellation_in_progress',
      jobId: 'J1',
      status: 'CANCELLATION_IN_PROGRESS',
      targetSelection: 'SNAPSHOT',
      targets: [harness.thing('T1')],
      description: 'd',
      createdAt: harness.nowMs,
      lastUpdatedAt: harness.nowMs,
      comment: 'why',
    })
    expect(cancelled[1]?.payload).toEqual({
      eventType: 'JOB_EXECUTION',
      eventId: 'id-2',
      timestamp: Math.floor(harness.nowMs / 1000),
      operation: 'canceled',
      jobId: 'J1',
      thingArn: harness.thing('T1'),
      status: 'CANCELED',
    })
    harness.engine.deleteJob({ jobId: 'J1' }, harness.nowMs)
    expect(harness.heardTopics()).toEqual([
      '$aws/events/job/J1/deletion_in_progress',
      '$aws/events/jobExecution/J1/deleted',
      '$aws/events/job/J1/deleted',
    ])
  })

  it('jobs J111: every terminal status has its event', () => {
    const harness = new Harness()
    harness.events.add('JOB_EXECUTION')
    for (const status of ['SUCCEEDED', 'FAILED', 'REJECTED']) {
      harness.create(status)
      harness.ask('T1', `${status}/update`, { status, statusDetails: { a: 'b' } })
    }
    harness.create('TIMED', { timeoutConfig: { inProgressTimeoutInMinutes: 1 } })
    harness.ask('T1', 'start-next')
    harness.advance(60)
    harness.create('GONE')
    harness.registry.things.delete('T1')
    harness.engine.onThingDeleted('T1', harness.nowMs)
    const events = harness.heard().filter(({ thing }) => thing === '')
    expect(events.map(({ topic }) => topic.slice('$aws/events/jobExecution/'.length))).toEqual([
      'SUCCEEDED/succeeded',
      'FAILED/failed',
      'REJECTED/rejected',
      'TIMED/timed_out',
      'GONE/removed',
    ])
    expect(events[0]?.payload['statusDetails']).toEqual({ a: 'b' })
  })
})
