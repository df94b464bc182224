/**
 * What every Jobs state must do, in memory, on SQLite or elsewhere.
 */
import { initialProgress, type Job, type JobExecution, type JobsState } from '@muster/jobs'
import { beforeEach, describe, expect, it } from 'vitest'

/** A job with only what a state looks at. */
export function sampleJob(jobId: string, config: Partial<Job['config']> = {}): Job {
  return {
    config: {
      jobId,
      jobArn: `arn:job/${jobId}`,
      targets: ['arn:thing/T1'],
      targetSelection: 'SNAPSHOT',
      document: '{"a":"ü"}',
      createdAtMs: 1000,
      ...config,
    },
    progress: initialProgress('IN_PROGRESS', 1000),
  }
}

/** A QUEUED execution; `order` is its place in creation. */
export function sampleExecution(
  order: number,
  jobId: string,
  thingName: string,
  more: Partial<JobExecution> = {},
): JobExecution {
  return {
    order,
    jobId,
    thingName,
    executionNumber: 1,
    status: 'QUEUED',
    queuedAtMs: 1000,
    lastUpdatedAtMs: 1000,
    versionNumber: 1,
    retryAttempt: 0,
    ...more,
  }
}

/** Declares the suite for one implementation. */
export function jobsStateContract(name: string, open: () => JobsState): void {
  describe(`Jobs state: ${name}`, () => {
    let state: JobsState

    beforeEach(() => {
      state = open()
    })

    it('returns jobs as put, and the same progress until the next batch', () => {
      const job = sampleJob('J1', { description: 'd', namespaceId: 'ns' })
      state.putJob(job)
      expect(state.job('J1')).toEqual(job)
      expect(state.job('J2')).toBeUndefined()
      const held = state.job('J1') as Job
      held.progress.things.QUEUED = 7
      state.putProgress(held)
      expect(state.job('J1')?.progress.things.QUEUED).toBe(7)
      state.putJob({ config: { ...job.config, description: 'e' }, progress: held.progress })
      expect(state.job('J1')).toMatchObject({ config: { description: 'e' } })
      expect(state.job('J1')?.progress.things.QUEUED).toBe(7)
      state.deleteJob('J1')
      expect(state.job('J1')).toBeUndefined()
    })

    it('lists jobs newest first, filtered, page by page', () => {
      const configs = [
        ['A', { createdAtMs: 1 }],
        ['B', { createdAtMs: 3, targetSelection: 'CONTINUOUS' }],
        ['C', { createdAtMs: 2, namespaceId: 'ns', targets: ['arn:group/G'] }],
        ['D', { createdAtMs: 3, targets: ['arn:group/G', 'arn:thing/T1'] }],
      ] as const
      for (const [jobId, config] of configs) state.putJob(sampleJob(jobId, config))
      const done = state.job('C') as Job
      done.progress.status = 'COMPLETED'
      state.putProgress(done)
      const ids = (...args: Parameters<JobsState['jobs']>): readonly string[] =>
        state.jobs(...args).map(({ config }) => config.jobId)
      expect(ids({}, undefined, 10)).toEqual(['D', 'B', 'C', 'A'])
      expect(ids({}, undefined, 2)).toEqual(['D', 'B'])
      expect(ids({}, { createdAtMs: 3, jobId: 'B' }, 2)).toEqual(['C', 'A'])
      expect(ids({ status: 'COMPLETED' }, undefined, 10)).toEqual(['C'])
      expect(ids({ targetSelection: 'CONTINUOUS' }, undefined, 10)).toEqual(['B'])
      expect(ids({ namespaceId: 'ns' }, undefined, 10)).toEqual(['C'])
      expect(ids({ targetArn: 'arn:group/G' }, undefined, 10)).toEqual(['D', 'C'])
      expect(state.countJobs('IN_PROGRESS')).toBe(3)
      expect(state.countJobs('COMPLETED')).toBe(1)
    })

    it('counts concurrent jobs and finds live continuous ones by target', () => {
      const targets = ['arn:group/G']
      state.putJob(sampleJob('S', { targets }))
      state.putJob(sampleJob('C1', { targets, targetSelection: 'CONTINUOUS' }))
      state.putJob(sampleJob('C2', { targets, targetSelection: 'CONTINUOUS', createdAtMs: 2000 }))
      expect(state.continuousJobs('arn:group/G')).toEqual(['C1', 'C2'])
      const job = state.job('C1') as Job
      job.progress.rollout.phase = 'rolling'
      state.putProgress(job)
      expect(state.countConcurrent()).toBe(1)
      job.progress.status = 'CANCELED'
      state.putProgress(job)
      expect(state.countConcurrent()).toBe(0)
      expect(state.continuousJobs('arn:group/G')).toEqual(['C2'])
      state.deleteJob('C2')
      expect(state.continuousJobs('arn:group/G')).toEqual([])
    })

    it('keeps every member of an execution', () => {
      const full = sampleExecution(3, 'J1', 'T:1', {
        executionNumber: 2,
        namespaceId: 'ns',
        status: 'IN_PROGRESS',
        statusDetails: { 'a:b': 'x\ny' },
        startedAtMs: 2,
        inProgressUntilMs: 3,
        stepUntilMs: 4,
        retryAttempt: 1,
        forceCanceled: true,
        windowed: true,
        uncovered: true,
      })
      state.insertExecution(full)
      const key = { jobId: 'J1', thingName: 'T:1', executionNumber: 2 }
      expect(state.execution(key)).toEqual(full)
      const { startedAtMs: _, stepUntilMs: __, ...rest } = full
      const ended: JobExecution = { ...rest, status: 'SUCCEEDED', versionNumber: 9 }
      state.updateExecution(ended)
      expect(state.execution(key)).toEqual(ended)
      state.deleteExecution(ended)
      expect(state.execution(key)).toBeUndefined()
    })

    it('finds the latest execution of a job on a thing', () => {
      const first = sampleExecution(1, 'J1', 'T1', { status: 'FAILED' })
      const second = sampleExecution(2, 'J1', 'T1', { executionNumber: 2 })
      state.insertExecution(first)
      expect(state.latestExecution('J1', 'T1')).toEqual(first)
      state.insertExecution(second)
      expect(state.latestExecution('J1', 'T1')).toEqual(second)
      expect(state.execution({ ...first })).toEqual(first)
      state.deleteExecution(second)
      expect(state.latestExecution('J1', 'T1')).toEqual(first)
      expect(state.latestExecution('J1', 'T2')).toBeUndefined()
      expect(state.latestExecution('J2', 'T1')).toBeUndefined()
    })

    it('jobs J56: orders pending executions by status, queue time and creation', () => {
      const queued = (order: number, jobId: string, more: Partial<JobExecution> = {}): void =>
        state.insertExecution(sampleExecution(order, jobId, 'T1', more))
      queued(1, 'late', { queuedAtMs: 3000 })
      queued(2, 'early', { queuedAtMs: 1000 })
      queued(3, 'twin', { queuedAtMs: 1000 })
      queued(4, 'running', { queuedAtMs: 9000, status: 'IN_PROGRESS' })
      queued(5, 'hidden', { hidden: true, windowed: true })
      queued(6, 'windowed', { windowed: true, queuedAtMs: 2000 })
      queued(7, 'space', { namespaceId: 'ns' })
      queued(8, 'done', { status: 'SUCCEEDED' })
      const ids = (list: readonly JobExecution[]): readonly string[] =>
        list.map(({ jobId }) => jobId)
      expect(ids(state.pending('T1', undefined, 10))).toEqual([
        'running',
        'early',
        'twin',
        'windowed',
        'late',
      ])
      expect(ids(state.pending('T1', undefined, 2))).toEqual(['running', 'early'])
      expect(ids(state.pending('T1', 'ns', 10))).toEqual(['space'])
      expect(ids(state.pendingWindowed('T1', undefined, 10))).toEqual(['windowed'])
      expect(ids(state.pending('T2', undefined, 10))).toEqual([])
      expect(ids(state.unfinished('T1', 10))).toEqual([
        'late',
        'early',
        'twin',
        'running',
        'hidden',
        'windowed',
        'space',
      ])
      const started = state.latestExecution('late', 'T1') as JobExecution
      state.updateExecution({ ...started, status: 'IN_PROGRESS' })
      expect(ids(state.pending('T1', undefined, 2))).toEqual(['late', 'running'])
      state.updateExecution({ ...started, status: 'FAILED' })
      expect(ids(state.pending('T1', undefined, 2))).toEqual(['running', 'early'])
      const hidden = state.latestExecution('hidden', 'T1') as JobExecution
      const { hidden: _, ...shown } = hidden
      state.updateExecution(shown)
      expect(ids(state.pendingWindowed('T1', undefined, 10))).toEqual(['hidden', 'windowed'])
    })

    it('lists executions of a job by thing and number, page by page', () => {
      let order = 0
      for (const thingName of ['b', 'a', 'c']) {
        for (const executionNumber of [1, 2]) {
          order += 1
          const status = executionNumber === 1 ? 'FAILED' : 'QUEUED'
          state.insertExecution(
            sampleExecution(order, 'J1', thingName, { executionNumber, status }),
          )
        }
      }
      state.insertExecution(sampleExecution(9, 'J2', 'a'))
      const names = (list: readonly JobExecution[]): readonly string[] =>
        list.map(({ thingName, executionNumber }) => `${thingName}${executionNumber}`)
      const first = state.executionsOfJob('J1', undefined, undefined, 4)
      expect(names(first.executions)).toEqual(['a1', 'a2', 'b1', 'b2'])
      const second = state.executionsOfJob('J1', undefined, first.next, 4)
      expect(names(second.executions)).toEqual(['c1', 'c2'])
      expect(second.next).toBeUndefined()
      const failed = state.executionsOfJob('J1', ['FAILED'], undefined, 3)
      expect(names(failed.executions)).toEqual(['a1', 'b1', 'c1'])
      expect(failed.next).toBeUndefined()
      const some = state.executionsOfJob(
        'J1',
        ['QUEUED', 'FAILED'],
        { thingName: 'a', executionNumber: 1 },
        2,
      )
      expect(names(some.executions)).toEqual(['a2', 'b1'])
      expect(some.next).toEqual({ thingName: 'b', executionNumber: 1 })
      expect(state.executionsOfJob('J9', undefined, undefined, 3)).toEqual({ executions: [] })
    })

    it('lists executions of a thing newest first, filtered', () => {
      state.insertExecution(sampleExecution(1, 'J1', 'T1', { status: 'FAILED' }))
      state.insertExecution(sampleExecution(2, 'J1', 'T1', { executionNumber: 2 }))
      state.insertExecution(sampleExecution(3, 'J2', 'T1', { namespaceId: 'ns' }))
      state.insertExecution(sampleExecution(4, 'J2', 'T2'))
      const orders = (...args: Parameters<JobsState['executionsOfThing']>): readonly number[] =>
        state.executionsOfThing(...args).map(({ order }) => order)
      expect(orders('T1', {}, undefined, 10)).toEqual([3, 2, 1])
      expect(orders('T1', {}, 3, 1)).toEqual([2])
      expect(orders('T1', { status: 'FAILED' }, undefined, 10)).toEqual([1])
      expect(orders('T1', { jobId: 'J1' }, undefined, 10)).toEqual([2, 1])
      expect(orders('T1', { namespaceId: 'ns' }, undefined, 10)).toEqual([3])
    })

    it('gives rising creation orders', () => {
      const first = state.nextOrder()
      expect(state.nextOrder()).toBeGreaterThan(first)
    })

    it('takes rollout targets first in, first out', () => {
      const names = Array.from({ length: 450 }, (_, index) => `T${index}`)
      state.queueTargets('J1', names)
      state.queueTargets('J1', ['late'])
      state.queueTargets('J2', ['other'])
      expect([state.countTargets('J1'), state.countTargets('J3')]).toEqual([451, 0])
      expect(state.isTargetQueued('J1', 'T44')).toBe(true)
      expect(state.isTargetQueued('J1', 'T4')).toBe(true)
      expect(state.takeTargets('J1', 250)).toEqual(names.slice(0, 250))
      expect(state.countTargets('J1')).toBe(201)
      expect(state.isTargetQueued('J1', 'T44')).toBe(false)
      expect(state.isTargetQueued('J1', '44')).toBe(false)
      expect(state.takeTargets('J1', 1000)).toEqual([...names.slice(250), 'late'])
      expect(state.takeTargets('J1', 1)).toEqual([])
      expect(state.hasTargets('J1')).toBe(false)
      expect(state.hasTargets('J2')).toBe(true)
      state.clearTargets('J2')
      expect(state.takeTargets('J2', 1)).toEqual([])
    })

    it('finds due work in order of time, then of setting', () => {
      expect(state.nextDueAtMs()).toBeUndefined()
      state.putDue('b/1', 2000)
      state.putDue('a/1', 2000)
      state.putDue('c/1', 1000)
      expect(state.nextDueAtMs()).toBe(1000)
      expect(state.firstDue(999)).toBeUndefined()
      expect(state.firstDue(1000)).toEqual({ work: 'c/1', dueAtMs: 1000 })
      state.putDue('c/1', 3000)
      expect(state.firstDue(5000)).toEqual({ work: 'b/1', dueAtMs: 2000 })
      state.putDue('b/1', 2000)
      expect(state.firstDue(5000)).toEqual({ work: 'a/1', dueAtMs: 2000 })
      state.deleteDue('a/1')
      state.deleteDue('nothing')
      expect(state.firstDue(5000)).toEqual({ work: 'b/1', dueAtMs: 2000 })
    })

    it('keeps templates, newest first', () => {
      const template = (
        jobTemplateId: string,
        createdAtMs = 5,
      ): Parameters<JobsState['putTemplate']>[0] => ({
        jobTemplateId,
        jobTemplateArn: `arn:jobtemplate/${jobTemplateId}`,
        description: 'd',
        document: '{}',
        createdAtMs,
      })
      for (const id of ['b', 'a', 'c']) state.putTemplate(template(id))
      expect(state.template('a')).toEqual(template('a'))
      state.putTemplate(template('old', 4))
      expect(state.templates(undefined, 2).map((one) => one.jobTemplateId)).toEqual(['c', 'b'])
      const after = { createdAtMs: 5, jobTemplateId: 'b' }
      expect(state.templates(after, 2).map((one) => one.jobTemplateId)).toEqual(['a', 'old'])
      state.deleteTemplate('b')
      expect(state.template('b')).toBeUndefined()
      expect(state.countTemplates()).toBe(3)
    })
  })
}
