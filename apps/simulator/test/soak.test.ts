/** A run that lasts as long as it is told, against a real server. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { loadScenario, parseScenario, simulate, summaryFacts } from '../src/index.ts'
import { roundsOf } from '../src/scenario/rounds.ts'
import { endpointsOf } from './endpoints-of.ts'

// Whole runs, on machines that others use too.
vi.setConfig({ testTimeout: 120_000 })

let server: TestServer
let folder: string

beforeAll(async () => {
  server = await startTestServer({ clock: 'x30' })
  folder = mkdtempSync(join(tmpdir(), 'muster-soak-'))
})

afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

it('`soak`: job after job beside telemetry until the time is up, all of them counted', async () => {
  const rounds: (number | undefined)[] = []
  const summary = await simulate({
    ...endpointsOf(server),
    scenario: loadScenario('soak'),
    devices: 6,
    durationSeconds: 4,
    identityFolder: folder,
    onProgress: ({ round }) => rounds.push(round),
    progressEveryMs: 100,
  })
  expect(summary).toMatchObject({ ok: true, failures: [] })
  const { jobTargets, soak, succeeded } = summary
  const { jobs = 0, rounds: ended, seconds } = soak ?? {}
  expect(ended).toBe(jobs)
  expect(seconds).toBeGreaterThanOrEqual(4)
  expect([succeeded, jobTargets]).toEqual([6 * jobs, 6 * jobs])
  expect(soak?.rssGrowthBytesPerHour).toEqual(expect.any(Number))
  expect(soak?.steadiness?.memory?.mean).toBeGreaterThan(0)
  expect(soak?.steadiness?.handles?.mean).toBeGreaterThan(0)
  expect(rounds).toContain(jobs)
  expect(summary.phases.slice(0, 5).map(({ name }) => name)).toEqual([
    'onboard',
    'connect',
    'telemetry',
    'job',
    'await job',
  ])
  const facts = new Map(summaryFacts(summary))
  expect(facts.get('soak')).toMatch(/^[\d.]+ s, \d+ rounds?, \d+ jobs$/)
  expect(facts.get('over the soak')).toBe(soak?.steadiness?.verdict)
  expect(facts.get('memory of the server')).toMatch(/MiB an hour \(give or take/)
  expect(facts.get('memory growth of the fleet')).toMatch(/^-?[\d.]+ MiB an hour, mostly by chance/)
})

it('what follows connecting is repeated, but for a `drain` at the end', () => {
  const connect = { connect: {} }
  const wait = { wait: { seconds: 1 } }
  const drain = { drain: {} }
  expect(roundsOf([connect, wait, drain])).toEqual({
    first: [connect],
    round: [wait],
    last: [drain],
  })
  expect(roundsOf([connect])).toEqual({ first: [connect], round: [], last: [] })
  expect(roundsOf([connect, drain])).toEqual({ first: [connect], round: [], last: [drain] })
})

it('a scenario that only connects is held for as long', async () => {
  const text = 'name: held\nduration: 1s\ngroups:\n  - name: a\n'
  const summary = await simulate({
    ...endpointsOf(server),
    scenario: parseScenario(text, 'held.yaml'),
    devices: 2,
    identityFolder: folder,
  })
  expect(summary).toMatchObject({ ok: true, connected: 2, soak: { rounds: 1, jobs: 0 } })
  expect(summary.soak?.seconds).toBeGreaterThanOrEqual(1)
})

it('what cannot be repeated is refused before anything is made', async () => {
  const target = { ...endpointsOf(server), devices: 2, identityFolder: folder, durationSeconds: 60 }
  await expect(simulate({ ...target, scenario: loadScenario('revoked-devices') })).rejects.toThrow(
    /revokes certificates, which cannot be done again and again/,
  )
  await expect(
    simulate({ ...target, scenario: loadScenario('soak'), shard: { index: 0, count: 2 } }),
  ).rejects.toThrow(/a soak \(`duration`\) is for one host/)
})
