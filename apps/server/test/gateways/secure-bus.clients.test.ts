/** A NATS with TLS and users, as it is spoken to beyond loopback: `infra/nats/accounts.conf` on a real server. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { IoTClient } from '@aws-sdk/client-iot'
import { startNats, type TestNats } from '@muster/link/testkit'
import { createAuthority, issueServerCertificate } from '@muster/pki'
import {
  connectMqtt,
  createDevice,
  OPEN_POLICY,
  startGateway,
  startMuster,
  TEST_CREDENTIALS,
  type ServerProcess,
} from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'

const ACCOUNTS = fileURLToPath(new URL('../../../../infra/nats/accounts.conf', import.meta.url))
const passwords = {
  MUSTER_CORE_PASSWORD: 'of-the-core',
  MUSTER_GATEWAYS_PASSWORD: 'of-gateways',
  MUSTER_GATEWAY_1_PASSWORD: 'of-gateway-1',
}

let folder: string
let nats: TestNats
let core: ServerProcess
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-secure-bus-'))
  const nowMs = Date.now()
  const authority = await createAuthority({ nowMs, commonName: 'NATS of a test' })
  const hostnames = ['127.0.0.1', 'localhost']
  const own = await issueServerCertificate(authority, { hostnames, keyType: 'EC', nowMs })
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  file('ca.pem', authority.certificatePem)
  const tls = ['--tlscert', file('nats.pem', own.certificatePem)]
  tls.push('--tlskey', file('nats.key', own.privateKeyPem))
  let config = readFileSync(ACCOUNTS, 'utf8')
  for (const [name, value] of Object.entries(passwords)) config = config.replace(`$${name}`, value)
  nats = await startNats(['-c', file('nats.conf', config), '--tls', ...tls])
  const data = ['--data', join(folder, 'core'), '--http-port', '0']
  core = await startMuster(['core', ...bus(), ...data], as('core', 'of-the-core'))
})
afterAll(async () => {
  await core.kill('SIGKILL')
  await nats.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

function bus(): string[] {
  const { port } = new URL(nats.url.replace(/^\w+:/, 'http:'))
  return ['--bus', `tls://localhost:${port}`, '--bus-ca', join(folder, 'ca.pem')]
}

function as(user: string, password: string): Record<string, string> {
  return { MUSTER_BUS_USER: user, MUSTER_BUS_PASSWORD: password }
}

/** The gateway's environment is that of the test. */
async function gatewayAs(
  user: string,
  password: string,
  name: string,
): ReturnType<typeof startGateway> {
  const before = { ...process.env }
  Object.assign(process.env, as(user, password))
  try {
    const [, url = '', ...flags] = bus()
    return await startGateway(url, [...flags, '--name', name, '--drain-seconds', '0'])
  } finally {
    process.env = before
  }
}

it.each([
  ['gateways', 'of-gateways', 'any'],
  ['gateway-1', 'of-gateway-1', 'gateway-1'],
])(
  'a gateway joins over TLS as NATS’s user `%s`, and takes devices',
  async (user, password, name) => {
    const gateway = await gatewayAs(user, password, name)
    onTestFinished(() => gateway.kill('SIGKILL'))
    const iot = new IoTClient({
      endpoint: `http://127.0.0.1:${core.httpPort}`,
      region: 'us-east-1',
      credentials: TEST_CREDENTIALS,
    })
    onTestFinished(() => iot.destroy())
    const lamp = await createDevice(iot, `lamp-${name}`, { policyDocument: OPEN_POLICY })
    const caPem = readFileSync(core.caFile, 'utf8')
    const client = await connectMqtt({ mqttPort: gateway.mqttPort, caPem }, lamp)
    await client.endAsync()
  },
)

it.each([
  ['a wrong password', 'gateways', 'wrong', 'any', /NATS at .* refuses: .*[Aa]uthorization/],
])('%s is refused by NATS, and the gateway says so', async (_what, user, password, name, said) => {
  await expect(gatewayAs(user, password, name)).rejects.toThrow(said)
})

it('a core that does not trust NATS’s certificate ends and says so', async () => {
  const [flag = '', url = ''] = bus()
  const args = ['core', flag, url, '--data', join(folder, 'other'), '--http-port', '0']
  await expect(startMuster(args, as('core', 'of-the-core'))).rejects.toThrow(/NATS at .* refuses/)
})
