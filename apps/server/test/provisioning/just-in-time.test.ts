/** Factory certificates on their first connect: registration, activation, provisioning. */
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreatePolicyCommand,
  CreateThingCommand,
  DescribeCertificateCommand,
  DescribeThingCommand,
  GetRegistrationCodeCommand,
  RegisterCACertificateCommand,
  UpdateCertificateCommand,
} from '@aws-sdk/client-iot'
import {
  createAuthority,
  createDeviceKeyAndCsr,
  fingerprint,
  issueDeviceCertificate,
  type Authority,
} from '@muster/pki'
import {
  connectMqtt,
  createDevice,
  OPEN_POLICY,
  startTestServer,
  type TestServer,
} from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { handshake, rawClient } from '../listeners-fixture.ts'
import { DEVICE_POLICY, type Identity } from './provisioning-fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const nowMs = Date.now()
const certificateArn = (id: string): string => `arn:aws:iot:us-east-1:123456789012:cert/${id}`

it('gateway probe 9, gateway G96 to G98, authz H4: drop, event, activate, attach, success', async () => {
  const factory = await createAuthority({ nowMs, commonName: 'Factory' })
  const caCertificateId = await register(factory)
  const device = manufacture(factory, 'jitr-1')
  const certificateId = fingerprint(device.certificatePem)
  const events = await watch(`$aws/events/certificates/registered/${caCertificateId}`)

  // TLS alone does nothing.
  const socket = await handshake(server, device)
  socket.destroy()
  await expectUnregistered(certificateId)

  const registeredAt: (string | null)[] = []
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const closed = rawClient(await handshake(server, device), { clientId: 'jitr-1' })
    expect(await closed.closed()).toEqual([])
    const event = (await events.next()) as { certificateRegistrationTimestamp: string | null }
    registeredAt.push(event.certificateRegistrationTimestamp)
    expect(event).toEqual({
      certificateId,
      caCertificateId,
      timestamp: expect.any(Number) as number,
      certificateStatus: 'PENDING_ACTIVATION',
      awsAccountId: '123456789012',
      sourceIp: '127.0.0.1',
      certificateRegistrationTimestamp: registeredAt.at(-1),
    })
    const { certificateDescription } = await server.iot.send(
      new DescribeCertificateCommand({ certificateId }),
    )
    expect(certificateDescription).toMatchObject({ status: 'PENDING_ACTIVATION', caCertificateId })
    if (attempt === 2) {
      const createdAtMs = certificateDescription?.creationDate?.getTime()
      expect(registeredAt).toEqual([null, String(createdAtMs)])
    }
  }

  const target = certificateArn(certificateId)
  const { iot } = server
  await iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'ACTIVE' }))
  await iot.send(
    new CreatePolicyCommand({ policyName: 'jitr', policyDocument: JSON.stringify(DEVICE_POLICY) }),
  )
  await iot.send(new AttachPolicyCommand({ policyName: 'jitr', target }))
  await iot.send(new CreateThingCommand({ thingName: 'jitr-1' }))
  await iot.send(new AttachThingPrincipalCommand({ thingName: 'jitr-1', principal: target }))
  const client = await connectMqtt(server, device)
  onTestFinished(async () => client.endAsync(true))
  expect(client.connected).toBe(true)
})

it('gateway G99: an authority with a template provisions; the first connection still drops', async () => {
  const factory = await createAuthority({ nowMs, commonName: 'JITP factory' })
  await register(factory, {
    templateBody: JSON.stringify({
      Parameters: {
        'AWS::IoT::Certificate::CommonName': { Type: 'String' },
        'AWS::IoT::Certificate::SerialNumber': { Type: 'String' },
        'AWS::IoT::Certificate::Id': { Type: 'String' },
      },
      Resources: {
        thing: {
          Type: 'AWS::IoT::Thing',
          Properties: {
            ThingName: { Ref: 'AWS::IoT::Certificate::CommonName' },
            AttributePayload: { serial: { Ref: 'AWS::IoT::Certificate::SerialNumber' } },
          },
        },
        certificate: {
          Type: 'AWS::IoT::Certificate',
          Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' }, Status: 'ACTIVE' },
        },
        policy: { Type: 'AWS::IoT::Policy', Properties: { PolicyDocument: DEVICE_POLICY } },
      },
    }),
    roleArn: 'arn:aws:iam::123456789012:role/jitp-provisioning',
  })
  const device = manufacture(factory, 'jitp-1', 'SN-7')
  const dropped = rawClient(await handshake(server, device), { clientId: 'jitp-1' })
  expect(await dropped.closed()).toEqual([])
  const client = await connectMqtt(server, device)
  onTestFinished(async () => client.endAsync(true))
  expect(client.connected).toBe(true)
  const thing = await server.iot.send(new DescribeThingCommand({ thingName: 'jitp-1' }))
  expect(thing.attributes).toEqual({ serial: 'SN-7' })
})

it('gateway G96: a stranger’s certificate is dropped and remembered nowhere', async () => {
  const stranger = await createAuthority({ nowMs, commonName: 'Factory' })
  const device = manufacture(stranger, 'stranger')
  const dropped = rawClient(await handshake(server, device), { clientId: 'stranger' })
  expect(await dropped.closed()).toEqual([])
  await expectUnregistered(fingerprint(device.certificatePem))
})

function manufacture(factory: Authority, commonName: string, serial?: string): Identity {
  const attributes = serial === undefined ? {} : { SerialNumber: serial }
  const { csrPem, privateKeyPem } = createDeviceKeyAndCsr({ commonName, attributes })
  const issued = issueDeviceCertificate(factory, csrPem, { nowMs })
  if (!issued.ok) throw new Error(issued.error.message)
  return { thingName: commonName, certificatePem: issued.value.certificatePem, privateKeyPem }
}

async function register(factory: Authority, registrationConfig?: object): Promise<string> {
  const { registrationCode = '' } = await server.iot.send(new GetRegistrationCodeCommand())
  const { certificateId = '' } = await server.iot.send(
    new RegisterCACertificateCommand({
      caCertificate: factory.certificatePem,
      verificationCertificate: manufacture(factory, registrationCode).certificatePem,
      setAsActive: true,
      allowAutoRegistration: true,
      ...(registrationConfig === undefined ? {} : { registrationConfig }),
    }),
  )
  return certificateId
}

/** The bodies published to a topic, one at a time. */
async function watch(topic: string): Promise<{ next(): Promise<unknown> }> {
  const thingName = `watcher-${topic.length}`
  const watcher = await createDevice(server.iot, thingName, { policyDocument: OPEN_POLICY })
  const client = await connectMqtt(server, watcher)
  onTestFinished(async () => client.endAsync(true))
  const bodies: unknown[] = []
  let wake = (): void => {}
  client.on('message', (_topic, payload) => {
    bodies.push(JSON.parse(payload.toString()))
    wake()
  })
  await client.subscribeAsync(topic, { qos: 1 })
  return {
    next: async () => {
      while (bodies.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return bodies.shift()
    },
  }
}

async function expectUnregistered(certificateId: string): Promise<void> {
  const asked = server.iot.send(new DescribeCertificateCommand({ certificateId }))
  await expect(asked).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
}
