/** What devices publish and hear beside their jobs, against a real server. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { loadScenario, parseScenario, simulate, summaryFacts, type Summary } from '../src/index.ts'
import { endpointsOf } from './endpoints-of.ts'

// Whole runs, on machines that others use too.
vi.setConfig({ testTimeout: 120_000 })

let server: TestServer
let folder: string

beforeAll(async () => {
  server = await startTestServer()
  folder = mkdtempSync(join(tmpdir(), 'muster-telemetry-'))
})

afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

const run = async (
  scenario: Parameters<typeof simulate>[0]['scenario'],
  devices: number,
  processes = 1,
): Promise<Summary> =>
  await simulate({
    ...endpointsOf(server),
    scenario,
    devices,
    processes,
    identityFolder: join(folder, scenario.name),
  })

it('`telemetry`: every message is acknowledged and reaches each subscriber, and the time it took is told', async () => {
  const ready = loadScenario('telemetry')
  const phases = (ready.phases ?? []).map((phase) =>
    'telemetry' in phase ? { telemetry: { forSeconds: 5 } } : { connect: {} },
  )
  const summary = await run({ ...ready, phases }, 10, 2)
  expect(summary).toMatchObject({ ok: true, failures: [] })
  const { messages } = summary
  expect(messages?.sent).toBeGreaterThan(messages?.sentQos1 ?? Infinity)
  expect(messages).toMatchObject({ lost: 0, refused: 0, notSent: 0 })
  expect(messages?.delivered).toBe(messages?.deliveriesDue)
  expect(messages?.publishToAckMs.count).toBe(messages?.acknowledged)
  // Every message says when it was sent, in its payload or by a user property.
  expect(messages?.publishToDeliveryMs.count).toBeGreaterThan(0)
  const facts = new Map(summaryFacts(summary))
  expect(facts.get('messages')).toMatch(/^\d+ sent, \d+ acknowledged$/)
  expect(facts.get('publish to delivery')).toMatch(/^p50 [\d.]+ ms, p95/)
})

/** Devices that publish where their policy, made for another scenario of the name, does not let them. */
const denied = (connection: string): string => `name: denied
groups:
  - name: a
    connection: ${connection}
    telemetry: [{ topic: 'elsewhere/\${thing}', rate: { perSecond: 5 } }]
phases:
  - connect: {}
  - telemetry: { forSeconds: 1 }
assertions:
  - { metric: messagesRefused, atLeast: 1 }
  - { metric: messagesAcknowledged, equals: 0 }
  - { metric: unexpectedDenials, atLeast: 1 }
`

it.each([
  [
    'gateway G34: over MQTT 3.1.1, by a close',
    `{ reconnect: { firstSeconds: 0.1, maxSeconds: 1 } }`,
  ],
  ['gateway G34: over MQTT 5, by 135', `{ mqttVersion: '5' }`],
  ['over HTTPS, by 403', `{ protocol: https, pollSeconds: 1 }`],
])('a denied message is counted refused: %s', async (_how, connection) => {
  const scenario = parseScenario(denied(connection), 'denied.yaml')
  const rights = parseScenario(denied(connection).replaceAll('elsewhere', 'allowed'), 'rights.yaml')
  const prefix = `denied-${connection.replaceAll(/\W+/g, '')}`.slice(0, 30)
  const shared = { ...endpointsOf(server), devices: 1, prefix }
  // Their certificates come from a fleet that may publish somewhere else.
  const allowed = await simulate({
    ...shared,
    scenario: { ...rights, phases: [], assertions: [] },
    identityFolder: join(folder, prefix),
  })
  expect(allowed.ok).toBe(true)
  const [account = ''] = readdirSync(join(folder, prefix))
  const summary = await simulate({
    ...shared,
    scenario,
    certificateFolder: join(folder, prefix, account),
  })
  expect(summary).toMatchObject({ ok: true, failures: [] })
  const { acknowledged = 0, lost = 0, refused = 0, sentQos1 = 0 } = summary.messages ?? {}
  expect(acknowledged + lost + refused).toBe(sentQos1)
})
