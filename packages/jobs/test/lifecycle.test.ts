/**
 * What becomes of jobs and executions, and the lists of them, rule by rule (jobs §3 and §4).
 */
import type { ListJobsResponse } from '@aws-sdk/client-iot'
import { describe, expect, it } from 'vitest'
import { code, Harness } from './harness.ts'
import { retry } from './job-inputs.ts'

describe('lifecycle', () => {
  it('jobs J62, J63: each criterion has its own retries', () => {
    const harness = new Harness()
    harness.create('J1', {
      timeoutConfig: { inProgressTimeoutInMinutes: 1 },
      jobExecutionsRetryConfig: {
        criteriaList: [
          { failureType: 'FAILED', numberOfRetries: 1 },
          { failureType: 'TIMED_OUT', numberOfRetries: 1 },
        ],
      },
    })
    harness.ask('T1', 'J1/update', { status: 'FAILED' })
    harness.ask('T1', 'start-next')
    harness.advance(61)
    expect(harness.execution('J1', 'T1')).toMatchObject({ executionNumber: 3, status: 'QUEUED' })
    harness.ask('T1', 'J1/update', { status: 'FAILED' })
    expect(harness.execution('J1', 'T1')).toMatchObject({ executionNumber: 3, status: 'FAILED' })
    expect(harness.job('J1')['status']).toBe('COMPLETED')
  })

  it('jobs J62, J64: REJECTED and cancelled jobs never retry', () => {
    const criteriaList = [{ failureType: 'ALL', numberOfRetries: 5 }] as const
    const more = { jobExecutionsRetryConfig: { criteriaList: [...criteriaList] } }
    const harness = new Harness()
    harness.create('J1', more)
    harness.ask('T1', 'J1/update', { status: 'REJECTED' })
    expect(harness.execution('J1', 'T1')['executionNumber']).toBe(1)
    harness.create('J2', more)
    harness.ask('T1', 'start-next')
    harness.engine.cancelJob({ jobId: 'J2' }, harness.nowMs)
    harness.ask('T1', 'J2/update', { status: 'FAILED' })
    expect(harness.execution('J2', 'T1')['executionNumber']).toBe(1)
  })

  it('jobs J54, J55, J77: leaving removes at the same version, rejoining queues the next number', () => {
    const harness = grouped('CONTINUOUS')
    harness.leave('T1', 'G1')
    expect(harness.execution('J1', 'T1')).toMatchObject({ status: 'REMOVED', versionNumber: 1 })
    harness.join('T1', 'G1')
    expect(harness.execution('J1', 'T1')).toMatchObject({ status: 'QUEUED', executionNumber: 2 })
    expect(harness.job('J1')['jobProcessDetails']).toMatchObject({
      numberOfQueuedThings: 1,
      numberOfRemovedThings: 1,
    })
  })

  it('jobs J77, D21: leaving while it runs changes nothing; it may finish, and rejoining runs anew', () => {
    const harness = grouped('CONTINUOUS')
    harness.ask('T1', 'start-next')
    harness.heard()
    harness.leave('T1', 'G1')
    expect(harness.execution('J1', 'T1')).toMatchObject({ status: 'IN_PROGRESS', versionNumber: 2 })
    harness.join('T1', 'G1')
    expect(harness.execution('J1', 'T1')).toMatchObject({ executionNumber: 1 })
    expect(harness.heard()).toEqual([])
    harness.ask('T1', 'J1/update', { status: 'SUCCEEDED' })
    expect(harness.execution('J1', 'T1')).toMatchObject({ executionNumber: 1, status: 'SUCCEEDED' })
    harness.leave('T1', 'G1')
    harness.join('T1', 'G1')
    expect(harness.execution('J1', 'T1')).toMatchObject({ executionNumber: 2, status: 'QUEUED' })
  })

  it('jobs J76, J77, J83: a target that is associated adds nothing while the one that ran on still runs', () => {
    const harness = grouped('CONTINUOUS')
    harness.ask('T1', 'start-next')
    harness.leave('T1', 'G1')
    harness.join('T1', 'G1')
    const targets = [harness.group('G1')]
    harness.engine.associateTargetsWithJob({ jobId: 'J1', targets }, harness.nowMs)
    harness.advance(0)
    expect(harness.execution('J1', 'T1')).toMatchObject({ executionNumber: 1 })
    expect(harness.job('J1')['jobProcessDetails']).toMatchObject({
      numberOfInProgressThings: 1,
      numberOfQueuedThings: 0,
    })
  })

  it('jobs J76, J83: a thing that waits for the rollout is not queued again by a target that is associated', () => {
    const harness = new Harness()
    harness.registry.addGroup('G1')
    for (const thing of ['T1', 'T2']) harness.registry.members.get('G1')?.add(thing)
    const targets = [harness.group('G1')]
    harness.create('J1', {
      targets,
      targetSelection: 'CONTINUOUS',
      jobExecutionsRolloutConfig: { maximumPerMinute: 1 },
    })
    harness.engine.associateTargetsWithJob({ jobId: 'J1', targets }, harness.nowMs)
    harness.advance(60)
    const queued = { jobId: 'J1', thingName: 'T2', executionNumber: 1 }
    expect(harness.execution('J1', 'T2')).toMatchObject({ status: 'QUEUED' })
    harness.engine.deleteJobExecution(queued, harness.nowMs)
    harness.advance(120)
    expect(
      harness.engine.describeJobExecution({ jobId: 'J1', thingName: 'T2' }, harness.nowMs),
    ).toMatchObject({ ok: false })
  })

  it('jobs J76, D29: joining a further target group runs again, leaving one of two does not', () => {
    const harness = grouped('CONTINUOUS', ['G2'])
    harness.ask('T1', 'J1/update', { status: 'SUCCEEDED' })
    harness.join('T1', 'G2')
    expect(harness.execution('J1', 'T1')).toMatchObject({ executionNumber: 2, status: 'QUEUED' })
    harness.leave('T1', 'G1')
    expect(harness.execution('J1', 'T1')).toMatchObject({ executionNumber: 2, status: 'QUEUED' })
    harness.ask('T1', 'J1/update', { status: 'SUCCEEDED' })
    harness.leave('T1', 'G1')
    expect(harness.execution('J1', 'T1')).toMatchObject({ executionNumber: 2 })
  })

  it('jobs J77: a finished thing that leaves and rejoins runs again', () => {
    const harness = grouped('CONTINUOUS')
    harness.ask('T1', 'J1/update', { status: 'SUCCEEDED' })
    harness.leave('T1', 'G1')
    harness.join('T1', 'G1')
    expect(harness.execution('J1', 'T1')).toMatchObject({ status: 'QUEUED', executionNumber: 2 })
  })

  it('jobs J75: a child group counts, at creation and when things join it later', () => {
    const harness = new Harness()
    harness.registry.addGroup('G1')
    harness.registry.addGroup('child', 'G1')
    harness.registry.members.get('child')?.add('T1')
    harness.create('J1', { targets: [harness.group('G1')], targetSelection: 'CONTINUOUS' })
    expect(harness.execution('J1', 'T1')['status']).toBe('QUEUED')
    harness.join('T2', 'child')
    expect(harness.execution('J1', 'T2')['status']).toBe('QUEUED')
  })

  it('jobs J77: deleting a target group removes what only it covered', () => {
    const harness = grouped('CONTINUOUS')
    harness.registry.members.delete('G1')
    harness.registry.parents.delete('G1')
    harness.engine.onGroupDeleted('G1', harness.nowMs)
    harness.advance(0)
    expect(harness.execution('J1', 'T1')['status']).toBe('REMOVED')
  })

  it('jobs J79: UpdateJob changes a live job, malformed members and dead jobs are refused', () => {
    const harness = new Harness()
    harness.create('J1', { namespaceId: 'ns' })
    const update = (more: object): string =>
      code(harness.operate('UpdateJob', { jobId: 'J1', ...more }))
    expect(update({ description: 'new', timeoutConfig: { inProgressTimeoutInMinutes: 3 } })).toBe(
      'ok',
    )
    expect(harness.job('J1')).toMatchObject({ description: 'new' })
    expect(update({ timeoutConfig: { inProgressTimeoutInMinutes: 0 } })).toBe(
      'InvalidRequestException',
    )
    expect(update({ namespaceId: 'other', description: 'x' })).toBe('ResourceNotFoundException')
    harness.engine.cancelJob({ jobId: 'J1' }, harness.nowMs)
    expect(update({ description: 'late' })).toBe('InvalidRequestException')
    expect(update({ jobId: 'J9', description: 'x' })).toBe('ResourceNotFoundException')
  })

  it('jobs J80, J65: a forced cancel reaches running executions and says so on both levels', () => {
    const harness = new Harness()
    harness.create('J1')
    harness.ask('T1', 'start-next')
    const input = { jobId: 'J1', force: true, reasonCode: 'BAD_1', comment: 'no' }
    expect(code(harness.engine.cancelJob(input, harness.nowMs))).toBe('ok')
    expect(harness.job('J1')).toMatchObject({ forceCanceled: true, reasonCode: 'BAD_1' })
    expect(harness.execution('J1', 'T1')).toMatchObject({ status: 'CANCELED', forceCanceled: true })
    expect(harness.ask('T1', 'J1/update', { status: 'SUCCEEDED' }).payload).toMatchObject({
      code: 'InvalidStateTransition',
      executionState: { status: 'CANCELED', versionNumber: 3 },
    })
  })

  it('jobs J80: a cancelled job keeps no waiting targets and makes room for another', () => {
    const harness = new Harness({ concurrentJobsMax: 1 })
    const targets = ['T1', 'T2', 'T3'].map((name) => harness.thing(name))
    harness.create('J1', { targets, jobExecutionsRolloutConfig: { maximumPerMinute: 1 } })
    harness.advance(0)
    expect(harness.state.hasTargets('J1')).toBe(true)
    expect(code(harness.create('J2'))).toBe('LimitExceededException')
    expect(code(harness.operate('CancelJob', { jobId: 'J1' }))).toBe('ok')
    harness.advance(0)
    expect(harness.state.hasTargets('J1')).toBe(false)
    expect(code(harness.create('J2'))).toBe('ok')
  })

  it.for(['lower', 'A B', 'X'.repeat(129), ''])(
    'jobs J71: reasonCode %j is refused',
    (reasonCode) => {
      const harness = new Harness()
      harness.create('J1')
      expect(code(harness.operate('CancelJob', { jobId: 'J1', reasonCode }))).toBe(
        'InvalidRequestException',
      )
    },
  )

  it('jobs J82: an eleventh deletion at a time is refused, a second of one job is 409', () => {
    const harness = new Harness({ sliceExecutions: 1, concurrentDeletionsMax: 1 })
    const targets = ['T1', 'T2', 'T3'].map((name) => harness.thing(name))
    harness.create('J1', { targets })
    harness.create('J2', { targets })
    harness.advance(0)
    const remove = (jobId: string): string =>
      code(harness.engine.deleteJob({ jobId, force: true }, harness.nowMs))
    expect(remove('J1')).toBe('ok')
    expect(harness.job('J1')['status']).toBe('DELETION_IN_PROGRESS')
    expect(remove('J1')).toBe('InvalidStateTransitionException')
    expect(remove('J2')).toBe('LimitExceededException')
    expect(code(harness.engine.cancelJob({ jobId: 'J1' }, harness.nowMs))).toBe(
      'InvalidRequestException',
    )
    harness.advance(0)
    expect(harness.job('J1')).toEqual({ error: 'ResourceNotFoundException' })
    expect(remove('J2')).toBe('ok')
  })

  it('jobs J83: targets are associated with a running continuous job only', () => {
    const harness = grouped('CONTINUOUS')
    harness.registry.addGroup('G2')
    harness.registry.members.get('G2')?.add('T2')
    harness.create('S')
    const associate = (jobId: string, ...targets: string[]): string =>
      code(harness.engine.associateTargetsWithJob({ jobId, targets }, harness.nowMs))
    expect(associate('S', harness.group('G2'))).toBe('InvalidRequestException')
    expect(associate('J1', harness.thing('T2'))).toBe('InvalidRequestException')
    expect(associate('J1', harness.group('G9'))).toBe('ResourceNotFoundException')
    expect(associate('J1', harness.group('G2'))).toBe('ok')
    harness.advance(0)
    expect(harness.execution('J1', 'T2')['status']).toBe('QUEUED')
    expect(harness.job('J1')['targets']).toEqual([harness.group('G1'), harness.group('G2')])
    for (let index = 0; index < 99; index += 1) harness.registry.addGroup(`X${index}`)
    const many = Array.from({ length: 99 }, (_, index) => harness.group(`X${index}`))
    expect(associate('J1', ...many)).toBe('LimitExceededException')
  })

  it('jobs J87, J97: deleting the latest attempt makes the one before it count', () => {
    const harness = new Harness()
    harness.create('J1', { jobExecutionsRetryConfig: retry(1, 2).jobExecutionsRetryConfig })
    harness.ask('T1', 'J1/update', { status: 'FAILED' })
    const input = { jobId: 'J1', thingName: 'T1', executionNumber: 2 }
    expect(code(harness.engine.deleteJobExecution(input, harness.nowMs))).toBe('ok')
    expect(harness.job('J1')).toMatchObject({
      status: 'COMPLETED',
      jobProcessDetails: { numberOfFailedThings: 1, numberOfQueuedThings: 0 },
    })
  })

  /** A job on G1, which holds T1, and on further groups, which hold nothing. */
  function grouped(
    targetSelection: 'CONTINUOUS' | 'SNAPSHOT',
    further: readonly string[] = [],
  ): Harness {
    const harness = new Harness()
    const groups = ['G1', ...further]
    for (const group of groups) harness.registry.addGroup(group)
    harness.registry.members.get('G1')?.add('T1')
    const targets = groups.map((group) => harness.group(group))
    harness.create('J1', { targets, targetSelection })
    harness.heard()
    return harness
  }
})

describe('lists', () => {
  it('jobs J89: pages of jobs, newest first, by status, selection and group', () => {
    const harness = new Harness()
    harness.registry.addGroup('G1')
    harness.create('A')
    harness.advance(1)
    harness.create('B', { targets: [harness.group('G1')], targetSelection: 'CONTINUOUS' })
    harness.advance(1)
    harness.create('C')
    harness.engine.cancelJob({ jobId: 'C' }, harness.nowMs)
    const list = (input: object): readonly (string | undefined)[] => {
      const outcome = harness.operate('ListJobs', input)
      if (!outcome.ok) return [outcome.error.code]
      const { jobs = [] }: ListJobsResponse = outcome.value
      return jobs.map(({ jobId }) => jobId)
    }
    expect(list({})).toEqual(['C', 'B', 'A'])
    expect(list({ status: 'CANCELED' })).toEqual(['C'])
    expect(list({ targetSelection: 'CONTINUOUS' })).toEqual(['B'])
    expect(list({ thingGroupName: 'G1' })).toEqual(['B'])
    expect(list({ thingGroupId: 'id-of-G1' })).toEqual(['B'])
    expect(list({ thingGroupName: 'G9' })).toEqual(['ResourceNotFoundException'])
    const told = harness.engine.listJobs({})
    const groups = told.ok ? told.value.jobs?.map(({ thingGroupId }) => thingGroupId) : []
    expect(groups).toEqual([undefined, 'id-of-G1', undefined])
    expect(list({ status: 'DONE' })).toEqual(['InvalidRequestException'])
    const first = harness.engine.listJobs({ maxResults: 2 })
    const nextToken = first.ok ? first.value.nextToken : undefined
    expect(list({ maxResults: 2, nextToken })).toEqual(['A'])
    expect(list({ status: 'CANCELED', nextToken })).toEqual(['InvalidRequestException'])
    expect(list({ nextToken: 'nonsense' })).toEqual(['InvalidRequestException'])
    for (const maxResults of [0, 251, Number.NaN, 1.5]) {
      expect(list({ maxResults })).toEqual(['InvalidRequestException'])
    }
  })

  it('jobs J88, J89: executions of a thing, newest first, with retryAttempt', () => {
    const harness = new Harness()
    harness.create('A')
    harness.create('B', { namespaceId: 'ns' })
    const list = (input: object): readonly (string | undefined)[] => {
      const outcome = harness.engine.listJobExecutionsForThing({ thingName: 'T1', ...input })
      if (!outcome.ok) return [outcome.error.code]
      return (outcome.value.executionSummaries ?? []).map(({ jobId }) => jobId)
    }
    expect(list({})).toEqual(['B', 'A'])
    expect(list({ namespaceId: 'ns' })).toEqual(['B'])
    expect(list({ jobId: 'A' })).toEqual(['A'])
    expect(list({ status: 'FAILED' })).toEqual([])
    expect(list({ thingName: 'T9' })).toEqual(['ResourceNotFoundException'])
    const first = harness.engine.listJobExecutionsForThing({ thingName: 'T1', maxResults: 1 })
    const nextToken = first.ok ? first.value.nextToken : undefined
    expect(list({ maxResults: 1, nextToken })).toEqual(['A'])
  })
})
