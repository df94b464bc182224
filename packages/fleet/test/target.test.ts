/**
 * What a command line says of a server, and what the server is asked instead.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ListThingsCommand } from '@aws-sdk/client-iot'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { parseDataEndpoint } from '../src/control/data-endpoint.ts'
import { call, controlPlane, findTarget } from '../src/control/index.ts'

let server: TestServer
let folder: string

beforeAll(async () => {
  server = await startTestServer()
  folder = mkdtempSync(join(tmpdir(), 'muster-target-'))
})

afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

it('with the HTTP port alone, the server tells its other ports and its authority', async () => {
  const { httpPort, mqttPort, httpsPort, alpnPort, caPem } = server
  const health = (await (await server.admin('GET', 'health')).json()) as object
  expect(health).toMatchObject({ ports: { mqttPort, httpsPort, alpnPort, httpPort } })
  const { endpoints } = await findTarget({ httpPort }, {})
  expect(endpoints).toMatchObject({ dataHost: 'localhost', mqttPort, httpsPort, caPem })
})

it('a key that the server does not know is told with where keys come from', async () => {
  const { httpPort } = server
  const { credentials, ...target } = await findTarget(
    { httpPort },
    { MUSTER_ACCESS_KEY_ID: 'AKIANOBODY', MUSTER_SECRET_ACCESS_KEY: 'x' },
  )
  const iot = controlPlane({ ...target, credentials })
  onTestFinished(() => iot.destroy())
  await expect(call('ListThings', iot.send(new ListThingsCommand({})))).rejects.toThrow(
    'ListThings failed: UnrecognizedClientException: The security token included in the request is invalid; ' +
      'set MUSTER_ACCESS_KEY_ID and MUSTER_SECRET_ACCESS_KEY to a key in the --iam file',
  )
})

it('a port that is given is not asked for', async () => {
  const { httpPort, httpsPort } = server
  const { endpoints } = await findTarget({ httpPort, mqttPort: 1 }, {})
  expect(endpoints).toMatchObject({ mqttPort: 1, httpsPort })
})

it('by its endpoint, a server tells its data endpoint and its ports', async () => {
  const { httpUrl, mqttPort, httpsPort, caFile } = server
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
  onTestFinished(() => void vi.unstubAllEnvs())
  const { endpoints } = await findTarget({ endpoint: httpUrl, ca: caFile }, {})
  expect(endpoints).toMatchObject({ dataHost: 'localhost', mqttPort, httpsPort })
})

it.each([
  ['localhost', { host: 'localhost', mqttPort: undefined }],
  ['localhost:8884', { host: 'localhost', mqttPort: 8884 }],
  ['a1-ats.iot.eu-west-1.amazonaws.com', { host: 'a1-ats.iot.eu-west-1.amazonaws.com' }],
  ['127.0.0.1:1', { host: '127.0.0.1', mqttPort: 1 }],
  ['[::1]:8883', { host: '::1', mqttPort: 8883 }],
  ['::1', { host: '::1', mqttPort: undefined }],
])('data endpoint `%s`', (text, wanted) => {
  expect(parseDataEndpoint(text)).toMatchObject(wanted)
})

it.each(['', 'https://localhost', 'localhost:', 'localhost:0', 'localhost:65536', 'a b', 'a:b'])(
  'data endpoint `%s` is none',
  (text) => {
    expect(() => parseDataEndpoint(text)).toThrow(/expected HOST or HOST:PORT/)
  },
)

it('a data endpoint and an MQTT port that contradict each other are refused', async () => {
  const flags = { dataEndpoint: 'localhost:1883', mqttPort: 8883 }
  await expect(findTarget(flags, {})).rejects.toThrow('--mqtt-port 8883 is not that of')
})

it('an authority that is no certificate is refused by its file', async () => {
  const ca = join(folder, 'ca.pem')
  writeFileSync(ca, 'not a certificate')
  const flags = { httpPort: server.httpPort, ca }
  await expect(findTarget(flags, {})).rejects.toThrow(`${ca}: expected the authority's certificate`)
})
