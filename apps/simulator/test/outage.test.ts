/**
 * A server that goes away in the middle of a rollout and comes back on the same data: devices find
 * it again, the rollout ends, and nobody mistakes the outage for a denial, not even one that is over
 * before anybody looks.
 */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, expect, it, onTestFinished } from 'vitest'
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

/** Answers that one client got in a row, before it is taken that the others have nothing to say. */
const QUIET_TURNS = 10

/** A way to the server that loses every connection at once, and takes new ones at once. */
class BrittleWay {
  readonly #ways = new Set<readonly [Socket, Socket]>()
  #willLose = false
  /** Who speaks alone, and how often it was answered since. */
  #speaker: Socket | undefined
  #turns = 0

  /** Loses all of them at a request of a client that only it made for a while: before it is answered. */
  loseAll(): void {
    this.#willLose = true
    this.#turns = 0
  }

  async open(serverPort: number): Promise<number> {
    const proxy = createServer((client) => this.#join(client, connect(serverPort, '127.0.0.1')))
    proxy.listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    onTestFinished(() => void proxy.close())
    return (proxy.address() as AddressInfo).port
  }

  #join(client: Socket, upstream: Socket): void {
    const way = [client, upstream] as const
    this.#ways.add(way)
    for (const socket of way) {
      socket.on('error', () => {})
      socket.once('close', () => {
        this.#ways.delete(way)
        for (const one of way) one.destroy()
      })
    }
    client.on('data', (bytes) => {
      this.#heard(client, 0)
      if (this.#willLose && this.#turns >= QUIET_TURNS) this.#lose()
      else upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      this.#heard(client, 1)
      client.write(bytes)
    })
  }

  #heard(client: Socket, answers: number): void {
    this.#turns = client === this.#speaker ? this.#turns + answers : 0
    this.#speaker = client
  }

  #lose(): void {
    this.#willLose = false
    for (const way of this.#ways) for (const socket of way) socket.destroy()
  }
}

it('a request that is cut by an outage which is over when its device looks is no denial', async () => {
  const there = await startTestServer()
  onTestFinished(() => there.close())
  const way = new BrittleWay()
  const mqttPort = await way.open(there.mqttPort)
  const target = endpointsOf(there)
  let wasLost = false
  const over = new AbortController()
  const summary = await simulate({
    ...target,
    endpoints: { ...target.endpoints, mqttPort },
    scenario: {
      name: 'brief-outage',
      groups: [
        {
          name: 'asking',
          share: 0.25,
          connection: { reconnect: { firstSeconds: 0.1, maxSeconds: 0.2 } },
          telemetry: [{ topic: 'readings/${thing}', rate: { perSecond: 20 } }],
        },
        { name: 'idle', share: 0.75 },
      ],
      phases: [{ connect: {} }, { telemetry: {} }, { wait: { seconds: 3600 } }],
    },
    devices: 4,
    identityFolder: join(folder, 'brief'),
    progressEveryMs: 50,
    signal: over.signal,
    onProgress: ({ counts }) => {
      if (counts.reconnects >= 4) over.abort()
      if (wasLost || counts.messages.acknowledged < 5) return
      wasLost = true
      way.loseAll()
    },
  })
  expect(summary).toMatchObject({ denied: 0, messages: { refused: 0 } })
  expect(summary.errors).toMatchObject({ 'closed by an outage': 1 })
})
