/**
 * A run against a server that is down, refuses or stalls ends with an error that says so.
 */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findTarget, simulate, type SimulateOptions } from '../src/index.ts'
import { endpointsOf } from './endpoints-of.ts'

let server: TestServer
let folder: string
const listening: Server[] = []

beforeAll(async () => {
  server = await startTestServer()
  folder = mkdtempSync(join(tmpdir(), 'muster-identities-'))
})

afterAll(async () => {
  await server?.close()
  for (const other of listening) other.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A port where connections are taken and nothing is ever said. */
const silentPort = async (): Promise<number> => {
  const silent = createServer((socket) => socket.on('error', () => {}))
  listening.push(silent)
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  return (silent.address() as AddressInfo).port
}

/** A port where nothing listens. */
const closedPort = async (): Promise<number> => {
  const taken = createServer()
  taken.listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  taken.close()
  return port
}

const run = async (endpoints: Partial<SimulateOptions['endpoints']>): Promise<unknown> => {
  const target = endpointsOf(server)
  return await simulate({
    ...target,
    endpoints: { ...target.endpoints, ...endpoints },
    scenario: { name: 'unreachable', groups: [{ name: 'all' }] },
    devices: 2,
    identityFolder: folder,
    stallSeconds: 1,
  })
}

it('control plane down', async () => {
  await expect(run({ controlUrl: `http://127.0.0.1:${await closedPort()}` })).rejects.toThrow(
    /^CreateThingGroup failed: ECONNREFUSED/,
  )
})

it('control plane refuses the operator', async () => {
  await expect(
    simulate({
      ...endpointsOf(server),
      credentials: { accessKeyId: 'test', secretAccessKey: 'wrong' },
      scenario: { name: 'unreachable', groups: [{ name: 'all' }] },
      devices: 1,
      identityFolder: folder,
    }),
  ).rejects.toThrow(/^CreateThingGroup failed: /)
})

it('control plane answers what is not AWS', async () => {
  const other = createHttpServer((_request, response) => response.end('<html>hello</html>'))
  listening.push(other)
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  const controlUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
  await expect(run({ controlUrl })).rejects.toThrow(/^CreateThingGroup failed: /)
})

it('data endpoint down', async () => {
  await expect(run({ mqttPort: await closedPort() })).rejects.toThrow(
    /^no device could connect within 1 s: unreachable: connect ECONNREFUSED/,
  )
})

it('data endpoint down, for devices over HTTPS', async () => {
  const target = endpointsOf(server)
  await expect(
    simulate({
      ...target,
      endpoints: { ...target.endpoints, httpsPort: await closedPort() },
      scenario: {
        name: 'unreachable-https',
        groups: [{ name: 'all', connection: { protocol: 'https', pollSeconds: 0.2 } }],
      },
      devices: 2,
      identityFolder: folder,
      stallSeconds: 1,
    }),
  ).rejects.toThrow(/^no device could connect within 1 s: unreachable: connect ECONNREFUSED/)
})

it('data endpoint takes connections and says nothing', async () => {
  await expect(run({ mqttPort: await silentPort() })).rejects.toThrow(
    /^no device could connect within 1 s: no answer/,
  )
})

it('data endpoint is signed by an authority nobody knows', async () => {
  const other = await startTestServer()
  try {
    await expect(run({ mqttPort: other.mqttPort })).rejects.toThrow(
      /^no device could connect within 1 s: /,
    )
  } finally {
    await other.close()
  }
})

it('a host name that does not exist', async () => {
  await expect(run({ dataHost: 'no-such-host.invalid' })).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/)
})

it('an aborted run ends with the reason', async () => {
  const stop = new AbortController()
  const target = endpointsOf(server)
  const running = simulate({
    ...target,
    scenario: {
      name: 'aborted',
      groups: [{ name: 'all' }],
      phases: [{ connect: {} }, { wait: { seconds: 600 } }],
    },
    devices: 2,
    identityFolder: folder,
    signal: stop.signal,
    progressEveryMs: 20,
    onProgress: ({ phase }) => {
      if (phase === 'running') stop.abort(new Error('enough'))
    },
  })
  await expect(running).rejects.toThrow(/enough|aborted/)
})

it('a local server that is not up is named, with what to do', async () => {
  await expect(findTarget({ httpPort: await closedPort() }, {})).rejects.toThrow(
    /ECONNREFUSED; is a server up \(`muster up`\)\?/,
  )
})
