/**
 * The device package alone, as a test of somebody's backend would use it, against a real server.
 */
import { readFileSync } from 'node:fs'
import {
  AddThingToThingGroupCommand,
  CreateJobCommand,
  CreatePolicyCommand,
  CreateThingGroupCommand,
  DescribeJobCommand,
  ListThingPrincipalsCommand,
  CreateProvisioningTemplateCommand,
  RegisterCACertificateCommand,
} from '@aws-sdk/client-iot'
import {
  justInTimeIdentity,
  provisionByClaim,
  startDevice,
  type DeviceEndpoint,
  type DeviceIdentity,
} from '@muster/device'
import { createAuthority } from '@muster/pki'
import { createDevice, OPEN_POLICY, startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { devicePolicy } from '@muster/fleet/control'

let server: TestServer
let endpoint: DeviceEndpoint

beforeAll(async () => {
  server = await startTestServer()
  endpoint = {
    host: '127.0.0.1',
    serverName: 'localhost',
    mqttPort: server.mqttPort,
    httpsPort: server.httpsPort,
    caPem: readFileSync(server.caFile, 'utf8'),
  }
})

afterAll(() => server?.close())

it('three devices in five lines', async () => {
  const identities: Record<string, DeviceIdentity> = {}
  const { thingGroupArn = '' } = await server.iot.send(
    new CreateThingGroupCommand({ thingGroupName: 'lamps' }),
  )
  for (const thingName of ['lamp-1', 'lamp-2', 'lamp-3']) {
    const { certificatePem, privateKeyPem } = await createDevice(server.iot, thingName)
    identities[thingName] = { certificatePem, privateKeyPem }
    await server.iot.send(new AddThingToThingGroupCommand({ thingGroupName: 'lamps', thingName }))
  }
  const identityOf = (thingName: string): DeviceIdentity =>
    identities[thingName] ?? { certificatePem: '', privateKeyPem: '' }
  let finished = 0
  const done = Promise.withResolvers<void>()
  const observer = { finished: () => (++finished === 3 ? done.resolve() : undefined) }

  const handlers = { reboot: () => ({ status: 'SUCCEEDED' as const }) }
  const names = ['lamp-1', 'lamp-2', 'lamp-3']
  const start = (thingName: string) =>
    startDevice({ endpoint, identity: identityOf(thingName), thingName, handlers, observer })
  const devices = await Promise.all(names.map(start))

  await server.iot.send(
    new CreateJobCommand({
      jobId: 'reboot-lamps',
      targets: [thingGroupArn],
      document: JSON.stringify({ operation: 'reboot' }),
    }),
  )
  await server.advance(60)
  await done.promise
  const { job } = await server.iot.send(new DescribeJobCommand({ jobId: 'reboot-lamps' }))
  expect(job?.jobProcessDetails).toMatchObject({ numberOfSucceededThings: 3 })
  await Promise.all(devices.map((device) => device.stop()))
})

it('gateway G96, G99: a just-in-time device is dropped once and then is part of the account', async () => {
  const authority = await createAuthority({ nowMs: Date.now(), commonName: 'Factory 7' })
  const scope = { partition: 'aws', region: 'us-east-1', accountId: '123456789012' }
  await server.iot.send(
    new CreatePolicyCommand({ policyName: 'factory', policyDocument: devicePolicy(scope) }),
  )
  const name = 'AWS::IoT::Certificate::CommonName'
  const template = {
    Parameters: { [name]: { Type: 'String' }, 'AWS::IoT::Certificate::Id': { Type: 'String' } },
    Resources: {
      thing: { Type: 'AWS::IoT::Thing', Properties: { ThingName: { Ref: name } } },
      certificate: {
        Type: 'AWS::IoT::Certificate',
        Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' }, Status: 'ACTIVE' },
      },
      policy: { Type: 'AWS::IoT::Policy', Properties: { PolicyName: 'factory' } },
    },
  }
  await server.iot.send(
    new RegisterCACertificateCommand({
      caCertificate: authority.certificatePem,
      certificateMode: 'SNI_ONLY',
      setAsActive: true,
      allowAutoRegistration: true,
      registrationConfig: {
        templateBody: JSON.stringify(template),
        roleArn: 'arn:aws:iam::123456789012:role/provisioning',
      },
    }),
  )
  const reasons: string[] = []
  const device = await startDevice({
    endpoint,
    identity: justInTimeIdentity(authority, 'pump-1', Date.now()),
    thingName: 'pump-1',
    reconnectBackOff: { firstMs: 20, maxMs: 100, jitter: 0 },
    observer: { disconnected: ({ kind }) => reasons.push(kind) },
  })
  expect(device.isConnected).toBe(true)
  expect(reasons[0]).toBe('refused')
  const { principals } = await server.iot.send(
    new ListThingPrincipalsCommand({ thingName: 'pump-1' }),
  )
  expect(principals).toHaveLength(1)
  await device.stop()
})

it('gateway G103: a claim for a template that is not there fails with the service’s code', async () => {
  const { certificatePem, privateKeyPem } = await createDevice(server.iot, 'claimer')
  await expect(
    provisionByClaim({
      endpoint,
      claim: { certificatePem, privateKeyPem },
      templateName: 'nothing',
      commonName: 'claimer',
      parameters: {},
      timeoutMs: 30_000,
    }),
  ).rejects.toThrow(
    /^\$aws\/(provisioning-templates\/nothing\/provision|certificates\/create-from-csr)\/json: /,
  )
})

it('gateway G123, A10: devices that are throttled while they provision themselves try again', async () => {
  const own = await startTestServer({ quotas: 'aws' })
  try {
    const templateBody = JSON.stringify({
      Parameters: { Name: { Type: 'String' }, 'AWS::IoT::Certificate::Id': { Type: 'String' } },
      Resources: {
        thing: { Type: 'AWS::IoT::Thing', Properties: { ThingName: { Ref: 'Name' } } },
        certificate: {
          Type: 'AWS::IoT::Certificate',
          Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' }, Status: 'ACTIVE' },
        },
      },
    })
    await own.iot.send(
      new CreateProvisioningTemplateCommand({
        templateName: 'line',
        templateBody,
        enabled: true,
        provisioningRoleArn: 'arn:aws:iam::000000000000:role/provisioning',
      }),
    )
    const { certificatePem, privateKeyPem } = await createDevice(own.iot, 'claim', {
      policyDocument: OPEN_POLICY,
    })
    const names = Array.from({ length: 14 }, (_, n) => `made-${n}`)
    const made = await Promise.all(
      names.map((commonName) =>
        provisionByClaim({
          endpoint: { ...endpoint, mqttPort: own.mqttPort, caPem: own.caPem },
          claim: { certificatePem, privateKeyPem },
          templateName: 'line',
          commonName,
          parameters: { Name: commonName },
        }),
      ),
    )
    expect(made.map(({ thingName }) => thingName)).toEqual(names)
  } finally {
    await own.close()
  }
})
