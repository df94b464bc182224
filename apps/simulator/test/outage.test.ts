/**
 * A server that goes away in the middle of a rollout and comes back on the same data: devices find
 * it again, the rollout ends, and nobody mistakes the outage for a denial.
 */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, expect, it } from 'vitest'
import { simulate, type Scenario } from '../src/index.ts'
import { endpointsOf } from './endpoints-of.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-identities-'))
let server: TestServer | undefined

afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

const freePort = async (): Promise<number> => {
  const taken = createServer()
  taken.listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  taken.close()
  await once(taken, 'close')
  return port
}

const scenario: Scenario = {
  name: 'outage',
  groups: [
    {
      name: 'all',
      connection: {
        reconnect: { firstSeconds: 0.2, maxSeconds: 0.5 },
        retry: { firstSeconds: 0.2, maxSeconds: 0.5 },
        requestTimeoutSeconds: 2,
        pollSeconds: 0.5,
      },
      jobs: [{ behaviour: 'succeed', durationSeconds: 120, progressReports: 5 }],
    },
  ],
  phases: [
    { connect: {} },
    { job: { document: { operation: 'x' }, rollout: { maximumPerMinute: 1000 } } },
    { await: { what: 'started', count: 10 } },
    { wait: { seconds: 4 } },
    { await: { what: 'job', timeoutSeconds: 30 } },
  ],
}

it('ends every job after an outage, without a denial', async () => {
  const [mqttPort, httpsPort, alpnPort, httpPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ]
  const first = await startTestServer({
    clock: 'x60',
    ports: { mqttPort, httpsPort, alpnPort, httpPort },
  })
  server = first
  let restarting: Promise<TestServer> | undefined
  // A device tells an outage from a denial by looking for the server in vain.
  const lookedForByAll = Promise.withResolvers<void>()
  const summary = await simulate({
    ...endpointsOf(first),
    scenario,
    devices: 10,
    identityFolder: folder,
    progressEveryMs: 50,
    onProgress: ({ counts }) => {
      if (counts.running === 10) restarting ??= first.restart(() => lookedForByAll.promise)
      const { closed = 0, 'closed by an outage': interrupted = 0 } = counts.errors
      if (closed + interrupted >= 10) lookedForByAll.resolve()
    },
  })
  server = await restarting
  expect(restarting).toBeDefined()
  expect(summary).toMatchObject({ jobStatus: 'COMPLETED', succeeded: 10, denied: 0, failures: [] })
  expect(summary.reconnects).toBeGreaterThanOrEqual(10)
})
