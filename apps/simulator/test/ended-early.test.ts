/**
 * A run that is interrupted, or whose server goes away, still says how far it came; and a server
 * that comes back in time is as if it had never been away.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  samePorts,
  startServerProcess,
  startTestServer,
  TEST_CREDENTIALS,
  type ReadyLine,
  type ServerProcess,
} from '@muster/server/testkit'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import {
  htmlReport,
  simulate,
  type Sample,
  type Scenario,
  type SimulateOptions,
} from '../src/index.ts'
import { endpointsOf } from './endpoints-of.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-ended-early-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const quick = { firstSeconds: 0.2, maxSeconds: 0.5 }
const scenario: Scenario = {
  name: 'ended-early',
  groups: [
    {
      name: 'all',
      connection: { reconnect: quick, retry: quick, requestTimeoutSeconds: 2 },
      jobs: [{ behaviour: 'succeed', durationSeconds: 120, progressReports: 5 }],
    },
  ],
  phases: [{ connect: {} }, { job: { document: { operation: 'x' } } }, { await: { what: 'job' } }],
  assertions: [{ metric: 'succeeded', equals: 'planned' }],
}

/** The same with work that is not done before a test ends it. */
const longer: Scenario = {
  ...scenario,
  groups: scenario.groups.map((group) => ({
    ...group,
    jobs: [{ behaviour: 'succeed', durationSeconds: 3600 }],
  })),
}

/** A started process as a fleet's target. */
const targetOf = (server: ReadyLine): Pick<SimulateOptions, 'endpoints' | 'credentials'> => ({
  credentials: TEST_CREDENTIALS,
  endpoints: {
    controlUrl: `http://127.0.0.1:${server.httpPort}`,
    dataHost: 'localhost',
    mqttPort: server.mqttPort,
    httpsPort: server.httpsPort,
    caPem: readFileSync(server.caFile, 'utf8'),
  },
})

const startProcess = async (flags: readonly string[]): Promise<ServerProcess> => {
  const server = await startServerProcess(flags)
  onTestFinished(() => server.kill('SIGKILL'))
  return server
}

it('an interrupted run tells how far it came, of its job too, and disconnects', async () => {
  const server = await startTestServer({ clock: 'x30' })
  onTestFinished(() => server.close())
  const stop = new AbortController()
  let history: readonly Sample[] = []
  const summary = await simulate({
    ...endpointsOf(server),
    scenario: longer,
    devices: 3,
    identityFolder: folder,
    signal: stop.signal,
    progressEveryMs: 20,
    onProgress: ({ counts }) => {
      if (counts.running === 3) stop.abort(new Error('enough'))
    },
    onHistory: (samples) => (history = samples),
  })
  expect(summary).toMatchObject({
    endedEarly: 'interrupted',
    ok: false,
    connected: 3,
    succeeded: 0,
    inProgress: 3,
    jobTargets: 3,
    jobStatus: 'IN_PROGRESS',
  })
  expect(summary.failures).toEqual([
    expect.stringMatching(
      /^interrupted in phase `rollout`, waiting for the job to end: IN_PROGRESS, .*; job `\S+` was IN_PROGRESS$/,
    ),
  ])
  expect(history.at(-1)?.connected).toBe(0)
  expect(htmlReport(summary, history)).toContain('interrupted in phase')
})

it('an interruption while devices are onboarded is a report too, not an error', async () => {
  const server = await startTestServer()
  onTestFinished(() => server.close())
  const stop = new AbortController()
  const summary = await simulate({
    ...endpointsOf(server),
    scenario: { ...scenario, name: 'onboarding' },
    devices: 500,
    identityFolder: folder,
    signal: stop.signal,
    progressEveryMs: 5,
    onProgress: ({ onboarded }) => {
      if (onboarded > 0) stop.abort(new Error('enough'))
    },
  })
  expect(summary).toMatchObject({ endedEarly: 'interrupted', connected: 0, notReached: 0 })
  expect(summary.failures).toEqual(['interrupted in phase `onboarding`'])
})

it('devices and the run itself outlive a server that is killed and comes back', async () => {
  const data = join(folder, 'killed')
  const first = await startProcess(['--data', data, '--clock', 'x30'])
  let second: Promise<ServerProcess> | undefined
  const said: string[] = []
  const summary = await simulate({
    ...targetOf(first),
    scenario,
    devices: 5,
    identityFolder: folder,
    progressEveryMs: 20,
    log: (line) => said.push(line),
    onProgress: ({ counts }) => {
      if (counts.running !== 5) return
      second ??= first
        .kill('SIGKILL')
        .then(() => startProcess(['--data', data, '--clock', 'x30', ...samePorts(first)]))
    },
  })
  await second
  expect(second).toBeDefined()
  expect(summary).toMatchObject({ ok: true, jobStatus: 'COMPLETED', succeeded: 5, denied: 0 })
  expect(summary.reconnects).toBeGreaterThanOrEqual(5)
  expect(said.join('\n')).toMatch(
    /the control plane gives no answer; asking again for 60 s\nthe control plane answers again after [\d.]+ s/,
  )
}, 90_000)

it('a server that stays away ends the run after its outage, with a report', async () => {
  const server = await startProcess(['--data', join(folder, 'gone'), '--clock', 'x30'])
  let killed: Promise<void> | undefined
  const summary = await simulate({
    ...targetOf(server),
    scenario: longer,
    devices: 3,
    identityFolder: join(folder, 'gone-devices'),
    outageSeconds: 1,
    progressEveryMs: 20,
    onProgress: ({ counts }) => {
      if (counts.running === 3) killed ??= server.kill('SIGKILL')
    },
  })
  expect(killed).toBeDefined()
  expect(summary).toMatchObject({ ok: false, connected: 3, jobTargets: 3, succeeded: 0 })
  expect(summary.inProgress + summary.queued + summary.notReached).toBe(3)
  expect(summary.endedEarly).toMatch(/^DescribeJob failed: ECONN/)
  expect(summary.failures).toEqual([
    expect.stringMatching(/^DescribeJob failed: .* in phase `rollout`, waiting for the job to end/),
  ])
}, 60_000)
