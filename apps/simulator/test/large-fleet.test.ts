/** `large-fleet`, small, against a server whose connections are held by gateways. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadScenario, simulate, summaryFacts } from '../src/index.ts'
import { endpointsOf } from './endpoints-of.ts'

let server: TestServer
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-identities-'))
  server = await startTestServer({ clock: 'x60', gateways: { kind: 'local', count: 2 } })
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

it('`large-fleet` connects at a rate, and its summary tells what each process uses', async () => {
  const devices = 30
  const summary = await simulate({
    ...endpointsOf(server),
    scenario: loadScenario('large-fleet'),
    devices,
    identityFolder: folder,
    processes: 2,
  })
  expect(summary).toMatchObject({ ok: true, failures: [], succeeded: devices })
  const { generator, server: use } = summary
  const gateways = use?.gateways ?? []
  expect(gateways.map(({ name }) => name)).toEqual(['gateway-1', 'gateway-2'])
  expect(gateways.reduce((sum, { connections }) => sum + connections, 0)).toBe(devices)
  expect(generator.workers).toHaveLength(2)
  for (const { rssBytes } of [...gateways, ...generator.workers]) {
    expect(rssBytes).toBeGreaterThan(1_000_000)
  }
  expect(summaryFacts(summary).map(([name]) => name)).toEqual(
    expect.arrayContaining(['core', 'gateway-1', 'gateway-2', 'fleet, process 1']),
  )
})

it('`perSecond` spreads first connections over the fleet’s size at that rate', async () => {
  const devices = 10
  const scenario = {
    ...loadScenario('large-fleet'),
    phases: [{ connect: { perSecond: 20 } }],
    assertions: [],
  }
  const { connected, connectSeconds } = await simulate({
    ...endpointsOf(server),
    scenario,
    devices,
    identityFolder: folder,
    processes: 1,
  })
  // The last of ten begins at nine twentieths of a second, half a twentieth earlier by chance.
  expect([connected, connectSeconds >= 0.4]).toEqual([devices, true])
})
