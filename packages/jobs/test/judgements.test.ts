/**
 * Where sources about AWS IoT Jobs disagree: which one this engine follows (jobs §10).
 */
import { describe, expect, it } from 'vitest'
import { code, Harness } from './harness.ts'
import { abort, presigned } from './job-inputs.ts'

function withJob(more: object = {}): Harness {
  const harness = new Harness()
  harness.create('J1', more)
  harness.heard()
  return harness
}

const arn = 'arn:aws:iot:us-east-1:123456789012'
const timed = { timeoutConfig: { inProgressTimeoutInMinutes: 10 } }

describe('what devices see', () => {
  it('jobs D1: seconds on the data plane, milliseconds in bodies of events', () => {
    const harness = withJob()
    const { payload } = harness.ask('T1', 'start-next')
    const seconds = Math.floor(harness.nowMs / 1000)
    expect(payload).toMatchObject({ timestamp: seconds, execution: { queuedAt: seconds } })
    harness.events.add('JOB')
    harness.ask('T1', 'J1/update', { status: 'SUCCEEDED' })
    const event = harness.heard().find(({ topic }) => topic.endsWith('/completed'))
    expect(event?.payload).toMatchObject({ timestamp: seconds, createdAt: harness.nowMs })
  })

  it('jobs D2: notify is silent when an execution starts', () => {
    const harness = withJob()
    harness.ask('T1', 'start-next')
    expect(harness.heardTopics()).toEqual([])
  })

  it('jobs D3: updating a terminal execution is InvalidStateTransition', () => {
    const harness = withJob()
    harness.ask('T1', 'J1/update', { status: 'SUCCEEDED' })
    const { payload } = harness.ask('T1', 'J1/update', { status: 'SUCCEEDED' })
    expect(payload['code']).toBe('InvalidStateTransition')
  })

  it('jobs D4: over HTTPS a stale version is InvalidStateTransitionException', () => {
    const { engine, nowMs } = withJob()
    const input = { thingName: 'T1', jobId: 'J1', status: 'FAILED', expectedVersion: 7 } as const
    expect(code(engine.updateJobExecution(input, nowMs))).toBe('InvalidStateTransitionException')
  })

  it('jobs D27: no execution over MQTT names its thing, one over HTTPS does', () => {
    const harness = withJob()
    const { payload } = harness.ask('T1', 'start-next')
    expect(payload['execution']).toMatchObject({ jobId: 'J1', status: 'IN_PROGRESS' })
    expect(payload['execution']).not.toHaveProperty('thingName')
    const { engine, nowMs } = harness
    const described = engine.describeDeviceJobExecution({ thingName: 'T1', jobId: 'J1' }, nowMs)
    expect(described).toMatchObject({ ok: true, value: { execution: { thingName: 'T1' } } })
  })

  it('jobs D28: deleting a thing makes its executions REMOVED, a running one too', () => {
    const harness = new Harness()
    harness.create('J1', { targets: ['T1', 'T2'].map((name) => harness.thing(name)) })
    harness.advance(0)
    harness.ask('T1', 'start-next')
    harness.engine.onThingDeleted('T1', harness.nowMs)
    harness.advance(0)
    expect(harness.execution('J1', 'T1')['status']).toBe('REMOVED')
    expect(harness.execution('J1', 'T2')['status']).toBe('QUEUED')
  })

  it('jobs J131: a package version that does not exist is refused, and no job is there', () => {
    const harness = new Harness()
    const destinationPackageVersions = [`${arn}:package/p/version/1`]
    expect(code(harness.create('J1', { destinationPackageVersions }))).toBe(
      'ResourceNotFoundException',
    )
    expect(harness.job('J1')).toEqual({ error: 'ResourceNotFoundException' })
  })

  it('jobs D5, D6: notify maps statuses to summaries, numbers and versions start at 1', () => {
    const harness = new Harness()
    harness.create('J1')
    const [notify] = harness.heard()
    expect(notify?.payload['jobs']).toMatchObject({
      QUEUED: [{ jobId: 'J1', executionNumber: 1, versionNumber: 1 }],
    })
  })

  it('jobs D7: running executions are returned among the pending ones', () => {
    const harness = withJob()
    harness.create('J2')
    harness.ask('T1', 'start-next')
    expect(harness.ask('T1', 'get').payload).toMatchObject({
      inProgressJobs: [{ jobId: 'J1' }],
      queuedJobs: [{ jobId: 'J2' }],
    })
  })

  it('jobs D8: every document on the data plane is presigned, over MQTT and HTTPS', () => {
    const harness = withJob({
      document: presigned('https://s3.amazonaws.com/bucket/key'),
      presignedUrlConfig: { roleArn: 'arn:aws:iam::123456789012:role/r' },
    })
    const { engine, nowMs } = harness
    const link = 'https://links/?m=GET&u=https://s3.amazonaws.com/bucket/key'
    for (const ask of [
      () => harness.ask('T1', '$next/get').payload,
      () => harness.ask('T1', 'start-next').payload,
      () => harness.ask('T1', 'J1/update', { status: 'IN_PROGRESS', includeJobDocument: true }),
      () => engine.describeDeviceJobExecution({ thingName: 'T1', jobId: '$next' }, nowMs),
    ]) {
      expect(JSON.stringify(ask())).toContain(link)
    }
  })

  it('jobs D9: namespaces are part of the last levels, below notify or the job', () => {
    const harness = withJob({ namespaceId: 'ns' })
    expect(harness.ask('T1', '$next/namespace-ns/get').verdict).toBe('accepted')
    harness.create('J2', { namespaceId: 'ns' })
    expect(harness.heardTopics()).toEqual(['T1 notify-namespace-ns'])
  })

  it('jobs D10: the time left is told only while a timer runs', () => {
    const harness = withJob(timed)
    const left = (topic: string): unknown =>
      (harness.ask('T1', topic).payload['execution'] as Record<string, unknown>)[
        'approximateSecondsBeforeTimedOut'
      ]
    expect([left('J1/get'), left('start-next')]).toEqual([undefined, 600])
  })

  it.for(['SUCCESS', 'FAILURE', 'COMPLETED', ''])(
    'jobs D16: %j is no status of an execution',
    (status) => {
      const { payload } = withJob().ask('T1', 'J1/update', { status })
      expect(payload['code']).toBe('InvalidRequest')
    },
  )

  it.for(['REMOVED', 'CANCELED', 'QUEUED', 'TIMED_OUT'])(
    'jobs J27, D17, D25: a device cannot set %s',
    (status) => {
      const harness = withJob()
      const message = `The status of job execution cannot be changed to be ${status}`
      const { payload } = harness.ask('T1', 'J1/update', { status })
      expect(payload).toMatchObject({
        code: 'InvalidStateTransition',
        message,
        executionState: { status: 'QUEUED', versionNumber: 1 },
      })
      const input = { thingName: 'T1', jobId: 'J1', status: status as never }
      expect(harness.engine.updateJobExecution(input, harness.nowMs)).toMatchObject({
        error: { code: 'InvalidStateTransitionException', message },
      })
      expect(harness.execution('J1', 'T1')).toMatchObject({ status: 'QUEUED', versionNumber: 1 })
    },
  )

  it('jobs D20: eleven status details are too many', () => {
    const statusDetails = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`k${i}`, 'v']))
    const { payload } = withJob().ask('T1', 'start-next', { statusDetails })
    expect(payload['code']).toBe('InvalidRequest')
  })
})

describe('what operators see', () => {
  it('jobs D12: maximumPerMinute stands beside exponentialRate, and one criterion in it', () => {
    const exponentialRate = {
      baseRatePerMinute: 1,
      incrementFactor: 2,
      rateIncreaseCriteria: { numberOfNotifiedThings: 1 },
    }
    const jobExecutionsRolloutConfig = { maximumPerMinute: 50, exponentialRate }
    const harness = withJob({ jobExecutionsRolloutConfig })
    expect(harness.job('J1')).toMatchObject({ jobExecutionsRolloutConfig })
    const both = { numberOfNotifiedThings: 1, numberOfSucceededThings: 1 }
    const refused = harness.create('J2', {
      jobExecutionsRolloutConfig: {
        maximumPerMinute: 50,
        exponentialRate: { ...exponentialRate, rateIncreaseCriteria: both },
      },
    })
    expect(code(refused)).toBe('InvalidRequestException')
  })

  it('jobs D13: the minimum of an abort counts executions that ended, not those notified', () => {
    const harness = new Harness()
    const targets = ['T1', 'T2', 'T3'].map((name) => harness.thing(name))
    harness.create('J1', { targets, ...abort({ minNumberOfExecutedThings: 2 }) })
    harness.advance(0)
    harness.ask('T1', 'J1/update', { status: 'FAILED' })
    expect(harness.job('J1')['status']).toBe('IN_PROGRESS')
    harness.ask('T2', 'J1/update', { status: 'FAILED' })
    expect(harness.job('J1')['status']).toBe('CANCELED')
  })

  it('jobs D14: queued and timed out executions may be deleted without force', () => {
    const harness = new Harness()
    harness.create('J1', { ...timed, targets: ['T1', 'T2'].map((name) => harness.thing(name)) })
    harness.advance(0)
    harness.ask('T2', 'start-next')
    harness.advance(601)
    expect(harness.execution('J1', 'T2')['status']).toBe('TIMED_OUT')
    for (const thingName of ['T1', 'T2']) {
      const input = { jobId: 'J1', thingName, executionNumber: 1 }
      expect(code(harness.engine.deleteJobExecution(input, harness.nowMs))).toBe('ok')
    }
  })

  it('jobs D15: a changed timeout counts for executions that start later', () => {
    const harness = new Harness()
    harness.create('J1', { ...timed, targets: ['T1', 'T2'].map((name) => harness.thing(name)) })
    harness.advance(0)
    harness.ask('T1', 'start-next')
    const timeoutConfig = { inProgressTimeoutInMinutes: 1 }
    harness.engine.updateJob({ jobId: 'J1', timeoutConfig }, harness.nowMs)
    harness.ask('T2', 'start-next')
    harness.advance(61)
    expect(harness.execution('J1', 'T1')['status']).toBe('IN_PROGRESS')
    expect(harness.execution('J1', 'T2')['status']).toBe('TIMED_OUT')
  })

  it('jobs D16: a job that is done is COMPLETED, its execution SUCCEEDED', () => {
    const harness = withJob()
    harness.ask('T1', 'J1/update', { status: 'SUCCEEDED' })
    expect(harness.job('J1')['status']).toBe('COMPLETED')
    expect(harness.execution('J1', 'T1')['status']).toBe('SUCCEEDED')
  })

  it('jobs D21: leaving the targets removes a queued execution, and leaves a running one', () => {
    const harness = new Harness()
    harness.registry.addGroup('G1')
    for (const name of ['T1', 'T2']) harness.registry.members.get('G1')?.add(name)
    harness.create('J1', { targets: [`${arn}:thinggroup/G1`], targetSelection: 'CONTINUOUS' })
    harness.advance(0)
    harness.ask('T1', 'start-next')
    for (const name of ['T1', 'T2']) harness.leave(name, 'G1')
    expect(harness.execution('J1', 'T1')['status']).toBe('IN_PROGRESS')
    expect(harness.execution('J1', 'T2')['status']).toBe('REMOVED')
  })

  it('jobs D24: an operator may describe an execution in any state', () => {
    const harness = withJob()
    expect(harness.execution('J1', 'T1')['status']).toBe('QUEUED')
    harness.ask('T1', 'start-next')
    expect(harness.execution('J1', 'T1')['status']).toBe('IN_PROGRESS')
    harness.ask('T1', 'J1/update', { status: 'REJECTED' })
    expect(harness.execution('J1', 'T1')['status']).toBe('REJECTED')
  })

  it('jobs J19: executions that devices start or hear of carry id, document and number', () => {
    const harness = new Harness()
    harness.create('J1')
    const heard = harness.heard().find(({ topic }) => topic === 'notify-next')
    const started = harness.ask('T1', 'start-next')
    for (const { payload } of [heard ?? { payload: {} }, started]) {
      expect(payload).toMatchObject({
        execution: { jobId: 'J1', jobDocument: { do: 'it' }, executionNumber: 1 },
      })
    }
  })
})
