/**
 * A run against a server that is down, refuses or stalls ends with an error that says so, before
 * anything is made of what cannot work.
 */
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ListThingGroupsCommand } from '@aws-sdk/client-iot'
import { findTarget } from '@muster/fleet/control'
import { createDevice, startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { loadScenario, simulate, type SimulateOptions } from '../src/index.ts'
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

/** What cannot work was found before onboarding: the account is as it was. */
const expectNothingMade = async (): Promise<void> => {
  const { thingGroups } = await server.iot.send(new ListThingGroupsCommand({}))
  expect(thingGroups).toEqual([])
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

const run = async (
  endpoints: Partial<SimulateOptions['endpoints']>,
  stallSeconds = 60,
): Promise<unknown> => {
  const target = endpointsOf(server)
  return await simulate({
    ...target,
    endpoints: { ...target.endpoints, ...endpoints },
    scenario: { name: 'unreachable', groups: [{ name: 'all' }] },
    devices: 2,
    identityFolder: folder,
    stallSeconds,
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
  const mqttPort = await closedPort()
  await expect(run({ mqttPort })).rejects.toThrow(
    `MQTT at localhost:${mqttPort}: connect ECONNREFUSED`,
  )
  await expectNothingMade()
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
    }),
  ).rejects.toThrow(/^HTTPS at localhost:\d+: connect ECONNREFUSED/)
  await expectNothingMade()
})

it('data endpoint takes connections and says nothing', async () => {
  await expect(run({ mqttPort: await silentPort() }, 1)).rejects.toThrow(
    /^MQTT at localhost:\d+: no answer to a TLS handshake in 1 s/,
  )
  await expectNothingMade()
})

it('data endpoint is signed by an authority nobody knows', async () => {
  const other = await startTestServer()
  onTestFinished(() => other.close())
  await expect(run({ mqttPort: other.mqttPort })).rejects.toThrow(
    /^MQTT at localhost:\d+: its certificate is signed by another authority than the given one \(.+\): give its authority with --ca$/,
  )
  await expectNothingMade()
})

it('data endpoint has another name', async () => {
  const { mqttPort } = server
  await expect(run({ mqttPort, dataHost: 'localhost.localdomain' })).rejects.toThrow(
    /its certificate is for DNS:localhost|ENOTFOUND|EAI_AGAIN/,
  )
})

it('data endpoint does not speak TLS', async () => {
  await expect(run({ mqttPort: server.httpPort })).rejects.toThrow(
    /^MQTT at localhost:\d+: what listens there does not speak TLS$/,
  )
  await expectNothingMade()
})

it('certificates that cannot be used, each named', async () => {
  const given = join(folder, 'given')
  mkdirSync(given)
  const one = await createDevice(server.iot, 'fine')
  const other = await createDevice(server.iot, 'other')
  writeFileSync(join(given, 'fine.pem'), one.privateKeyPem + one.certificatePem)
  writeFileSync(join(given, 'keyless.pem'), one.certificatePem)
  writeFileSync(join(given, 'mixed.pem'), other.privateKeyPem + one.certificatePem)
  writeFileSync(
    join(given, 'torn.pem'),
    one.privateKeyPem + one.certificatePem.replace(/\n[^\n]+\n/, '\n'),
  )
  const options = { ...endpointsOf(server), certificateFolder: given, identityFolder: folder }
  const scenario = { name: 'unreachable', groups: [{ name: 'all' }] }
  await expect(simulate({ ...options, scenario })).rejects.toThrow(
    new RegExp(
      [
        '^3 of 4 certificates cannot be used:',
        '.*keyless.pem: no private key in PEM',
        '.*mixed.pem: the private key is not that of the certificate',
        '.*torn.pem: the certificate cannot be read$',
      ].join('\n'),
    ),
  )
  await expectNothingMade()
})

it('a scenario that moves the clock asks for one that can be moved', async () => {
  const accelerated = await startTestServer({ clock: 'x30' })
  onTestFinished(() => accelerated.close())
  const scenario = loadScenario('maintenance-windows')
  await expect(
    simulate({ ...endpointsOf(accelerated), scenario, devices: 1, identityFolder: folder }),
  ).rejects.toThrow(
    'scenario `maintenance-windows` moves the clock: the server does not run with `--clock virtual`',
  )
  const { thingGroups } = await accelerated.iot.send(new ListThingGroupsCommand({}))
  expect(thingGroups).toEqual([])
})

it('a host name that does not exist', async () => {
  await expect(run({ dataHost: 'no-such-host.invalid' })).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/)
})

it('a local server that is not up is named, with what to do', async () => {
  await expect(findTarget({ httpPort: await closedPort() }, {})).rejects.toThrow(
    /ECONNREFUSED; is a server up \(`muster up`\)\?/,
  )
})

it('--ca vouches for the control plane too, and HOST:PORT names the data endpoint', async () => {
  const target = await findTarget(
    {
      endpoint: `https://localhost:${server.alpnPort}`,
      dataEndpoint: `localhost:${server.mqttPort}`,
      ca: server.caFile,
    },
    {},
  )
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const options = {
    ...target,
    credentials,
    scenario: { name: 'by-tls', groups: [{ name: 'all' }] },
    devices: 2,
    identityFolder: join(folder, 'by-tls'),
  }
  expect(await simulate(options)).toMatchObject({ ok: true, connected: 2 })
  const { caPem: _ca, ...unknown } = target.endpoints
  await expect(simulate({ ...options, endpoints: unknown })).rejects.toThrow(/give its authority/)
})
