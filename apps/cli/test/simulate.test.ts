/** `muster simulate` as a shell runs it: the report comes however the run ends. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import type { Summary } from '@muster/simulator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { muster, type Ended } from './muster-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-cli-simulate-'))
let server: TestServer

beforeAll(async () => {
  server = await startTestServer({ clock: 'x30' })
})

afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

const long = join(folder, 'long.yaml')
writeFileSync(
  long,
  `name: long
groups:
  - name: all
    jobs: [{ behaviour: succeed, durationSeconds: 3600 }]
phases:
  - connect: {}
  - job: { document: { operation: x } }
  - await: { what: started, count: 3 }
  - await: { what: job }
`,
)

/** Simulates against the server, which is found by its HTTP port alone. */
const simulated = async (
  flags: readonly string[],
  more: Parameters<typeof muster>[1] = {},
): Promise<Ended> => {
  const own = ['--http-port', String(server.httpPort), '--data', join(folder, 'data')]
  return await muster(['simulate', ...own, ...flags], more)
}

it('Ctrl-C in a run prints the summary and writes the page, and ends as a shell expects', async () => {
  const html = join(folder, 'interrupted.html')
  const { code, stdout, stderr } = await simulated(
    ['--scenario', long, '--devices', '3', '--json', '--html', html],
    { interruptAt: /waiting for the job to end/ },
  )
  expect(code, stderr).toBe(130)
  const summary = JSON.parse(stdout) as Summary
  expect(summary).toMatchObject({ endedEarly: 'interrupted', ok: false, connected: 3 })
  expect(readFileSync(html, 'utf8')).toContain('interrupted in phase')
}, 90_000)

it('shards end with 0 when the whole fleet did as planned', async () => {
  const flags = ['--scenario', 'thundering-herd', '--devices', '5', '--run-id', 'both', '--json']
  const shards = await Promise.all(
    ['0/2', '1/2'].map((shard) => simulated([...flags, '--shard', shard])),
  )
  for (const { code, stdout, stderr } of shards) {
    expect(code, stdout + stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, succeeded: 5, fleetDevices: 5 })
  }
}, 90_000)

it('a shard that is alone says what it waits for', async () => {
  const { stderr } = await simulated(
    ['--scenario', long, '--devices', '4', '--run-id', 'alone', '--shard', '0/2'],
    { interruptAt: /waiting for 4 devices of all shards: 2 of them/ },
  )
  expect(stderr).toMatch(/rollout, .*waiting for 4 devices of all shards: 2 of them/)
}, 90_000)

it('a wrong authority is found before anything is made', async () => {
  const other = await startTestServer()
  const flags = ['--devices', '5', '--prefix', 'distrusted', '--ca', other.caFile]
  const { code, stderr } = await simulated(flags)
  await other.close()
  expect(code).toBe(1)
  expect(stderr).toContain('signed by another authority than the given one')
  expect(stderr).not.toContain('onboarded 5/5')
}, 90_000)
