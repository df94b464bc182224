/**
 * OTA updates of simulated fleets against a real server: what devices download is what lies in the
 * bucket, by streams and by links, over cuts and losses; and wrong flash is found.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescribeJobExecutionCommand, ListStreamsCommand } from '@aws-sdk/client-iot'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  loadScenario,
  planFleet,
  simulate,
  type JobBehaviour,
  type Scenario,
  type Summary,
} from '../src/index.ts'
import { endpointsOf } from './endpoints-of.ts'

const content = randomBytes(100_000)
const sha256 = createHash('sha256').update(content).digest('hex')

let server: TestServer
let folder: string
let file: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-ota-'))
  const bucket = join(folder, 's3', 'firmware')
  mkdirSync(bucket, { recursive: true })
  file = join(bucket, 'app.bin')
  writeFileSync(file, content)
  server = await startTestServer({ clock: 'x60', s3Folder: join(folder, 's3') })
})
afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

type Group = Scenario['groups'][number]

const group = (
  behaviour: JobBehaviour['behaviour'],
  name: string = behaviour,
  more: Partial<Group> = {},
): Group => ({
  name,
  jobs: [{ behaviour, rebootSeconds: 0.2 }],
  connection: { reconnect: { firstSeconds: 0.1, maxSeconds: 1 }, pollSeconds: 0.2 },
  ...more,
})

const scenario = (name: string, ota: object, groups: readonly Group[]): Scenario => ({
  name,
  groups,
  phases: [
    { connect: {} },
    { job: { ota: { bucket: 'firmware', key: 'app.bin', ...ota } } },
    { await: { what: 'job', timeoutSeconds: 60 } },
  ],
})

const run = async (of: Scenario, devices = of.groups.length): Promise<Summary> =>
  await simulate({
    ...endpointsOf(server),
    scenario: of,
    devices,
    identityFolder: join(folder, `ids-${of.name}`),
  })

/** Status and details of each group's device. */
async function executions(of: Scenario, { jobId }: Summary): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  for (const plan of planFleet(of, of.groups.length, 1, of.name)) {
    const { thingName } = plan
    const { execution } = await server.iot.send(
      new DescribeJobExecutionCommand({ jobId, thingName }),
    )
    found[plan.group.name] = [execution?.status, execution?.statusDetails?.detailsMap]
  }
  return found
}

const good = ['SUCCEEDED', { self_test: 'accepted', sha256 }]

it('neighbours N101: `ota-by-stream`: a fleet is updated over losses and cuts, wrong flash is found', async () => {
  const ready = loadScenario('ota-by-stream')
  const phases = (ready.phases ?? []).map((phase) =>
    'job' in phase && phase.job.ota !== undefined
      ? { ...phase, job: { ...phase.job, ota: { ...phase.job.ota, file } } }
      : phase,
  )
  const summary = await run({ ...ready, phases }, 20)
  expect(summary).toMatchObject({ ok: true, failures: [], succeeded: 19, failed: 1 })
  expect(summary.faults).toMatchObject({
    'cut-download: began': 2,
    'wrong-digest: began': 1,
    'lost-block: began': expect.any(Number) as number,
  })
})

it('neighbours N100, N101: by a stream the content is the bucket’s, whatever happens on the way', async () => {
  const of = scenario('streamed', { file }, [
    group('succeed'),
    group('succeed', 'lossy', { download: { blockBytes: 700, lostShare: 0.3 } }),
    group('cut-download'),
    group('crash'),
    group('wrong-digest'),
    group('fail'),
    group('reject'),
    group('succeed', 'polling', { connection: { protocol: 'https', pollSeconds: 0.2 } }),
  ])
  const summary = await run(of)
  expect(summary).toMatchObject({ jobStatus: 'COMPLETED', denied: 0 })
  expect(await executions(of, summary)).toEqual({
    succeed: good,
    lossy: good,
    'cut-download': good,
    crash: good,
    'wrong-digest': ['FAILED', { reason: 'rejected: the signature is of another content' }],
    fail: ['FAILED', { reason: 'simulated: update did not apply' }],
    reject: ['REJECTED', { reason: 'simulated: not for this device' }],
    polling: [
      'REJECTED',
      { reason: 'the document has neither a stream nor a link for this device' },
    ],
  })
  expect(summary.faults).toMatchObject({ 'cut-download: began': 1, 'crash: began': 1 })
}, 60_000)

it('neighbours N99: by a link each device gets the content, over MQTT and HTTPS, and checks it', async () => {
  const of = scenario('linked', { protocols: ['HTTP'] }, [
    group('succeed'),
    group('succeed', 'polling', { connection: { protocol: 'https', pollSeconds: 0.2 } }),
    group('wrong-digest'),
  ])
  const summary = await run(of)
  expect(await executions(of, summary)).toEqual({
    succeed: good,
    polling: good,
    'wrong-digest': ['FAILED', { reason: 'rejected: the digest is of another content' }],
  })
}, 60_000)

it('neighbours N96: an update that the service cannot make ends the run with its reason', async () => {
  const before = (await server.iot.send(new ListStreamsCommand({}))).streams?.length
  const of = scenario('absent', { key: 'absent.bin' }, [group('succeed')])
  expect(await run(of)).toMatchObject({
    ok: false,
    failures: [expect.stringContaining('s3://firmware/absent.bin cannot be found') as string],
  })
  const after = (await server.iot.send(new ListStreamsCommand({}))).streams?.length
  expect(after).toBe(before)
})
