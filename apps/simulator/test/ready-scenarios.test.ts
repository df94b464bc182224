/**
 * Ready scenarios, small, against a real server: each ends as its own assertions say.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  GetBucketsAggregationCommand,
  ListThingGroupsCommand,
  ListThingsInThingGroupCommand,
  SearchIndexCommand,
} from '@aws-sdk/client-iot'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { loadScenario, simulate, summaryFacts, type Summary } from '../src/index.ts'
import { endpointsOf } from './endpoints-of.ts'

let accelerated: TestServer
let virtual: TestServer
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-identities-'))
  accelerated = await startTestServer({ clock: 'x60' })
  virtual = await startTestServer({ clock: 'virtual' })
})

afterAll(async () => {
  await accelerated?.close()
  await virtual?.close()
  rmSync(folder, { recursive: true, force: true })
})

const run = async (
  name: string,
  devices: number,
  server: TestServer,
  scenario = loadScenario(name),
): Promise<Summary> =>
  await simulate({
    ...endpointsOf(server),
    scenario,
    devices,
    identityFolder: join(folder, name),
    processes: 2,
  })

it.each([
  ['mixed-protocols', 10],
  ['thundering-herd', 20],
  ['stuck-devices', 10],
  ['monday-morning', 10],
])('`%s` with %i devices', async (name, devices) => {
  expect(await run(name, devices, accelerated)).toMatchObject({ ok: true, failures: [] })
})

it('neighbours N52: `firmware-by-shadow`: a continuous job follows what shadows report', async () => {
  const summary = await run('firmware-by-shadow', 20, accelerated)
  expect(summary).toMatchObject({ ok: true, failures: [], succeeded: 18, jobTargets: 18 })
  const { thingGroups = [] } = await accelerated.iot.send(
    new ListThingGroupsCommand({ namePrefixFilter: 'firmware-by-shadow' }),
  )
  const group = thingGroups.find(({ groupName = '' }) => groupName.endsWith('-version-1_0_0'))
  const members = async (): Promise<number | undefined> => {
    const thingGroupName = group?.groupName
    const command = new ListThingsInThingGroupCommand({ thingGroupName })
    return (await accelerated.iot.send(command)).things?.length
  }
  // The last device reports its version after it has reported its job.
  await vi.waitUntil(async () => (await members()) === 0)
  const { things = [] } = await accelerated.iot.send(
    new SearchIndexCommand({ queryString: 'shadow.reported.version:2.0.0' }),
  )
  expect(things).toHaveLength(20)
})

it('neighbours N71, N75: `packages`: a continuous job takes a fleet to the next version', async () => {
  const summary = await run('packages', 20, accelerated)
  expect(summary).toMatchObject({ ok: true, failures: [], succeeded: 18, jobTargets: 18 })
  const field = 'shadow.name.$package.reported.firmware.version'
  const { totalCount, buckets } = await accelerated.iot.send(
    new GetBucketsAggregationCommand({
      queryString: `${field}:*`,
      aggregationField: field,
      bucketsAggregationType: { termsAggregation: { maxBuckets: 10 } },
    }),
  )
  expect({ totalCount, buckets }).toEqual({
    totalCount: 20,
    buckets: [{ keyValue: '2.0.0', count: 20 }],
  })
  const search = new SearchIndexCommand({ queryString: `${field}:1.0.0` })
  expect((await accelerated.iot.send(search)).things).toEqual([])
  const { thingGroups = [] } = await accelerated.iot.send(
    new ListThingGroupsCommand({ namePrefixFilter: 'packages' }),
  )
  const group = thingGroups.find(({ groupName = '' }) => groupName.endsWith('-firmware-1_0_0'))
  const members = new ListThingsInThingGroupCommand({ thingGroupName: group?.groupName })
  expect((await accelerated.iot.send(members)).things).toEqual([])
})

it('an admin token moves the clock and tells the use of a server that asks for one', async () => {
  const guarded = await startTestServer({ clock: 'virtual', adminToken: 'secret' })
  onTestFinished(() => guarded.close())
  const target = endpointsOf(guarded)
  const options = {
    ...target,
    scenario: { ...loadScenario('mixed-protocols'), phases: [{ advanceClock: { minutes: 1 } }] },
    devices: 1,
    identityFolder: join(folder, 'guarded'),
  }
  await expect(simulate(options)).rejects.toThrow('give `--admin-token`')
  const endpoints = { ...target.endpoints, adminToken: 'secret' }
  const summary = await simulate({ ...options, endpoints })
  expect(summary.server).toMatchObject({ rssBytes: expect.any(Number) as number })
})

it('`bad-firmware`: the rollout is aborted before it reaches everyone', async () => {
  // Ten minutes of it, which are ten seconds here: it ends in the fourth, on a machine that stands still
  // for some of them too.
  const ready = loadScenario('bad-firmware')
  const phases = (ready.phases ?? []).map((phase) =>
    'job' in phase ? { job: { ...phase.job, rollout: { maximumPerMinute: 10 } } } : phase,
  )
  const summary = await run('bad-firmware', 100, accelerated, { ...ready, phases })
  expect(summary).toMatchObject({ jobStatus: 'CANCELED', denied: 0, jobTargets: 100 })
  const { succeeded, failed, canceled, inProgress, queued, notReached } = summary
  expect(summary.notReached).toBeGreaterThan(0)
  expect(succeeded + failed + canceled + inProgress + queued + notReached).toBe(100)
  expect(summary.jobReasonCode).toMatch(/^ABORT/)
  const facts = new Map(summaryFacts(summary))
  expect(facts.get('rollout')).toContain(`job CANCELED (${summary.jobReasonCode}`)
  expect(facts.get('executions')).toMatch(/\d+ not reached of 100 targets$/)
})

it('`maintenance-windows`: days of virtual time pass in a moment', async () => {
  const before = (await (await virtual.admin('GET', 'clock')).json()) as { nowMs: number }
  const summary = await run('maintenance-windows', 16, virtual)
  const after = (await (await virtual.admin('GET', 'clock')).json()) as { nowMs: number }
  expect(summary).toMatchObject({ ok: true, succeeded: 16 })
  // One execution a minute in windows of 15 minutes: the sixteenth needs a second night.
  expect(after.nowMs - before.nowMs).toBeGreaterThan(86_400_000)
}, 180_000)
