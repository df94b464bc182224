/** The switches for what AWS's sources contradict each other on, thrown, on the wire of one server. */
import { request } from 'node:https'
import { DescribeEndpointCommand, DetachPolicyCommand } from '@aws-sdk/client-iot'
import {
  createDevice,
  OPEN_POLICY,
  startTestServer,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { handshake, rawClient } from './listeners-fixture.ts'

let server: TestServer
let device: TestDevice
beforeAll(async () => {
  server = await startTestServer({ strictSni: true, legacyEndpoints: true, refusedConnack: 5 })
  device = await createDevice(server.iot, 'dev', { policyDocument: OPEN_POLICY })
})
afterAll(() => server.close())

const nameless = { servername: '', checkServerIdentity: () => undefined }

it('gateway A1: strictly, MQTT is refused without a host name in the handshake', async () => {
  const named = rawClient(await handshake(server, device), { clientId: 'dev' })
  expect(await named.next()).toMatchObject({ cmd: 'connack', returnCode: 0 })
  named.socket.destroy()
  const socket = await handshake(server, device, nameless)
  const refused = rawClient(socket, { clientId: 'dev', protocolVersion: 5 })
  expect(await refused.closed()).toEqual([])
})

it('gateway A1: strictly, HTTPS answers 403 without a host name in the handshake', async () => {
  const status = (more: object): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const { certificatePem: cert, privateKeyPem: key } = device
      const options = { host: '127.0.0.1', port: server.httpsPort, ca: server.caPem, cert, key }
      const path = '/things/dev/jobs'
      request({ ...options, path, agent: false, servername: 'localhost', ...more }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode))
      })
        .on('error', reject)
        .end()
    })
  expect([await status({}), await status(nameless)]).toEqual([200, 403])
})

it('gateway A2, authz X1: a refused 3.1.1 CONNECT is told the chosen code', async () => {
  const outsider = await createDevice(server.iot, 'outsider', { policyDocument: undefined })
  const client = rawClient(await handshake(server, outsider), { clientId: 'outsider' })
  expect(await client.closed()).toMatchObject([{ cmd: 'connack', returnCode: 5 }])
})

it('gateway A3: the retired types are served by a switch alone', async () => {
  const plain = await startTestServer()
  onTestFinished(() => plain.close())
  const describe = ({ iot }: TestServer, endpointType?: string): Promise<unknown> =>
    iot.send(new DescribeEndpointCommand({ endpointType })).then(
      ({ endpointAddress }) => endpointAddress,
      (cause: Error) => cause.name,
    )
  const all = (at: TestServer): Promise<unknown[]> =>
    Promise.all([describe(at), describe(at, 'iot:Data'), describe(at, 'iot:Jobs')])
  expect(await all(server)).toEqual(['localhost', 'localhost', 'localhost'])
  const refused = 'InvalidRequestException'
  expect(await all(plain)).toEqual(['localhost', refused, refused])
})

it('authz X24: devices see a changed policy after the delay, on the account’s clock', async () => {
  const late = await startTestServer({ policyDelaySeconds: 400, clock: 'virtual' })
  onTestFinished(() => late.close())
  const { iot } = late
  const target = await createDevice(iot, 'late', { policyDocument: OPEN_POLICY })
  const connects = async (): Promise<boolean> => {
    const client = rawClient(await handshake(late, target), { clientId: 'late' })
    const packet = await client.next().catch(() => undefined)
    client.socket.destroy()
    return packet?.cmd === 'connack'
  }
  expect(await connects()).toBe(false)
  await late.advance(400)
  expect(await connects()).toBe(true)
  const policyName = 'late-policy'
  await iot.send(new DetachPolicyCommand({ policyName, target: target.certificateArn }))
  await late.advance(399)
  expect(await connects()).toBe(true)
  await late.advance(1)
  expect(await connects()).toBe(false)
})
