/**
 * The conformance scenarios over the wire of a real server: SDK clients, MQTT.js over mutual TLS. What each
 * leaves in the data folder breaks no invariant.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { parseScenarios, runScenario, WireTarget } from '@muster/conformance'
import { startTestServer, TEST_CREDENTIALS, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkFolder } from '../../src/backup/index.ts'

const folder = new URL('../../../../packages/jobs/test/scenarios/', import.meta.url)
const scenarios = readdirSync(folder).flatMap((file) =>
  parseScenarios(readFileSync(new URL(file, folder), 'utf8')),
)
let server: TestServer
let target: WireTarget

beforeAll(async () => {
  server = await startTestServer()
  target = new WireTarget({
    control: { endpoint: server.httpUrl, region: 'us-east-1', credentials: TEST_CREDENTIALS },
    mqtt: { host: 'localhost', port: server.mqttPort, ca: server.caPem },
    admin: { url: `${server.httpUrl}/_muster` },
  })
})

afterAll(async () => {
  await target?.close()
  await server?.close()
})

it.for(scenarios.map((scenario) => [scenario.id, scenario.title, scenario] as const))(
  '%s: %s',
  async ([, , scenario]) => {
    expect(await runScenario(scenario, target)).toMatchObject({ pass: true })
    expect(checkFolder(server.options.dataDir ?? '', Date.now()).problems).toEqual([])
  },
)
