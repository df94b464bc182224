/**
 * The device's side, rule by rule (jobs §1 to §3).
 */
import { describe, expect, it } from 'vitest'
import { Harness } from './harness.ts'

function withJob(more: object = {}): Harness {
  const harness = new Harness()
  harness.create('J1', more)
  harness.heard()
  return harness
}

describe('topics', () => {
  it('jobs J2: $next stays literal in the reply topic', () => {
    const { topic } = withJob().ask('T1', '$next/get')
    expect(topic).toBe('$aws/things/T1/jobs/$next/get/accepted')
  })

  it.for([
    'foo',
    '$next/update',
    '$next/start-next',
    'J1',
    'J1/foo',
    'J1/get/more',
    'bad.id/get',
    `${'x'.repeat(65)}/get`,
    'notify',
    'J1/namespace-/get',
    '',
  ])('jobs J7: %j names no API', (topic) => {
    const reply = withJob().ask('T1', topic, { clientToken: 'c' })
    expect(reply).toMatchObject({
      verdict: 'rejected',
      payload: { code: 'InvalidTopic', clientToken: 'c' },
    })
  })

  it('jobs J8: get is always the list, get/get describes a job named get', () => {
    const harness = new Harness()
    harness.create('get')
    expect(harness.ask('T1', 'get').payload).toHaveProperty('queuedJobs')
    expect(harness.ask('T1', 'get/get').payload).toMatchObject({ execution: { jobId: 'get' } })
  })

  it('leaves other topics alone', () => {
    const { engine } = new Harness()
    expect(engine.mqttCall('$aws/things/T1/shadow/get')).toBeUndefined()
  })
})

describe('parsing', () => {
  it('jobs J10: invalid UTF-8 is InvalidJson without clientToken', () => {
    const { engine, nowMs } = withJob()
    const bytes = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d])
    const answer = engine.mqttCall('$aws/things/T1/jobs/get')?.(bytes, nowMs)
    expect(JSON.parse(answer?.reply.payload ?? '')).toMatchObject({ code: 'InvalidJson' })
  })

  it.for(['null', '1', '"text"', '[]', '{', 'x'])('jobs J10: %j is InvalidJson', (text) => {
    expect(withJob().ask('T1', 'get', text).payload['code']).toBe('InvalidJson')
  })

  it('jobs J11: unknown members are ignored', () => {
    const fields = { thingName: 'T9', jobId: 'J9', status: 'IN_PROGRESS', more: { x: 1 } }
    expect(withJob().ask('T1', 'J1/update', fields).verdict).toBe('accepted')
  })

  it.for<readonly [object, string]>([
    [{ expectedVersion: 1 }, 'ok'],
    [{ expectedVersion: '1' }, 'ok'],
    [{ executionNumber: '1' }, 'ok'],
    [{ expectedVersion: true }, 'InvalidRequest'],
    [{ expectedVersion: 'one' }, 'InvalidRequest'],
    [{ expectedVersion: 1.5 }, 'InvalidRequest'],
    [{ executionNumber: {} }, 'InvalidRequest'],
    [{ expectedVersion: 2 }, 'VersionMismatch'],
    [{ executionNumber: 2 }, 'ResourceNotFound'],
  ])('jobs J12, J31, J33: update with %j gives %s', ([fields, wanted]) => {
    const { payload } = withJob().ask('T1', 'J1/update', { status: 'IN_PROGRESS', ...fields })
    expect(payload['code'] ?? 'ok').toBe(wanted)
  })

  it('jobs J13: clientToken is echoed verbatim in both replies', () => {
    const clientToken = ' "ü\n'
    const harness = withJob()
    expect(harness.ask('T1', 'get', { clientToken }).payload['clientToken']).toBe(clientToken)
    expect(harness.ask('T1', 'J9/get', { clientToken }).payload['clientToken']).toBe(clientToken)
  })
})

describe('operations', () => {
  it('jobs J14: all times are whole seconds', () => {
    const { payload } = withJob().ask('T1', 'start-next')
    const execution = payload['execution'] as Record<string, number>
    for (const name of ['queuedAt', 'startedAt', 'lastUpdatedAt'] as const) {
      expect(Number.isInteger(execution[name]), name).toBe(true)
    }
    expect(Number.isInteger(payload['timestamp'])).toBe(true)
  })

  it('jobs J22: start-next of a running head changes nothing, timer and details included', () => {
    const harness = withJob({ timeoutConfig: { inProgressTimeoutInMinutes: 10 } })
    harness.ask('T1', 'start-next', { statusDetails: { a: '1' }, stepTimeoutInMinutes: 5 })
    harness.advance(60)
    const fields = { statusDetails: { b: '2' }, stepTimeoutInMinutes: 9 }
    const { payload } = harness.ask('T1', 'start-next', fields)
    expect(payload['execution']).toMatchObject({
      versionNumber: 2,
      statusDetails: { a: '1' },
      approximateSecondsBeforeTimedOut: 240,
    })
    expect(harness.heardTopics()).toEqual([])
  })

  it('jobs J25: $next/get peeks', () => {
    const harness = withJob()
    harness.ask('T1', '$next/get')
    expect(harness.execution('J1', 'T1')).toMatchObject({ status: 'QUEUED', versionNumber: 1 })
  })

  it('jobs J26: an unknown job and an unknown thing are ResourceNotFound', () => {
    const harness = withJob()
    expect(harness.ask('T1', 'J2/get').payload['code']).toBe('ResourceNotFound')
    expect(harness.ask('T9', 'get').payload['code']).toBe('ResourceNotFound')
    expect(harness.ask('T9', 'start-next').payload['code']).toBe('ResourceNotFound')
  })

  it('jobs J29: omitted statusDetails stay, a supplied map replaces the whole', () => {
    const harness = withJob()
    const details = (): unknown => harness.execution('J1', 'T1')['statusDetails']
    harness.ask('T1', 'start-next', { statusDetails: { a: '1', b: '2' } })
    harness.ask('T1', 'J1/update', { status: 'IN_PROGRESS' })
    expect(details()).toEqual({ detailsMap: { a: '1', b: '2' } })
    harness.ask('T1', 'J1/update', { status: 'IN_PROGRESS', statusDetails: { c: '3' } })
    expect(details()).toEqual({ detailsMap: { c: '3' } })
  })

  it.for<readonly [unknown, boolean]>([
    [{ a: 'x\ty\nz' }, true],
    [{ 'a:b_c-d': 'x' }, true],
    [{ a: 'x'.repeat(1024) }, true],
    [Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`k${i}`, 'v'])), true],
    [Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`k${i}`, 'v'])), false],
    [{ a: '' }, false],
    [{ a: 'x'.repeat(1025) }, false],
    [{ a: 1 }, false],
    [{ 'a b': 'x' }, false],
    [{ ['k'.repeat(129)]: 'x' }, false],
    [{ a: 'x\u0000' }, false],
    [['a'], false],
    ['text', false],
  ])('jobs J30: statusDetails %j: %s', ([statusDetails, fits]) => {
    const harness = withJob()
    const { payload } = harness.ask('T1', 'J1/update', { status: 'IN_PROGRESS', statusDetails })
    expect(payload['code']).toBe(fits ? undefined : 'InvalidRequest')
    expect(harness.execution('J1', 'T1')['versionNumber']).toBe(fits ? 2 : 1)
  })

  it('jobs J30: a key like __proto__ is a key', () => {
    const harness = withJob()
    harness.ask('T1', 'start-next', '{"statusDetails":{"__proto__":"x"}}')
    const state = harness.ask('T1', 'J1/get').payload['execution'] as Record<string, object>
    expect(Object.entries(state['statusDetails'] ?? {})).toEqual([['__proto__', 'x']])
  })

  it('jobs J31, J32: only these two rejections carry executionState', () => {
    const harness = withJob()
    const stale = harness.ask('T1', 'J1/update', { status: 'FAILED', expectedVersion: 5 })
    expect(stale.payload['executionState']).toEqual({ status: 'QUEUED', versionNumber: 1 })
    harness.ask('T1', 'J1/update', { status: 'FAILED', statusDetails: { why: 'x' } })
    const late = harness.ask('T1', 'J1/update', { status: 'SUCCEEDED' })
    expect(late.payload).toMatchObject({
      code: 'InvalidStateTransition',
      executionState: { status: 'FAILED', versionNumber: 2, statusDetails: { why: 'x' } },
    })
  })

  it('jobs J34: fields before existence, version before transition', () => {
    const harness = withJob()
    const bad = harness.ask('T1', 'J9/update', { status: 'NO' })
    expect(bad.payload['code']).toBe('InvalidRequest')
    harness.ask('T1', 'J1/update', { status: 'FAILED' })
    const both = harness.ask('T1', 'J1/update', { status: 'SUCCEEDED', expectedVersion: 9 })
    expect(both.payload['code']).toBe('VersionMismatch')
  })

  it('jobs J43: namespaced jobs have their own topics and stay out of the plain ones', () => {
    const harness = new Harness()
    harness.create('J1', { namespaceId: 'ns_1' })
    expect(harness.heard()).toMatchObject([
      { topic: 'notify-namespace-ns_1', payload: { jobs: { QUEUED: [{ jobId: 'J1' }] } } },
    ])
    expect(harness.ask('T1', 'get').payload['queuedJobs']).toEqual([])
    expect(harness.ask('T1', 'J1/get').payload['code']).toBe('ResourceNotFound')
    const next = harness.ask('T1', '$next/namespace-ns_1/get')
    expect(next.payload['execution']).toMatchObject({ jobId: 'J1' })
    expect(harness.ask('T1', 'J1/namespace-other/get').payload['code']).toBe('ResourceNotFound')
    const done = harness.ask('T1', 'J1/namespace-ns_1/update', { status: 'SUCCEEDED' })
    expect(done.topic).toBe('$aws/things/T1/jobs/J1/namespace-ns_1/update/accepted')
    expect(harness.heard()).toMatchObject([
      { topic: 'notify-namespace-ns_1', payload: { jobs: {} } },
    ])
  })
})

describe('notifications', () => {
  it('jobs J38, J40: a new job tells the list, then the head with its document', () => {
    const harness = new Harness()
    harness.create('J1')
    expect(harness.heard()).toMatchObject([
      { thing: 'T1', topic: 'notify', payload: { jobs: { QUEUED: [{ jobId: 'J1' }] } } },
      {
        thing: 'T1',
        topic: 'notify-next',
        payload: { execution: { jobId: 'J1', status: 'QUEUED', jobDocument: { do: 'it' } } },
      },
    ])
  })

  it('jobs J42: cancelling a job behind the head tells the list only', () => {
    const harness = withJob()
    harness.create('J2')
    harness.heard()
    harness.engine.cancelJob({ jobId: 'J2' }, harness.nowMs)
    expect(harness.heardTopics()).toEqual(['T1 notify'])
    harness.engine.cancelJob({ jobId: 'J1' }, harness.nowMs)
    expect(harness.heard()).toMatchObject([
      { topic: 'notify', payload: { jobs: {} } },
      { topic: 'notify-next' },
    ])
  })

  it('jobs J39: in a window up to five more of windowed jobs are shown', () => {
    const harness = new Harness()
    const window = { startTime: 'cron(30 10 * * ? *)', durationInMinutes: 60 }
    for (let index = 0; index < 7; index += 1) harness.createWindowed(`W${index}`, ['T1'], window)
    for (let index = 0; index < 12; index += 1) harness.create(`J${index}`)
    expect(harness.ask('T1', 'get').payload['queuedJobs']).toHaveLength(10)
    harness.advance(31 * 60)
    const { payload } = harness.ask('T1', 'get')
    const ids = (payload['queuedJobs'] as { jobId: string }[]).map(({ jobId }) => jobId)
    expect(ids.filter((jobId) => jobId.startsWith('J'))).toHaveLength(10)
    expect(ids.filter((jobId) => jobId.startsWith('W'))).toHaveLength(5)
  })
})

describe('timers', () => {
  const timed = { timeoutConfig: { inProgressTimeoutInMinutes: 10 } }

  it('jobs J57: updates do not reset the in-progress timer', () => {
    const harness = withJob(timed)
    harness.ask('T1', 'start-next')
    harness.advance(500)
    harness.ask('T1', 'J1/update', { status: 'IN_PROGRESS' })
    harness.advance(101)
    expect(harness.execution('J1', 'T1')['status']).toBe('TIMED_OUT')
  })

  it('jobs J58, J60: -1 cancels the step timer and leaves the other', () => {
    const harness = withJob(timed)
    harness.ask('T1', 'start-next', { stepTimeoutInMinutes: 1 })
    harness.ask('T1', 'J1/update', { status: 'IN_PROGRESS', stepTimeoutInMinutes: -1 })
    harness.advance(120)
    const { payload } = harness.ask('T1', 'J1/get')
    expect(payload['execution']).toMatchObject({ approximateSecondsBeforeTimedOut: 480 })
    harness.advance(481)
    expect(harness.execution('J1', 'T1')['status']).toBe('TIMED_OUT')
  })

  it('jobs J59: an update without the field leaves the step timer running', () => {
    const harness = withJob()
    harness.ask('T1', 'start-next', { stepTimeoutInMinutes: 2 })
    harness.advance(60)
    harness.ask('T1', 'J1/update', { status: 'IN_PROGRESS' })
    harness.advance(61)
    expect(harness.execution('J1', 'T1')['status']).toBe('TIMED_OUT')
  })

  it('jobs J60: a terminal state stops the timers', () => {
    const harness = withJob(timed)
    harness.ask('T1', 'start-next', { stepTimeoutInMinutes: 1 })
    harness.ask('T1', 'J1/update', { status: 'SUCCEEDED' })
    expect(harness.engine.nextDueAtMs()).toBeUndefined()
  })
})

describe('messages', () => {
  const seconds = (text: string): string => text.replaceAll(/(?<=":)\d{10}(?=[,}])/g, '0')
  const raw = (harness: Harness, topic: string, payload: object): string => {
    const bytes = new TextEncoder().encode(JSON.stringify(payload))
    const call = harness.engine.mqttCall(`$aws/things/T1/jobs/${topic}`)
    return seconds(call?.(bytes, harness.nowMs).reply.payload ?? '')
  }

  it('jobs J13 to J18: members stand in the order of AWS', () => {
    const harness = new Harness()
    harness.create('J1', { timeoutConfig: { inProgressTimeoutInMinutes: 1 } })
    const clientToken = 't'
    expect(raw(harness, 'get', { clientToken })).toBe(
      '{"clientToken":"t","timestamp":0,"inProgressJobs":[],"queuedJobs":[{"jobId":"J1",' +
        '"queuedAt":0,"lastUpdatedAt":0,"executionNumber":1,"versionNumber":1}]}',
    )
    const statusDetails = { k: 'é 😀' }
    expect(raw(harness, 'start-next', { clientToken, statusDetails })).toBe(
      '{"clientToken":"t","timestamp":0,"execution":{"jobId":"J1","status":"IN_PROGRESS",' +
        '"statusDetails":{"k":"é \\uD83D\\uDE00"},"queuedAt":0,"startedAt":0,"lastUpdatedAt":0,' +
        '"versionNumber":2,"executionNumber":1,"approximateSecondsBeforeTimedOut":60,' +
        '"jobDocument":{"do":"it"}}}',
    )
    expect(raw(harness, 'J1/update', { status: 'IN_PROGRESS', expectedVersion: 9 })).toBe(
      '{"timestamp":0,"executionState":{"status":"IN_PROGRESS","statusDetails":' +
        '{"k":"é \\uD83D\\uDE00"},"versionNumber":2},"code":"VersionMismatch",' +
        '"message":"Expected version 9 but found version 2"}',
    )
  })
})

describe('HTTPS', () => {
  it('jobs J51: a stale version is 409 with both versions and the state', () => {
    const { engine, nowMs } = withJob()
    const input = { thingName: 'T1', jobId: 'J1', status: 'SUCCEEDED', expectedVersion: 3 } as const
    const outcome = engine.updateJobExecution(input, nowMs)
    expect(outcome).toMatchObject({
      ok: false,
      error: {
        code: 'InvalidStateTransitionException',
        message: 'Expected version 3 but found version 1',
        members: { executionState: { status: 'QUEUED', versionNumber: 1 } },
      },
    })
  })

  it('jobs J50: describing a terminal execution', () => {
    const harness = withJob()
    harness.ask('T1', 'J1/update', { status: 'SUCCEEDED' })
    const input = { thingName: 'T1', jobId: 'J1' }
    const outcome = harness.engine.describeDeviceJobExecution(input, harness.nowMs)
    expect(outcome).toMatchObject({
      error: {
        code: 'TerminalStateException',
        message: 'Job Execution has reached terminal state. It is neither IN_PROGRESS nor QUEUED',
      },
    })
  })

  it('jobs J44: the bodies have neither timestamp nor clientToken', () => {
    const { engine, nowMs } = withJob()
    const pending = engine.getPendingJobExecutions({ thingName: 'T1' })
    expect(pending.ok && Object.keys(pending.value)).toEqual(['inProgressJobs', 'queuedJobs'])
    const started = engine.startNextPendingJobExecution({ thingName: 'T1' }, nowMs)
    expect(started.ok && Object.keys(started.value)).toEqual(['execution'])
    expect(started).toMatchObject({ value: { execution: { jobDocument: '{"do":"it"}' } } })
  })
})
