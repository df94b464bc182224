/**
 * Reports of devices and aborts of jobs (jobs J16, J27, J80, J97, J98).
 */
import { describe, expect, it } from 'vitest'
import { Harness } from './harness.ts'
import { abort } from './job-inputs.ts'

describe('reports and aborts', () => {
  it('jobs J16: QUEUED straight to SUCCEEDED or FAILED has started, REJECTED has not', () => {
    for (const status of ['SUCCEEDED', 'FAILED', 'REJECTED']) {
      const harness = new Harness()
      harness.create('J1')
      harness.ask('T1', 'J1/update', { status })
      const { startedAt } = harness.execution('J1', 'T1')
      expect(startedAt, status).toEqual(status === 'REJECTED' ? undefined : new Date(harness.nowMs))
    }
  })

  it('jobs J27: an update without status is told in the words of AWS', () => {
    const harness = new Harness()
    harness.create('J1')
    const message = "Value null at 'status' failed to satisfy constraint: Member must not be null"
    expect(harness.ask('T1', 'J1/update').payload).toMatchObject({
      code: 'InvalidRequest',
      message,
    })
  })

  it.for([
    ['PAUSED', 'PAUSED'],
    [5, '5'],
    [['SUCCEEDED'], '[...]'],
    [{ toString: 1, valueOf: null }, '{...}'],
    [JSON.parse('['.repeat(20_000) + ']'.repeat(20_000)) as unknown, '[...]'],
  ] as const)('jobs J27: an update to what is no status quotes it as %o', ([status, quoted]) => {
    const harness = new Harness()
    harness.create('J1')
    expect(harness.ask('T1', 'J1/update', { status }).payload).toMatchObject({
      code: 'InvalidRequest',
      message: expect.stringContaining(`Value '${quoted}' at 'status' failed`),
    })
  })

  it.for<readonly [string, readonly string[], string]>([
    [
      'a success counts',
      ['FAILED', 'FAILED', 'SUCCEEDED'],
      'executions: 3, total FAILED executions: 2',
    ],
    [
      'a cancellation counts',
      ['FAILED', 'FAILED', 'CANCEL'],
      'executions: 3, total FAILED executions: 2',
    ],
    [
      'a deletion runs the check',
      ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'FAILED', 'DELETE'],
      'executions: 3, total FAILED executions: 1',
    ],
  ])('jobs J97, J98: %s', ([, reports, ending]) => {
    const harness = new Harness()
    const things = ['T1', 'T2', 'T3', 'T4', 'T5', 'T6']
    for (const name of things) harness.registry.things.add(name)
    const targets = things.map((name) => harness.thing(name))
    harness.create('J1', {
      targets,
      ...abort({
        thresholdPercentage: reports.length > 4 ? 30 : 50,
        minNumberOfExecutedThings: 3,
      }),
    })
    for (const [index, report] of reports.entries()) {
      expect(harness.job('J1')['status']).toBe('IN_PROGRESS')
      const thingName = things[index] ?? ''
      const execution = { jobId: 'J1', thingName }
      if (report === 'CANCEL') harness.operate('CancelJobExecution', execution)
      else if (report === 'DELETE') {
        harness.operate('DeleteJobExecution', { ...execution, thingName: 'T2', executionNumber: 1 })
      } else harness.ask(thingName, 'J1/update', { status: report })
    }
    const job = harness.job('J1')
    expect(job).toMatchObject({
      status: 'CANCELED',
      reasonCode: 'ABORT_CANCEL',
      forceCanceled: false,
    })
    expect(job['comment']).toMatch(
      /^Abort criteria for failure type FAILED with threshold \d\d\.\d\d% met\. /,
    )
    expect(job['comment']).toContain(`Total completed ${ending}`)
  })

  it('jobs J97: a report that ends the last execution completes the job', () => {
    const harness = new Harness()
    harness.create('J1', {
      targets: ['T1', 'T2'].map((name) => harness.thing(name)),
      ...abort({ minNumberOfExecutedThings: 2 }),
    })
    harness.advance(0)
    for (const name of ['T1', 'T2']) harness.ask(name, 'J1/update', { status: 'FAILED' })
    expect(harness.job('J1')).toMatchObject({ status: 'COMPLETED', reasonCode: undefined })
  })

  it('jobs J80: an unforced cancel says forceCanceled false, on both levels', () => {
    const harness = new Harness()
    harness.create('J1')
    harness.operate('CancelJob', { jobId: 'J1' })
    expect(harness.job('J1')).toMatchObject({ status: 'CANCELED', forceCanceled: false })
    expect(harness.execution('J1', 'T1')).toMatchObject({
      status: 'CANCELED',
      forceCanceled: false,
    })
  })
})
