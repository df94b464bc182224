/**
 * Each job behaviour, by its effect on the state of a real server: one run with a group per
 * behaviour, then the executions as the control plane shows them.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescribeJobExecutionCommand, type JobExecution } from '@aws-sdk/client-iot'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  planFleet,
  simulate,
  type JobBehaviour,
  type Scenario,
  type Summary,
} from '../src/index.ts'
import { endpointsOf } from './endpoints-of.ts'

const quick = { retry: { firstSeconds: 0.1, maxSeconds: 1 }, pollSeconds: 0.2 }
const group = (
  name: string,
  behaviour: JobBehaviour,
  connection: Scenario['groups'][number]['connection'] = {},
): Scenario['groups'][number] => ({
  name,
  connection: { ...quick, ...connection },
  jobs: [behaviour],
})

const scenario: Scenario = {
  name: 'behaviours',
  groups: [
    group('succeed', { behaviour: 'succeed' }),
    group('progress', { behaviour: 'succeed', progressReports: 2 }),
    group('peeking', { behaviour: 'succeed' }, { query: 'describe-next', expectVersions: true }),
    group('fail', { behaviour: 'fail' }),
    group('reject', { behaviour: 'reject' }),
    group('hang', { behaviour: 'hang' }),
    group('crash', { behaviour: 'crash', rebootSeconds: 0.2 }),
    group('duplicate-update', { behaviour: 'duplicate-update' }),
    group('lost-reply', { behaviour: 'lost-reply' }),
    group('out-of-order', { behaviour: 'out-of-order' }),
    group('stale-version', { behaviour: 'stale-version' }),
    group('forget-step-timer', { behaviour: 'forget-step-timer' }),
    group('step-timer', { behaviour: 'succeed', durationSeconds: 150 }, { stepTimeoutMinutes: 1 }),
    group('https', { behaviour: 'succeed' }, { protocol: 'https' }),
    group('https-lost-reply', { behaviour: 'lost-reply' }, { protocol: 'https' }),
    group('https-stale-version', { behaviour: 'stale-version' }, { protocol: 'https' }),
  ],
  phases: [
    { connect: {} },
    { job: { document: { operation: 'anything' }, inProgressTimeoutInMinutes: 4 } },
    { await: { what: 'job', timeoutSeconds: 40 } },
  ],
}

let server: TestServer
let folder: string
let summary: Summary
const executions = new Map<string, JobExecution>()

beforeAll(async () => {
  // A minute of the server's clock takes one second, so that timers of minutes can run out.
  server = await startTestServer({ clock: 'x60' })
  folder = mkdtempSync(join(tmpdir(), 'muster-identities-'))
  const devices = scenario.groups.length
  summary = await simulate({
    ...endpointsOf(server),
    scenario,
    devices,
    identityFolder: folder,
  })
  for (const plan of planFleet(scenario, devices, 1, 'behaviours')) {
    const { execution } = await server.iot.send(
      new DescribeJobExecutionCommand({ jobId: summary.jobId, thingName: plan.thingName }),
    )
    executions.set(plan.group.name, execution ?? {})
  }
})

afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

const of = (name: string): JobExecution => executions.get(name) ?? {}
const details = (name: string): Record<string, string> => of(name).statusDetails?.detailsMap ?? {}

it('ends every job, without an unexpected denial', () => {
  expect(summary).toMatchObject({ ok: true, jobStatus: 'COMPLETED', denied: 0, failures: [] })
})

// [group, final status, version: 1 queued, +1 for each accepted device write (jobs J54)]
it.each([
  ['succeed', 'SUCCEEDED', 3],
  ['progress', 'SUCCEEDED', 5],
  ['peeking', 'SUCCEEDED', 3],
  ['fail', 'FAILED', 3],
  ['reject', 'REJECTED', 3],
  ['hang', 'TIMED_OUT', 3],
  ['crash', 'SUCCEEDED', 4],
  ['duplicate-update', 'SUCCEEDED', 3],
  ['lost-reply', 'SUCCEEDED', 3],
  ['out-of-order', 'SUCCEEDED', 3],
  ['stale-version', 'SUCCEEDED', 3],
  ['forget-step-timer', 'TIMED_OUT', 3],
  ['https', 'SUCCEEDED', 3],
  ['https-lost-reply', 'SUCCEEDED', 3],
  ['https-stale-version', 'SUCCEEDED', 3],
])('`%s` ends as %s at version %i', (name, status, versionNumber) => {
  expect(of(name)).toMatchObject({ status, versionNumber, executionNumber: 1 })
})

describe('what the service said on the way', () => {
  it('jobs J117: failures and rejections carry their reason', () => {
    expect(details('fail')).toEqual({ reason: 'simulated: update did not apply' })
    expect(details('reject')).toEqual({ reason: 'simulated: not for this device' })
  })

  it('jobs J118: a crashed device resumes with the details it left', () => {
    expect(details('crash')).toEqual({ resumedFrom: 'half' })
    expect(summary.faults['crash: began']).toBe(1)
  })

  it('jobs J32: a duplicate or late update of an ended job is refused', () => {
    expect(summary.faults['duplicate-update: InvalidStateTransition']).toBe(1)
    expect(summary.faults['out-of-order: InvalidStateTransition']).toBe(1)
    expect(details('out-of-order')).toEqual({})
  })

  it('jobs J31, J51: a stale version is refused with the wire’s own code', () => {
    expect(summary.faults['stale-version: VersionMismatch']).toBe(1)
    expect(summary.faults['stale-version: InvalidStateTransition']).toBe(1)
  })

  it('a lost reply is asked for again, and the repeat shows that it had been done', () => {
    expect(summary.faults['lost-reply: InvalidStateTransition']).toBe(2)
  })

  it('jobs J58, J118: a re-armed step timer lets a job outlive it', () => {
    expect(of('step-timer')).toMatchObject({ status: 'SUCCEEDED' })
    expect(of('step-timer').versionNumber).toBeGreaterThan(4)
  })
})
