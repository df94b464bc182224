/** Every operation on certificates, authorities and templates through the unmodified AWS SDK. */
import {
  AcceptCertificateTransferCommand,
  CancelCertificateTransferCommand,
  CertificateConflictException,
  CertificateStateException,
  CertificateValidationException,
  CreateKeysAndCertificateCommand,
  CreateProvisioningTemplateVersionCommand,
  DeleteCACertificateCommand,
  DeleteConflictException,
  DeleteProvisioningTemplateCommand,
  DeleteProvisioningTemplateVersionCommand,
  DeleteRegistrationCodeCommand,
  DescribeCACertificateCommand,
  DescribeCertificateCommand,
  DescribeProvisioningTemplateCommand,
  DescribeProvisioningTemplateVersionCommand,
  GetRegistrationCodeCommand,
  InvalidRequestException,
  ListCACertificatesCommand,
  ListCertificatesByCACommand,
  ListCertificatesCommand,
  ListOutgoingCertificatesCommand,
  ListProvisioningTemplatesCommand,
  ListProvisioningTemplateVersionsCommand,
  RegisterCACertificateCommand,
  RegisterCertificateCommand,
  RegisterCertificateWithoutCACommand,
  RegisterThingCommand,
  RegistrationCodeValidationException,
  RejectCertificateTransferCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  ResourceRegistrationFailureException,
  TransferAlreadyCompletedException,
  TransferCertificateCommand,
  UpdateCACertificateCommand,
  UpdateCertificateCommand,
  UpdateProvisioningTemplateCommand,
  VersionsLimitExceededException,
} from '@aws-sdk/client-iot'
import {
  createAuthority,
  createDeviceKeyAndCsr,
  fingerprint,
  issueDeviceCertificate,
  type Authority,
} from '@muster/pki'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { createHash, createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTemplate, FLEET_TEMPLATE } from './provisioning-fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const nowMs = Date.now()

it('gateway G86, G87, G93: keys and certificate belong together', async () => {
  const made = await server.iot.send(new CreateKeysAndCertificateCommand({ setAsActive: true }))
  const certificate = new X509Certificate(made.certificatePem ?? '')
  expect(made.certificateId).toBe(createHash('sha256').update(certificate.raw).digest('hex'))
  const key = createPrivateKey(made.keyPair?.PrivateKey ?? '')
  expect(certificate.checkPrivateKey(key)).toBe(true)
  expect(createPublicKey(made.keyPair?.PublicKey ?? '').equals(certificate.publicKey)).toBe(true)
  const { certificateDescription } = await server.iot.send(
    new DescribeCertificateCommand({ certificateId: made.certificateId }),
  )
  expect(certificateDescription).toMatchObject({ status: 'ACTIVE', certificateMode: 'DEFAULT' })
  expect(certificateDescription?.validity?.notAfter).toEqual(new Date('2049-12-31T23:59:59Z'))
  const { certificates } = await server.iot.send(
    new ListCertificatesCommand({ pageSize: 1, ascendingOrder: true }),
  )
  expect(certificates).toHaveLength(1)
})

it('gateway G88 to G91: an authority and its certificates', async () => {
  const { iot } = server
  const factory = await createAuthority({ nowMs, commonName: 'Factory' })
  const caCertificate = factory.certificatePem
  const wrong = leaf(factory, 'wrong')
  await expect(
    iot.send(new RegisterCACertificateCommand({ caCertificate, verificationCertificate: wrong })),
  ).rejects.toThrow(RegistrationCodeValidationException)
  await expect(iot.send(new RegisterCACertificateCommand({ caCertificate }))).rejects.toThrow(
    InvalidRequestException,
  )
  const certificatePem = leaf(factory, 'device')
  const register = new RegisterCertificateCommand({ certificatePem, status: 'ACTIVE' })
  await expect(iot.send(register)).rejects.toThrow(CertificateValidationException)
  const caCertificateId = await registerFactory(factory)
  const { certificateId } = await iot.send(register)
  expect(certificateId).toBe(fingerprint(certificatePem))
  await expect(iot.send(register)).rejects.toThrow(ResourceAlreadyExistsException)
  const listed = await iot.send(new ListCertificatesByCACommand({ caCertificateId }))
  expect(listed.certificates).toMatchObject([{ certificateId }])
  await registerFactory(await createAuthority({ nowMs, commonName: 'Factory' }))
  const another = new RegisterCertificateCommand({ certificatePem: leaf(factory, 'other') })
  await expect(iot.send(another)).rejects.toThrow(CertificateConflictException)
  const all = await iot.send(new ListCACertificatesCommand({ ascendingOrder: true }))
  expect(all.certificates).toHaveLength(2)

  const registrationConfig = {
    templateBody: JSON.stringify({
      Resources: {
        certificate: {
          Type: 'AWS::IoT::Certificate',
          Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' } },
        },
      },
    }),
    roleArn: 'arn:aws:iam::123456789012:role/provisioning',
  }
  await iot.send(
    new UpdateCACertificateCommand({
      certificateId: caCertificateId,
      newAutoRegistrationStatus: 'ENABLE',
      registrationConfig,
    }),
  )
  const described = await iot.send(
    new DescribeCACertificateCommand({ certificateId: caCertificateId }),
  )
  expect(described).toMatchObject({
    certificateDescription: { autoRegistrationStatus: 'ENABLE', status: 'ACTIVE' },
    registrationConfig,
  })
  const remove = new DeleteCACertificateCommand({ certificateId: caCertificateId })
  await expect(iot.send(remove)).rejects.toThrow(CertificateStateException)
  await iot.send(
    new UpdateCACertificateCommand({ certificateId: caCertificateId, newStatus: 'INACTIVE' }),
  )
  await iot.send(remove)
  await expect(iot.send(remove)).rejects.toThrow(ResourceNotFoundException)
  await iot.send(new DeleteRegistrationCodeCommand())
})

it('gateway G88: a certificate of nobody registered', async () => {
  const stranger = await createAuthority({ nowMs, commonName: 'Stranger' })
  const certificatePem = leaf(stranger, 'sni')
  const { certificateId } = await server.iot.send(
    new RegisterCertificateWithoutCACommand({ certificatePem, status: 'ACTIVE' }),
  )
  const { certificateDescription } = await server.iot.send(
    new DescribeCertificateCommand({ certificateId }),
  )
  expect(certificateDescription?.certificateMode).toBe('SNI_ONLY')
  const pending = leaf(stranger, 'pending')
  await expect(
    server.iot.send(
      new RegisterCertificateWithoutCACommand({
        certificatePem: pending,
        status: 'PENDING_ACTIVATION',
      }),
    ),
  ).rejects.toThrow(CertificateStateException)
})

it('gateway G92, G95: states and transfers', async () => {
  const { iot } = server
  const { certificateId } = await iot.send(new CreateKeysAndCertificateCommand({}))
  await expect(
    iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'PENDING_TRANSFER' })),
  ).rejects.toThrow(CertificateStateException)
  const transfer = (targetAwsAccount: string): TransferCertificateCommand =>
    new TransferCertificateCommand({ certificateId, targetAwsAccount, transferMessage: 'hi' })
  await iot.send(transfer('210987654321'))
  const outgoing = await iot.send(new ListOutgoingCertificatesCommand({}))
  expect(outgoing.outgoingCertificates).toMatchObject([{ certificateId, transferMessage: 'hi' }])
  await iot.send(new CancelCertificateTransferCommand({ certificateId }))
  await expect(iot.send(new CancelCertificateTransferCommand({ certificateId }))).rejects.toThrow(
    TransferAlreadyCompletedException,
  )
  await iot.send(transfer('123456789012'))
  await iot.send(new RejectCertificateTransferCommand({ certificateId, rejectReason: 'no' }))
  await iot.send(transfer('123456789012'))
  await iot.send(new AcceptCertificateTransferCommand({ certificateId, setAsActive: true }))
  const { certificateDescription } = await iot.send(
    new DescribeCertificateCommand({ certificateId }),
  )
  expect(certificateDescription).toMatchObject({
    status: 'ACTIVE',
    previousOwnedBy: '123456789012',
    transferData: { transferMessage: 'hi' },
  })
})

it('gateway G108, G113: templates, versions and RegisterThing', async () => {
  const { iot } = server
  const templateName = 'template'
  await createTemplate(server, templateName)
  await expect(createTemplate(server, templateName)).rejects.toThrow(ResourceAlreadyExistsException)
  const version = new CreateProvisioningTemplateVersionCommand({
    templateName,
    templateBody: FLEET_TEMPLATE,
    setAsDefault: true,
  })
  expect(await iot.send(version)).toMatchObject({ versionId: 2, isDefaultVersion: true })
  for (let count = 3; count <= 5; count += 1) await iot.send(version)
  await expect(iot.send(version)).rejects.toThrow(VersionsLimitExceededException)
  const byId = { templateName, versionId: 5 }
  expect(await iot.send(new DescribeProvisioningTemplateVersionCommand(byId))).toMatchObject({
    isDefaultVersion: true,
    templateBody: FLEET_TEMPLATE,
  })
  await expect(iot.send(new DeleteProvisioningTemplateVersionCommand(byId))).rejects.toThrow(
    DeleteConflictException,
  )
  await iot.send(new DeleteProvisioningTemplateVersionCommand({ templateName, versionId: 1 }))
  const versions = await iot.send(new ListProvisioningTemplateVersionsCommand({ templateName }))
  expect(versions.versions).toHaveLength(4)
  const { $metadata, ...updated } = await iot.send(
    new UpdateProvisioningTemplateCommand({ templateName, description: 'd' }),
  )
  expect([$metadata.httpStatusCode, updated]).toEqual([200, {}])
  expect(await iot.send(new DescribeProvisioningTemplateCommand({ templateName }))).toMatchObject({
    description: 'd',
    defaultVersionId: 5,
    enabled: true,
  })
  const listed = await iot.send(new ListProvisioningTemplatesCommand({}))
  expect(listed.templates).toMatchObject([{ templateName }])
  await iot.send(new DeleteProvisioningTemplateCommand({ templateName }))

  const templateBody =
    '{"Resources":{"t":{"Type":"AWS::IoT::Thing","Properties":{"ThingName":"n"}}}}'
  const made = await iot.send(new RegisterThingCommand({ templateBody }))
  expect(made.resourceArns).toEqual({ t: 'arn:aws:iot:us-east-1:123456789012:thing/n' })
  await expect(
    iot.send(
      new RegisterThingCommand({ templateBody: templateBody.replace('"n"', '{"Ref":"x"}') }),
    ),
  ).rejects.toThrow(ResourceRegistrationFailureException)
})

function leaf(factory: Authority, commonName: string): string {
  const { csrPem } = createDeviceKeyAndCsr({ commonName })
  const issued = issueDeviceCertificate(factory, csrPem, { nowMs })
  if (!issued.ok) throw new Error(issued.error.message)
  return issued.value.certificatePem
}

async function registerFactory(factory: Authority): Promise<string> {
  const { registrationCode = '' } = await server.iot.send(new GetRegistrationCodeCommand())
  const { certificateId = '' } = await server.iot.send(
    new RegisterCACertificateCommand({
      caCertificate: factory.certificatePem,
      verificationCertificate: leaf(factory, registrationCode),
      setAsActive: true,
    }),
  )
  return certificateId
}
