/** Authorities of others, and certificates they signed. */
import type { CertificateStatus } from '@aws-sdk/client-iot'
import { createDeviceKeyAndCsr, issueDeviceCertificate } from '@muster/pki'
import { describe, expect, it } from 'vitest'
import {
  factoryCertificate,
  idOf,
  newFactory,
  NOW_MS,
  openCertificateRegistry,
  registerFactory,
  SMALLEST_TEMPLATE,
} from './open-certificate-registry.ts'
import { arn, code, ok } from './open-test-registry.ts'

describe('registration code', () => {
  it('gateway G90: one stable code of 64 hex digits until deleted', () => {
    const { registry } = openCertificateRegistry()
    const ask = (): string => ok(registry.getRegistrationCode({}, NOW_MS)).registrationCode ?? ''
    const first = ask()
    expect(first).toMatch(/^[0-9a-f]{64}$/)
    expect(ask()).toBe(first)
    ok(registry.deleteRegistrationCode({}, NOW_MS))
    expect(code(registry.deleteRegistrationCode({}, NOW_MS))).toBe('ResourceNotFoundException')
    expect(ask()).not.toBe(first)
  })
})

describe('RegisterCACertificate', () => {
  it('gateway G89: DEFAULT needs the proof, over this registration code, by this authority', async () => {
    const { registry } = openCertificateRegistry()
    const factory = await newFactory()
    const other = await newFactory('Other')
    const caCertificate = factory.certificatePem
    const register = (verificationCertificate?: string): string =>
      code(registry.registerCACertificate({ caCertificate, verificationCertificate }, NOW_MS))
    expect(register()).toBe('InvalidRequestException')
    const unasked = factoryCertificate(factory, { commonName: 'code' })
    expect(register(unasked)).toBe('RegistrationCodeValidationException')
    const { registrationCode: commonName = '' } = ok(registry.getRegistrationCode({}, NOW_MS))
    const foreign = factoryCertificate(other, { commonName })
    expect(register(foreign)).toBe('RegistrationCodeValidationException')
    expect(register('no certificate')).toBe('CertificateValidationException')
    expect(register(factoryCertificate(factory, { commonName }))).toBe('ok')
    expect(register(factoryCertificate(factory, { commonName }))).toBe(
      'ResourceAlreadyExistsException',
    )
  })

  it('gateway G89: the proof says the code as it was given, and is in date', async () => {
    const { registry } = openCertificateRegistry()
    const factory = await newFactory()
    const { registrationCode: commonName = '' } = ok(registry.getRegistrationCode({}, NOW_MS))
    const register = (verificationCertificate: string): string =>
      code(
        registry.registerCACertificate(
          { caCertificate: factory.certificatePem, verificationCertificate },
          NOW_MS,
        ),
      )
    const upper = factoryCertificate(factory, { commonName: commonName.toUpperCase() })
    expect(register(upper)).toBe('RegistrationCodeValidationException')
    const dated = (nowMs: number, notAfterMs?: number): string => {
      const { csrPem } = createDeviceKeyAndCsr({ commonName })
      const dates = { nowMs, ...(notAfterMs === undefined ? {} : { notAfterMs }) }
      return ok(issueDeviceCertificate(factory, csrPem, dates)).certificatePem
    }
    const dayMs = 86_400_000
    expect(register(dated(NOW_MS - dayMs, NOW_MS - 1000))).toBe('CertificateValidationException')
    expect(register(dated(NOW_MS + dayMs))).toBe('CertificateValidationException')
    expect(register(dated(NOW_MS))).toBe('ok')
  })

  it('gateway G89: SNI_ONLY must come without proof', async () => {
    const { registry } = openCertificateRegistry()
    const factory = await newFactory()
    const input = { caCertificate: factory.certificatePem, certificateMode: 'SNI_ONLY' } as const
    const verificationCertificate = factoryCertificate(factory, { commonName: 'x' })
    const both = registry.registerCACertificate({ ...input, verificationCertificate }, NOW_MS)
    expect(code(both)).toBe('InvalidRequestException')
    const { certificateId } = ok(registry.registerCACertificate(input, NOW_MS))
    expect(registry.caCertificate(certificateId ?? '')).toMatchObject({
      status: 'INACTIVE',
      certificateMode: 'SNI_ONLY',
      autoRegistrationStatus: 'DISABLE',
    })
  })

  it('gateway G89: what is no authority, or no certificate, is refused', async () => {
    const { registry } = openCertificateRegistry()
    const leaf = factoryCertificate(await newFactory(), { commonName: 'leaf' })
    for (const caCertificate of [leaf, 'no certificate']) {
      const refused = registry.registerCACertificate(
        { caCertificate, certificateMode: 'SNI_ONLY' },
        NOW_MS,
      )
      expect(code(refused)).toBe('CertificateValidationException')
    }
  })

  it('gateway G89: at most ten authorities of one subject', async () => {
    const { registry } = openCertificateRegistry()
    for (let count = 0; count < 10; count += 1) registerFactory(registry, await newFactory())
    const eleventh = { caCertificate: (await newFactory()).certificatePem }
    expect(
      code(registry.registerCACertificate({ ...eleventh, certificateMode: 'SNI_ONLY' }, NOW_MS)),
    ).toBe('LimitExceededException')
  })

  it('gateway G89: template by body or by name, of its type, and existing', async () => {
    const { registry } = openCertificateRegistry()
    const factory = await newFactory()
    const register = (registrationConfig: object): string =>
      code(
        registry.registerCACertificate(
          {
            caCertificate: factory.certificatePem,
            certificateMode: 'SNI_ONLY',
            registrationConfig,
          },
          NOW_MS,
        ),
      )
    expect(register({ templateName: 'none' })).toBe('ResourceNotFoundException')
    const roleArn = 'arn:aws:iam::123456789012:role/r'
    const templateBody = SMALLEST_TEMPLATE
    for (const bad of [
      { templateBody: '[]', roleArn },
      { templateBody, templateName: 'x', roleArn },
      { templateBody },
      { roleArn },
    ]) {
      expect(register(bad)).toBe('InvalidRequestException')
    }
    const template = { templateName: 'fleet', templateBody, provisioningRoleArn: roleArn }
    ok(registry.createProvisioningTemplate(template, NOW_MS))
    expect(register({ templateName: 'fleet' })).toBe('InvalidRequestException')
    ok(
      registry.createProvisioningTemplate(
        { ...template, templateName: 'jitp', type: 'JITP' },
        NOW_MS,
      ),
    )
    expect(register({ templateName: 'jitp', roleArn: 'arn:aws:iam::1:role/r' })).toBe('ok')
    const listed = registry.listCACertificates({ templateName: 'jitp' }, NOW_MS)
    expect(ok(listed).certificates).toHaveLength(1)
    const none = registry.listCACertificates({ templateName: 'fleet' }, NOW_MS)
    expect(ok(none).certificates).toHaveLength(0)
    const inUse = registry.deleteProvisioningTemplate({ templateName: 'jitp' }, NOW_MS)
    expect(code(inUse)).toBe('DeleteConflictException')
  })
})

describe('a registered authority', () => {
  it('gateway G91: is described and updated', async () => {
    const { registry } = openCertificateRegistry()
    const factory = await newFactory()
    const registrationConfig = {
      templateBody: SMALLEST_TEMPLATE,
      roleArn: 'arn:aws:iam::123456789012:role/r',
    }
    const certificateId = registerFactory(registry, factory, {
      allowAutoRegistration: true,
      registrationConfig,
    })
    const describe = (): object => ok(registry.describeCACertificate({ certificateId }, NOW_MS))
    expect(describe()).toMatchObject({
      certificateDescription: {
        certificateArn: arn(`cacert/${certificateId}`),
        status: 'ACTIVE',
        autoRegistrationStatus: 'ENABLE',
        ownedBy: '123456789012',
        customerVersion: 1,
        certificateMode: 'DEFAULT',
      },
      registrationConfig,
    })
    ok(
      registry.updateCACertificate(
        {
          certificateId,
          newStatus: 'INACTIVE',
          newAutoRegistrationStatus: 'DISABLE',
          removeAutoRegistration: true,
        },
        NOW_MS + 1,
      ),
    )
    expect(describe()).toMatchObject({
      certificateDescription: {
        status: 'INACTIVE',
        autoRegistrationStatus: 'DISABLE',
        customerVersion: 2,
        lastModifiedDate: new Date(NOW_MS + 1),
      },
    })
    expect(describe()).not.toHaveProperty('registrationConfig')
  })

  it('gateway G91: an empty configuration changes nothing; removing one ends auto-registration', async () => {
    const { registry } = openCertificateRegistry()
    const registrationConfig = {
      templateBody: SMALLEST_TEMPLATE,
      roleArn: 'arn:aws:iam::123456789012:role/r',
    }
    const certificateId = registerFactory(registry, await newFactory(), {
      allowAutoRegistration: true,
      registrationConfig,
    })
    const update = (input: object): string =>
      code(registry.updateCACertificate({ certificateId, ...input }, NOW_MS))
    const record = (): unknown => registry.caCertificate(certificateId)
    expect(update({ registrationConfig: {} })).toBe('ok')
    expect(record()).toMatchObject({ registrationConfig, autoRegistrationStatus: 'ENABLE' })
    for (const more of [{ registrationConfig }, { newAutoRegistrationStatus: 'ENABLE' }]) {
      expect(update({ removeAutoRegistration: true, ...more })).toBe('InvalidRequestException')
    }
    expect(update({ removeAutoRegistration: true })).toBe('ok')
    expect(record()).toMatchObject({ autoRegistrationStatus: 'DISABLE' })
    expect(record()).not.toHaveProperty('registrationConfig')
  })

  it('gateway G81, G89: carries tags until it is deleted', async () => {
    const { registry } = openCertificateRegistry()
    const input = {
      caCertificate: (await newFactory()).certificatePem,
      certificateMode: 'SNI_ONLY',
      tags: [{ Key: 'plant', Value: 'north' }],
    } as const
    const bad = { ...input, tags: [{ Key: '', Value: 'x' }] }
    expect(code(registry.registerCACertificate(bad, NOW_MS))).toBe('InvalidRequestException')
    const registered = registry.registerCACertificate({ ...input, tags: [...input.tags] }, NOW_MS)
    const { certificateArn: resourceArn = '', certificateId = '' } = ok(registered)
    expect(ok(registry.listTagsForResource({ resourceArn }, NOW_MS)).tags).toEqual(input.tags)
    ok(registry.deleteCACertificate({ certificateId }, NOW_MS))
    expect(ok(registry.listTagsForResource({ resourceArn }, NOW_MS)).tags).toEqual([])
  })

  it('gateway G91: cannot be deleted while ACTIVE', async () => {
    const { registry, changes } = openCertificateRegistry()
    const certificateId = registerFactory(registry, await newFactory())
    const remove = (): string => code(registry.deleteCACertificate({ certificateId }, NOW_MS))
    expect(registry.deleteCACertificate({ certificateId }, NOW_MS)).toMatchObject({
      error: {
        code: 'CertificateStateException',
        message: `CA Certificate must be deactivated (not ACTIVE) before deletion. Id: ${certificateId}`,
      },
    })
    ok(registry.updateCACertificate({ certificateId, newStatus: 'INACTIVE' }, NOW_MS))
    expect(remove()).toBe('ok')
    expect(remove()).toBe('ResourceNotFoundException')
    expect(changes.map(({ kind }) => kind)).toEqual(Array(3).fill('caCertificate'))
  })
})

describe('RegisterCertificate', () => {
  it('gateway G88: needs the direct signer registered and ACTIVE', async () => {
    const { registry } = openCertificateRegistry()
    const factory = await newFactory()
    const certificatePem = factoryCertificate(factory, { commonName: 'd' })
    const register = (): string => code(registry.registerCertificate({ certificatePem }, NOW_MS))
    expect(register()).toBe('CertificateValidationException')
    const certificateId = registerFactory(registry, factory)
    ok(registry.updateCACertificate({ certificateId, newStatus: 'INACTIVE' }, NOW_MS))
    expect(register()).toBe('CertificateStateException') // gateway G91
    ok(registry.updateCACertificate({ certificateId, newStatus: 'ACTIVE' }, NOW_MS))
    expect(register()).toBe('ok')
    expect(registry.certificate(idOf(certificatePem))).toMatchObject({
      status: 'INACTIVE',
      caCertificateId: certificateId,
      certificateMode: 'DEFAULT',
    })
    expect(registry.registerCertificate({ certificatePem }, NOW_MS)).toMatchObject({
      error: {
        code: 'ResourceAlreadyExistsException',
        message: `The certificate with id ${idOf(certificatePem)} already exists.`,
      },
    })
    const listed = registry.listCertificatesByCA({ caCertificateId: certificateId }, NOW_MS)
    expect(ok(listed).certificates).toMatchObject([{ certificateId: idOf(certificatePem) }])
  })

  it('authz H5: an authority made INACTIVE leaves its certificates as they are', async () => {
    const { registry } = openCertificateRegistry()
    const factory = await newFactory()
    const caCertificateId = registerFactory(registry, factory)
    const certificatePem = factoryCertificate(factory, { commonName: 'd' })
    ok(registry.registerCertificate({ certificatePem, status: 'ACTIVE' }, NOW_MS))
    const newStatus = 'INACTIVE'
    ok(registry.updateCACertificate({ certificateId: caCertificateId, newStatus }, NOW_MS))
    ok(registry.deleteCACertificate({ certificateId: caCertificateId }, NOW_MS))
    expect(registry.certificate(idOf(certificatePem))?.status).toBe('ACTIVE')
  })

  it('gateway G88: several authorities of one subject: which one must be said', async () => {
    const { registry } = openCertificateRegistry()
    const factory = await newFactory()
    const namesake = await newFactory()
    registerFactory(registry, factory)
    registerFactory(registry, namesake)
    const certificatePem = factoryCertificate(factory, { commonName: 'd' })
    const register = (caCertificatePem?: string): string =>
      code(registry.registerCertificate({ certificatePem, caCertificatePem }, NOW_MS))
    expect(register()).toBe('CertificateConflictException')
    expect(register(namesake.certificatePem)).toBe('CertificateValidationException')
    expect(register(factory.certificatePem)).toBe('ok')
  })

  it.each([
    ['ACTIVE', 'ok'],
    ['INACTIVE', 'ok'],
    ['REVOKED', 'ok'],
    ['PENDING_ACTIVATION', 'CertificateStateException'],
    ['PENDING_TRANSFER', 'CertificateStateException'],
  ] as const)('gateway G88: status %s: %s, with and without authority', async (status, answer) => {
    const { registry, changes } = openCertificateRegistry()
    const factory = await newFactory()
    registerFactory(registry, factory)
    changes.length = 0
    const pem = (): { certificatePem: string; status: CertificateStatus } => ({
      certificatePem: factoryCertificate(factory, { commonName: 'd' }),
      status,
    })
    for (const registered of [
      registry.registerCertificate(pem(), NOW_MS),
      registry.registerCertificateWithoutCA(pem(), NOW_MS),
    ]) {
      expect(code(registered)).toBe(answer)
      if (registered.ok) continue
      expect(registered.error.message).toBe(
        `Not allowed to register certificate with ${status} status`,
      )
    }
    expect(changes).toHaveLength(answer === 'ok' ? 2 : 0)
  })

  it('gateway G88: without authority: SNI_ONLY, self-signed included, once', async () => {
    const { registry } = openCertificateRegistry()
    const certificatePem = (await newFactory('Self')).certificatePem
    const input = { certificatePem, status: 'ACTIVE' } as const
    const { certificateId = '' } = ok(registry.registerCertificateWithoutCA(input, NOW_MS))
    expect(registry.certificate(certificateId)?.certificateMode).toBe('SNI_ONLY')
    const again = registry.registerCertificateWithoutCA(input, NOW_MS)
    expect(again).toMatchObject({
      error: { code: 'ResourceAlreadyExistsException', members: { resourceId: certificateId } },
    })
    const bad = registry.registerCertificateWithoutCA({ certificatePem: 'no' }, NOW_MS)
    expect(code(bad)).toBe('CertificateValidationException')
  })
})

describe('ListCertificatesByCA', () => {
  it('gateway G134: what came by that authority in any status, newest first unless asked', async () => {
    const { registry } = openCertificateRegistry()
    const factory = await newFactory()
    const caCertificateId = registerFactory(registry, factory, { allowAutoRegistration: true })
    const statuses = ['ACTIVE', 'INACTIVE', 'REVOKED'] as const
    const ids = statuses.map((status, index) => {
      const certificatePem = factoryCertificate(factory, { commonName: `d${index}` })
      ok(registry.registerCertificate({ certificatePem, status }, NOW_MS + index))
      return idOf(certificatePem)
    })
    const certificatePem = factoryCertificate(factory, { commonName: 'first connect' })
    const attempt = { certificatePem, sourceIp: '192.0.2.1', serverName: undefined }
    ok(registry.registerJustInTime(attempt, NOW_MS + 3))
    ids.push(idOf(certificatePem))
    const alone = factoryCertificate(factory, { commonName: 'alone' })
    ok(registry.registerCertificateWithoutCA({ certificatePem: alone, status: 'ACTIVE' }, NOW_MS))

    const list = (more: object): unknown[] | undefined =>
      ok(registry.listCertificatesByCA({ caCertificateId, ...more }, NOW_MS)).certificates?.map(
        ({ certificateId }) => certificateId,
      )
    expect(list({})).toEqual(ids.toReversed())
    expect(list({ ascendingOrder: true })).toEqual(ids)
    expect(list({ caCertificateId: '0'.repeat(64) })).toEqual([])
    expect(registry.listCertificatesByCA({ caCertificateId, marker: 'bad' }, 0)).toMatchObject({
      error: {
        code: 'InvalidRequestException',
        message: 'Invalid/Malformed marker passed for listCertificateByCA',
      },
    })
  })
})
