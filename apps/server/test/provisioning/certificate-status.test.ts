/** Only an ACTIVE certificate authenticates, and only while it is. */
import {
  CreateCertificateFromCsrCommand,
  TransferCertificateCommand,
  UpdateCertificateCommand,
} from '@aws-sdk/client-iot'
import { createDeviceKeyAndCsr } from '@muster/pki'
import {
  connectMqtt,
  createDevice,
  OPEN_POLICY,
  startTestServer,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { handshake, rawClient } from '../listeners-fixture.ts'
import { ask, createClaim } from './provisioning-fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

describe('authz H1, H7: what a CONNECT gets by the certificate’s status', () => {
  it('ACTIVE: CONNACK', async () => {
    const device = await newDevice('active')
    const client = rawClient(await handshake(server, device), { clientId: 'active' })
    expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 0 })
    client.socket.destroy()
  })

  it.each(['INACTIVE', 'REVOKED'] as const)('%s: TLS, then a bare close', async (newStatus) => {
    const device = await newDevice(newStatus)
    const { certificateId } = device
    await server.iot.send(new UpdateCertificateCommand({ certificateId, newStatus }))
    await expectBareClose(device)
  })

  it('PENDING_TRANSFER: TLS, then a bare close', async () => {
    const { csrPem, privateKeyPem } = createDeviceKeyAndCsr({ commonName: 'd' })
    const { certificateId, certificatePem = '' } = await server.iot.send(
      new CreateCertificateFromCsrCommand({ certificateSigningRequest: csrPem }),
    )
    await server.iot.send(
      new TransferCertificateCommand({ certificateId, targetAwsAccount: '210987654321' }),
    )
    await expectBareClose({ certificatePem, privateKeyPem })
  })

  it('PENDING_ACTIVATION: TLS, then a bare close', async () => {
    const claim = await connectMqtt(server, await createClaim(server, 'none'))
    onTestFinished(async () => claim.endAsync(true))
    const { csrPem, privateKeyPem } = createDeviceKeyAndCsr({ commonName: 'd' })
    const { body } = await ask(claim, '$aws/certificates/create-from-csr/json', {
      certificateSigningRequest: csrPem,
    })
    await expectBareClose({ certificatePem: String(body['certificatePem']), privateKeyPem })
  })
})

it.each(['INACTIVE', 'REVOKED'] as const)(
  'authz H2, gateway G13: becoming %s ends the live connection, and no new one comes about',
  async (newStatus) => {
    const device = await newDevice(`live-${newStatus}`)
    const clientId = device.thingName
    const live = rawClient(await handshake(server, device), { clientId })
    expect(await live.next()).toMatchObject({ cmd: 'connack', returnCode: 0 })
    const { certificateId } = device
    await server.iot.send(new UpdateCertificateCommand({ certificateId, newStatus }))
    expect(await live.closed()).toEqual([])
    await expectBareClose(device)
  },
)

function newDevice(thingName: string): Promise<TestDevice> {
  return createDevice(server.iot, thingName, { policyDocument: OPEN_POLICY })
}

async function expectBareClose(
  identity: Pick<TestDevice, 'certificatePem' | 'privateKeyPem'>,
): Promise<void> {
  const client = rawClient(await handshake(server, identity), { clientId: 'refused' })
  expect(await client.closed()).toEqual([])
}
