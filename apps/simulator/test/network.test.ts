/**
 * Network and hostile behaviours against a real server: what they do to connections and jobs.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ListThingPrincipalsCommand } from '@aws-sdk/client-iot'
import { GetConnectionCommand } from '@aws-sdk/client-iot-data-plane'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  loadScenario,
  planFleet,
  simulate,
  type DeviceGroup,
  type Phase,
  type Progress,
  type Summary,
} from '../src/index.ts'
import { endpointsOf } from './endpoints-of.ts'

let server: TestServer
let folder: string

beforeAll(async () => {
  server = await startTestServer({ clock: 'x60' })
  folder = mkdtempSync(join(tmpdir(), 'muster-identities-'))
})

afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

const quick = {
  requestTimeoutSeconds: 0.5,
  retry: { firstSeconds: 0.1, maxSeconds: 0.5 },
  reconnect: { firstSeconds: 0.05, maxSeconds: 0.2 },
}

// The first question of a connected device must have its answer before there is a job: only then
// is the job news.
const jobPhases: readonly Phase[] = [
  { connect: {} },
  { wait: { seconds: 0.6 } },
  { job: { document: { operation: 'anything' } } },
  { await: { what: 'job', timeoutSeconds: 30 } },
]

const run = async (
  name: string,
  group: Omit<DeviceGroup, 'name'>,
  phases: readonly Phase[] = jobPhases,
  onProgress: (progress: Progress) => void = () => {},
): Promise<Summary> =>
  await simulate({
    ...endpointsOf(server),
    scenario: { name, groups: [{ name: 'all', connection: quick, ...group }], phases },
    devices: 3,
    identityFolder: folder,
    progressEveryMs: 50,
    onProgress,
  })

it('latency: a job takes the delay of every message on its way', async () => {
  const summary = await run('latency', { network: { latencyMilliseconds: 100 } })
  expect(summary).toMatchObject({ ok: true, succeeded: 3, reconnects: 0 })
  // Four one-way trips between notify-next and the accepted update: two requests, two replies.
  expect(summary.notifyToSuccessMs.p50).toBeGreaterThan(380)
})

it('flapping: connections are cut again and again, and each job still ends once', async () => {
  const summary = await run('flapping', {
    network: { flapping: { everySeconds: 0.4 } },
    jobs: [{ behaviour: 'succeed', durationSeconds: 90, progressReports: 3 }],
  })
  expect(summary).toMatchObject({ ok: true, succeeded: 3, denied: 0 })
  expect(summary.reconnects).toBeGreaterThanOrEqual(3)
})

it('offline windows: nothing can be reached, and the job ends afterwards', async () => {
  const summary = await run('offline', {
    network: { offline: { everySeconds: 0.3, forSeconds: 0.4 } },
    jobs: [{ behaviour: 'succeed', durationSeconds: 60 }],
  })
  expect(summary).toMatchObject({ ok: true, succeeded: 3, denied: 0 })
  expect(summary.errors).toHaveProperty('unreachable: connect ENETUNREACH (simulated: offline)')
})

it('half-open: the server believes in a silent connection until the device comes back', async () => {
  const clientId = planFleet({ name: 'half-open', groups: [{ name: 'all' }] }, 3, 1, 'half-open')[0]
    ?.thingName
  const views: Promise<boolean | undefined>[] = []
  const summary = await run(
    'half-open',
    {
      network: { halfOpen: { everySeconds: 0.3, forSeconds: 0.6 } },
      jobs: [{ behaviour: 'succeed', durationSeconds: 60 }],
    },
    jobPhases,
    ({ counts }) => {
      if ((counts.faults['halfOpen: began'] ?? 0) === 0 || views.length > 0) return
      const asked = server.iotData.send(new GetConnectionCommand({ clientId }))
      views.push(asked.then(({ connected }) => connected))
    },
  )
  expect(summary).toMatchObject({ ok: true, succeeded: 3, denied: 0 })
  expect(await Promise.all(views)).toEqual([true])
  expect(summary.reconnects).toBeGreaterThanOrEqual(3)
})

it('slow reader: messages arrive late, none is lost', async () => {
  const summary = await run('slow-reader', { network: { slowReader: { bytesPerSecond: 2000 } } })
  expect(summary).toMatchObject({ ok: true, succeeded: 3, reconnects: 0, denied: 0 })
  expect(summary.notifyToSuccessMs.p50).toBeGreaterThan(150)
})

it.each([
  ['flapping', { latencyMilliseconds: 60, flapping: { everySeconds: 0.3 } }, /^closed$/],
  ['offline', { offline: { everySeconds: 0.3, forSeconds: 0.4 } }, /simulated: offline/],
  ['halfOpen', { halfOpen: { everySeconds: 0.3, forSeconds: 0.6 } }, /^closed$|^timeout/],
] as const)('over HTTPS too, %s fails requests, and each job still ends once', async (...row) => {
  const [fault, network, error] = row
  const beganAtMs = performance.now()
  const summary = await run(`https-${fault.toLowerCase()}`, {
    connection: { ...quick, protocol: 'https', pollSeconds: 0.2 },
    network,
    jobs: [{ behaviour: 'succeed', durationSeconds: 90, progressReports: 3 }],
  })
  expect(summary).toMatchObject({ ok: true, succeeded: 3, denied: 0 })
  const failed = Object.entries(summary.errors).filter(([kind]) => error.test(kind))
  const times = failed.reduce((sum, [, count]) => sum + count, 0)
  const perSecond = times / ((performance.now() - beganAtMs) / 1000)
  // Some, but never one right after the other, however long the machine takes for all of it.
  expect([times > 0, perSecond < 50]).toEqual([true, true])
})

it('over HTTPS too, late and slow replies are waited for', async () => {
  const summary = await run('https-slow', {
    connection: { ...quick, requestTimeoutSeconds: 5, protocol: 'https', pollSeconds: 0.2 },
    network: { latencyMilliseconds: 100, slowReader: { bytesPerSecond: 1000 } },
  })
  expect(summary).toMatchObject({ ok: true, succeeded: 3, denied: 0, errors: {}, reconnects: 0 })
  // Its first reply alone has some 300 bytes.
  expect(summary.connectSeconds).toBeGreaterThan(0.4)
})

it('storm: all connections are cut at once and come back', async () => {
  const summary = await run('storm', {}, [
    { connect: {} },
    { storm: {} },
    { await: { what: 'connected', timeoutSeconds: 20 } },
  ])
  expect(summary).toMatchObject({ ok: true, reconnects: 3 })
})

it('gateway G10, G13: revoked devices are dropped and refused, the others stay', async () => {
  const summary = await simulate({
    ...endpointsOf(server),
    scenario: loadScenario('revoked-devices'),
    devices: 5,
    identityFolder: folder,
  })
  expect(summary).toMatchObject({ ok: true, expectedDenials: 1, denied: 0, succeeded: 4 })
})

it('jobs J47: a revoked device over HTTPS is refused at its next request', async () => {
  const summary = await run(
    'revoked-https',
    { connection: { protocol: 'https', pollSeconds: 0.2 } },
    [
      { connect: {} },
      { revoke: { groups: ['all'], status: 'INACTIVE' } },
      { await: { what: 'denials', count: 3, timeoutSeconds: 10 } },
    ],
  )
  expect(summary).toMatchObject({ ok: true, expectedDenials: 3, denied: 0 })
})

it('rotation moves each device to a new certificate and leaves no orphan', async () => {
  const summary = await simulate({
    ...endpointsOf(server),
    scenario: loadScenario('certificate-rotation'),
    devices: 3,
    identityFolder: folder,
  })
  expect(summary).toMatchObject({ ok: true, orphanCertificates: 0, succeeded: 3 })
  const { principals } = await server.iot.send(
    new ListThingPrincipalsCommand({ thingName: 'certificate-rotation-00000' }),
  )
  expect(principals).toHaveLength(1)
})

it('hostile devices are denied exactly as often as they try', async () => {
  const summary = await simulate({
    ...endpointsOf(server),
    scenario: loadScenario('hostile-fleet'),
    devices: 10,
    identityFolder: folder,
  })
  expect(summary).toMatchObject({ ok: true, denied: 0, undenied: 0, failures: [] })
  expect(summary.faults).toMatchObject({
    'other-thing-topics: denied': 6,
    'reserved-topic: denied': 2,
    'oversize-payload: denied': 1,
    'stolen-client-id: denied': 2,
    'cloned-client-id: taken-over': 1,
  })
}, 60_000)
