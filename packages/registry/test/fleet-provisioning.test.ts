/** Fleet provisioning as state: tokens, templates, claims; and just-in-time registration. */
import { createRsaKeyPair } from '@muster/pki'
import { describe, expect, it } from 'vitest'
import type { Registry } from '../src/index.ts'
import {
  factoryCertificate,
  idOf,
  newCsr,
  newFactory,
  NOW_MS,
  openCertificateRegistry,
  registerFactory,
  SMALLEST_TEMPLATE,
} from './open-certificate-registry.ts'
import { arn, code, ok } from './open-test-registry.ts'

const claim = 'a'.repeat(64)
const hourMs = 3_600_000
const fleetBody = JSON.stringify({
  Parameters: { Serial: { Type: 'String' } },
  Resources: {
    thing: { Type: 'AWS::IoT::Thing', Properties: { ThingName: { 'Fn::Sub': 'dev-${Serial}' } } },
    certificate: {
      Type: 'AWS::IoT::Certificate',
      Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' }, Status: 'Active' },
    },
    policy: {
      Type: 'AWS::IoT::Policy',
      Properties: { PolicyDocument: { Version: '2012-10-17', Statement: [] } },
    },
  },
  DeviceConfiguration: { url: 'https://example.com' },
})

describe('fleet provisioning', () => {
  it('gateway G101, G102, G104: a token for a certificate, a thing for a token, once', () => {
    const { registry } = openFleet()
    const owned = createOwned(registry)
    expect(registry.certificate(owned.certificateId)?.status).toBe('PENDING_ACTIVATION')
    const done = registry.completeFleetRegistration(
      registration(owned.certificateOwnershipToken),
      new Map(),
      NOW_MS,
    )
    expect(ok(done)).toEqual({
      thingName: 'dev-1',
      deviceConfiguration: { url: 'https://example.com' },
    })
    expect(registry.certificate(owned.certificateId)?.status).toBe('ACTIVE')
    const principal = arn(`cert/${owned.certificateId}`)
    expect(registry.thingsOfPrincipal(principal)).toMatchObject([{ thingName: 'dev-1' }])
    expect(registry.policiesOfTarget(principal)).toHaveLength(1)
    expect(begin(registry, owned.certificateOwnershipToken)).toBe(
      'InvalidCertificateOwnershipToken',
    )
  })

  it('gateway G103: an empty, unknown, foreign or expired token', () => {
    const { registry } = openFleet()
    const { certificateOwnershipToken: token } = createOwned(registry)
    expect(begin(registry, '')).toBe('InvalidCertificateOwnershipToken')
    expect(registry.beginFleetRegistration(registration(''), NOW_MS)).toMatchObject({
      error: { message: 'Certificate ownership token cannot be empty.' },
    })
    expect(begin(registry, `${token}0`)).toBe('InvalidCertificateOwnershipToken')
    expect(begin(registry, token, 'b'.repeat(64))).toBe('InvalidCertificateOwnershipToken')
    expect(begin(registry, token)).toBe('ok')
    const late = registry.beginFleetRegistration(registration(token), NOW_MS + hourMs)
    expect(code(late)).toBe('InvalidCertificateOwnershipToken')
  })

  it.each([
    ['INACTIVE', 'InvalidCertificateOwnershipToken'],
    ['REVOKED', 'InvalidCertificateOwnershipToken'],
    ['ACTIVE', 'ok'],
  ] as const)('gateway G103, G104: a token of a certificate made %s: %s', (newStatus, answer) => {
    const { registry } = openFleet()
    const { certificateId, certificateOwnershipToken: token } = createOwned(registry)
    ok(registry.updateCertificate({ certificateId, newStatus }, NOW_MS))
    expect(begin(registry, token)).toBe(answer)
    const done = registry.completeFleetRegistration(registration(token), new Map(), NOW_MS)
    expect(code(done)).toBe(answer)
    expect(registry.certificate(certificateId)?.status).toBe(newStatus)
    expect(registry.thing('dev-1') === undefined).toBe(answer !== 'ok')
  })

  it('gateway G103: a missing parameter, an unknown and a disabled template', () => {
    const { registry } = openFleet()
    const { certificateOwnershipToken: token } = createOwned(registry)
    const complete = (more: object): string =>
      code(
        registry.completeFleetRegistration({ ...registration(token), ...more }, new Map(), NOW_MS),
      )
    expect(complete({ parameters: new Map() })).toBe('InvalidRequestException')
    expect(complete({ templateName: 'none' })).toBe('InvalidRequestException')
    ok(registry.updateProvisioningTemplate({ templateName: 'fleet', enabled: false }, NOW_MS))
    expect(complete({})).toBe('InvalidRequestException')
    ok(registry.updateProvisioningTemplate({ templateName: 'fleet', enabled: true }, NOW_MS))
    expect(complete({})).toBe('ok') // a failure does not use the token up
  })

  it('gateway G107: a hook’s parameters are stronger than the device’s', () => {
    const { registry } = openFleet()
    const { certificateOwnershipToken: token } = createOwned(registry)
    const overrides = new Map([['Serial', 'hooked']])
    const done = registry.completeFleetRegistration(registration(token), overrides, NOW_MS)
    expect(ok(done).thingName).toBe('dev-hooked')
  })

  it('gateway G104: after an hour the token ends, and its certificate if never used', () => {
    const { registry } = openFleet()
    const unused = createOwned(registry)
    const used = createOwned(registry, NOW_MS + 1)
    const activated = createOwned(registry, NOW_MS + 2)
    const token = used.certificateOwnershipToken
    ok(registry.completeFleetRegistration(registration(token), new Map(), NOW_MS + 2))
    const { certificateId } = activated
    ok(registry.updateCertificate({ certificateId, newStatus: 'ACTIVE' }, NOW_MS))
    expect(registry.nextProvisioningExpiryMs()).toBe(NOW_MS + hourMs)
    registry.expireProvisioning(NOW_MS + hourMs - 1)
    expect(registry.certificate(unused.certificateId)).toBeDefined()
    registry.expireProvisioning(NOW_MS + hourMs + 2)
    expect(registry.certificate(unused.certificateId)).toBeUndefined()
    expect(registry.certificate(used.certificateId)).toBeDefined()
    expect(registry.certificate(certificateId)).toBeDefined()
    expect(registry.nextProvisioningExpiryMs()).toBeUndefined()
  })

  it('gateway G104, G106: what expires is detached from things and policies, and everybody is told', async () => {
    const { registry, changes } = openFleet()
    const keyPair = await createRsaKeyPair()
    const claimed = registry.createProvisioningClaim({ templateName: 'fleet' }, keyPair, NOW_MS)
    const ids = [createOwned(registry).certificateId, ok(claimed).certificateId]
    ok(registry.createThing({ thingName: 'T' }, NOW_MS))
    ok(registry.createPolicy({ policyName: 'P', policyDocument: '{}' }, NOW_MS))
    for (const id of ids) {
      const target = arn(`cert/${id}`)
      ok(registry.attachThingPrincipal({ thingName: 'T', principal: target }, NOW_MS))
      ok(registry.attachPolicy({ policyName: 'P', target }, NOW_MS))
    }
    changes.length = 0
    registry.expireProvisioning(NOW_MS + hourMs)
    for (const id of ids) {
      const target = arn(`cert/${id}`)
      expect(changes).toContainEqual({
        kind: 'thingPrincipal',
        thingName: 'T',
        principal: target,
        attached: false,
      })
      expect(registry.thingsOfPrincipal(target)).toEqual([])
    }
    expect(ok(registry.listThingPrincipals({ thingName: 'T' }, NOW_MS)).principals).toEqual([])
    expect(code(registry.deleteThing({ thingName: 'T' }, NOW_MS))).toBe('ok')
    expect(code(registry.deletePolicy({ policyName: 'P' }, NOW_MS))).toBe('ok')
  })

  it('gateway G104: provisioning the same thing with a new certificate succeeds', () => {
    const { registry } = openFleet()
    for (const expected of [1, 2]) {
      const { certificateOwnershipToken: token } = createOwned(registry)
      ok(registry.completeFleetRegistration(registration(token), new Map(), NOW_MS))
      const { principals } = ok(registry.listThingPrincipals({ thingName: 'dev-1' }, NOW_MS))
      expect(principals).toHaveLength(expected)
    }
  })

  it('tokens survive a restart', () => {
    const { registry, records } = openFleet()
    const { certificateOwnershipToken: token } = createOwned(registry)
    const again = openCertificateRegistry(records).registry
    expect(again.nextProvisioningExpiryMs()).toBe(NOW_MS + hourMs)
    expect(begin(again, token)).toBe('ok')
  })
})

describe('provisioning by a trusted user', () => {
  it('gateway G106: a claim lasts five minutes, is listed nowhere, serves its template alone', async () => {
    const { registry } = openFleet()
    const keyPair = await createRsaKeyPair()
    const made = registry.createProvisioningClaim({ templateName: 'fleet' }, keyPair, NOW_MS)
    const { certificateId = '', expiration, keyPair: answered } = ok(made)
    expect(expiration).toEqual(new Date(NOW_MS + 300_000))
    expect(answered?.PrivateKey).toBe(keyPair.privateKeyPem)
    expect(registry.certificate(certificateId)?.status).toBe('ACTIVE')
    expect(ok(registry.listCertificates({}, NOW_MS)).certificates).toEqual([])
    const { certificateOwnershipToken: token } = createOwned(registry, NOW_MS, certificateId)
    const other = { ...registration(token, certificateId), templateName: 'other' }
    expect(code(registry.beginFleetRegistration(other, NOW_MS))).toBe('AccessDenied')
    expect(begin(registry, token, certificateId)).toBe('ok')
    expect(registry.nextProvisioningExpiryMs()).toBe(NOW_MS + 300_000)
    registry.expireProvisioning(NOW_MS + 300_000)
    expect(registry.certificate(certificateId)).toBeUndefined()
  })

  it('gateway G105, G106: a claim carries the policy that suffices, and no other', async () => {
    const { registry } = openFleet()
    const keyPair = await createRsaKeyPair()
    const made = registry.createProvisioningClaim({ templateName: 'fleet' }, keyPair, NOW_MS)
    const target = arn(`cert/${ok(made).certificateId}`)
    const [policyName = ''] = registry.policiesOfTarget(target)
    const document = registry.defaultPolicyDocument(policyName) ?? ''
    expect(document).toContain('topic/$aws/provisioning-templates/fleet/provision/*')
    expect(document).toContain('topicfilter/$aws/certificates/create-from-csr/*')
    expect(ok(registry.listPolicies({}, NOW_MS)).policies).toEqual([])
    expect(code(registry.getPolicy({ policyName }, NOW_MS))).toBe('ResourceNotFoundException')
  })

  it('gateway G106: not for absent, disabled or just-in-time templates', async () => {
    const { registry } = openFleet()
    const keyPair = await createRsaKeyPair()
    const ask = (templateName: string): string =>
      code(registry.createProvisioningClaim({ templateName }, keyPair, NOW_MS))
    expect(ask('none')).toBe('ResourceNotFoundException')
    ok(registry.updateProvisioningTemplate({ templateName: 'fleet', enabled: false }, NOW_MS))
    expect(ask('fleet')).toBe('InvalidRequestException')
  })
})

describe('just in time', () => {
  it('gateway G96, G97: an unknown certificate of an enabled authority waits for activation', async () => {
    const { registry, changes } = openCertificateRegistry()
    const factory = await newFactory()
    const caCertificateId = registerFactory(registry, factory, { allowAutoRegistration: true })
    const certificatePem = factoryCertificate(factory, { commonName: 'd' })
    const certificateId = idOf(certificatePem)
    const event = {
      certificateId,
      caCertificateId,
      timestamp: NOW_MS,
      certificateStatus: 'PENDING_ACTIVATION',
      awsAccountId: '123456789012',
      sourceIp: '192.0.2.1',
      certificateRegistrationTimestamp: null,
    }
    expect(ok(registry.registerJustInTime(attempting(certificatePem), NOW_MS))).toEqual({ event })
    expect(registry.certificate(certificateId)).toMatchObject({
      status: 'PENDING_ACTIVATION',
      caCertificateId,
    })
    changes.length = 0
    const again = ok(registry.registerJustInTime(attempting(certificatePem), NOW_MS + 1))
    expect(again).toEqual({
      event: {
        ...event,
        timestamp: NOW_MS + 1,
        certificateRegistrationTimestamp: String(NOW_MS),
      },
    })
    expect(changes).toEqual([])
  })

  it('gateway G97: while pending, only as long as the authority registers by itself', async () => {
    const { registry } = openCertificateRegistry()
    const factory = await newFactory()
    const certificateId = registerFactory(registry, factory, { allowAutoRegistration: true })
    const certificatePem = factoryCertificate(factory, { commonName: 'd' })
    const attempt = (): string =>
      code(registry.registerJustInTime(attempting(certificatePem), NOW_MS))
    const update = (newAutoRegistrationStatus: 'ENABLE' | 'DISABLE'): void => {
      ok(registry.updateCACertificate({ certificateId, newAutoRegistrationStatus }, NOW_MS))
    }
    expect(attempt()).toBe('ok')
    update('DISABLE')
    expect(attempt()).toBe('DEVICE_CERTIFICATE_NOT_REGISTERED')
    expect(registry.certificate(idOf(certificatePem))?.status).toBe('PENDING_ACTIVATION')
    update('ENABLE')
    expect(attempt()).toBe('ok')
  })

  it('gateway G96: not without auto-registration, for an INACTIVE or unknown authority', async () => {
    const { registry } = openCertificateRegistry()
    const factory = await newFactory()
    const certificatePem = factoryCertificate(factory, { commonName: 'd' })
    const attempt = (): string =>
      code(registry.registerJustInTime(attempting(certificatePem), NOW_MS))
    expect(attempt()).toBe('DEVICE_CERTIFICATE_NOT_REGISTERED')
    const certificateId = registerFactory(registry, factory)
    expect(attempt()).toBe('DEVICE_CERTIFICATE_NOT_REGISTERED')
    const newAutoRegistrationStatus = 'ENABLE'
    ok(registry.updateCACertificate({ certificateId, newAutoRegistrationStatus }, NOW_MS))
    ok(registry.updateCACertificate({ certificateId, newStatus: 'INACTIVE' }, NOW_MS))
    expect(attempt()).toBe('DEVICE_CERTIFICATE_NOT_REGISTERED')
    ok(registry.updateCACertificate({ certificateId, newStatus: 'ACTIVE' }, NOW_MS))
    expect(attempt()).toBe('ok')
    ok(registry.updateCertificate({ certificateId: idOf(certificatePem), newStatus: 'REVOKED' }, 0))
    expect(attempt()).toBe('DEVICE_CERTIFICATE_NOT_REGISTERED')
  })

  it('gateway G96: without a host name in the handshake, for an authority in DEFAULT mode alone', async () => {
    const { registry } = openCertificateRegistry()
    const [proven, sniOnly] = [await newFactory('Proven'), await newFactory('SNI only')]
    registerFactory(registry, proven, { allowAutoRegistration: true })
    ok(
      registry.registerCACertificate(
        {
          caCertificate: sniOnly.certificatePem,
          certificateMode: 'SNI_ONLY',
          setAsActive: true,
          allowAutoRegistration: true,
        },
        NOW_MS,
      ),
    )
    const attempt = (factory: typeof proven, serverName: string | undefined): string => {
      const certificatePem = factoryCertificate(factory, { commonName: 'd' })
      return code(
        registry.registerJustInTime({ ...attempting(certificatePem), serverName }, NOW_MS),
      )
    }
    expect(attempt(proven, undefined)).toBe('ok')
    expect(attempt(sniOnly, undefined)).toBe('DEVICE_CERTIFICATE_NOT_REGISTERED')
    expect(attempt(sniOnly, 'localhost')).toBe('ok')
  })

  it('gateway G96: of namesakes, the authority that signed', async () => {
    const { registry } = openCertificateRegistry()
    const factory = await newFactory()
    registerFactory(registry, await newFactory(), { allowAutoRegistration: true })
    const expected = registerFactory(registry, factory, { allowAutoRegistration: true })
    const certificatePem = factoryCertificate(factory, { commonName: 'd' })
    const { event } = ok(registry.registerJustInTime(attempting(certificatePem), NOW_MS))
    expect(event.caCertificateId).toBe(expected)
  })

  const names = ['Country', 'Organization', 'OrganizationalUnit', 'StateName', 'CommonName']
  const jitpBody = JSON.stringify({
    Parameters: Object.fromEntries(
      [...names, 'DistinguishedNameQualifier', 'SerialNumber', 'Id'].map((name) => [
        `AWS::IoT::Certificate::${name}`,
        { Type: 'String' },
      ]),
    ),
    Resources: {
      thing: {
        Type: 'AWS::IoT::Thing',
        Properties: {
          ThingName: { Ref: 'AWS::IoT::Certificate::CommonName' },
          AttributePayload: {
            serial: { Ref: 'AWS::IoT::Certificate::SerialNumber' },
            place: {
              'Fn::Join': [
                '/',
                [
                  { Ref: 'AWS::IoT::Certificate::Country' },
                  { Ref: 'AWS::IoT::Certificate::StateName' },
                ],
              ],
            },
          },
        },
      },
      certificate: {
        Type: 'AWS::IoT::Certificate',
        Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' } },
      },
    },
  })

  it('gateway G99: the authority’s template gets the subject, and activates', async () => {
    const { registry } = openCertificateRegistry()
    const factory = await newFactory()
    registerFactory(registry, factory, {
      allowAutoRegistration: true,
      registrationConfig: { templateBody: jitpBody, roleArn: 'arn:aws:iam::123456789012:role/r' },
    })
    const certificatePem = factoryCertificate(factory, {
      commonName: 'dev-7',
      attributes: {
        Country: 'DE',
        State: 'Bavaria',
        Organization: 'o',
        OrganizationalUnit: 'u',
        DistinguishedNameQualifier: 'q',
        SerialNumber: '77',
      },
    })
    const done = ok(registry.registerJustInTime(attempting(certificatePem), NOW_MS))
    expect(done).not.toHaveProperty('provisioningFailure')
    expect(registry.certificate(idOf(certificatePem))?.status).toBe('ACTIVE')
    expect(registry.thing('dev-7')?.attributes).toEqual({ serial: '77', place: 'DE/Bavaria' })
  })

  it('gateway G99: a declared parameter that the subject lacks fails it; nothing is made', async () => {
    const { registry } = openCertificateRegistry()
    const factory = await newFactory()
    registerFactory(registry, factory, {
      allowAutoRegistration: true,
      registrationConfig: { templateBody: jitpBody, roleArn: 'arn:aws:iam::123456789012:role/r' },
    })
    const certificatePem = factoryCertificate(factory, { commonName: 'dev-8' })
    const done = ok(registry.registerJustInTime(attempting(certificatePem), NOW_MS))
    expect(done.provisioningFailure).toMatch(/AWS::IoT::Certificate::\w+ has no value/)
    expect(registry.certificate(idOf(certificatePem))?.status).toBe('PENDING_ACTIVATION')
    expect(registry.thing('dev-8')).toBeUndefined()
  })
})

describe('bulk registration', () => {
  const input = {
    templateBody: SMALLEST_TEMPLATE,
    inputFileBucket: 'bucket',
    inputFileKey: 'key',
    roleArn: 'arn:aws:iam::123456789012:role/r',
  }

  it('gateway G114: one task at a time, from InProgress to its end', () => {
    const { registry } = openCertificateRegistry()
    const { taskId = '' } = ok(registry.startThingRegistrationTask(input, NOW_MS))
    expect(code(registry.startThingRegistrationTask(input, NOW_MS))).toBe('InvalidRequestException')
    expect(ok(registry.describeThingRegistrationTask({ taskId }, NOW_MS))).toMatchObject({
      ...input,
      status: 'InProgress',
      successCount: 0,
      percentageProgress: 0,
    })
    ok(registry.stopThingRegistrationTask({ taskId }, NOW_MS))
    expect(registry.runningRegistrationTask()?.status).toBe('Cancelling')
    registry.reportRegistrationTask(taskId, { status: 'Cancelled' }, NOW_MS + 1)
    expect(code(registry.stopThingRegistrationTask({ taskId }, NOW_MS))).toBe(
      'InvalidRequestException',
    )
    ok(registry.startThingRegistrationTask(input, NOW_MS + 2))
    const listed = registry.listThingRegistrationTasks({ status: 'Cancelled' }, NOW_MS)
    expect(ok(listed).taskIds).toEqual([taskId])
    expect(ok(registry.listThingRegistrationTasks({}, NOW_MS)).taskIds).toHaveLength(2)
  })

  it('gateway G114: absent tasks are 404, bad templates 400', () => {
    const { registry } = openCertificateRegistry()
    const absent = { taskId: 'none' }
    expect(code(registry.describeThingRegistrationTask(absent, 0))).toBe(
      'ResourceNotFoundException',
    )
    expect(code(registry.stopThingRegistrationTask(absent, 0))).toBe('ResourceNotFoundException')
    const bad = registry.startThingRegistrationTask({ ...input, templateBody: '[]' }, NOW_MS)
    expect(code(bad)).toBe('InvalidRequestException')
  })
})

function openFleet(): ReturnType<typeof openCertificateRegistry> {
  const opened = openCertificateRegistry()
  ok(
    opened.registry.createProvisioningTemplate(
      {
        templateName: 'fleet',
        templateBody: fleetBody,
        provisioningRoleArn: 'arn:aws:iam::123456789012:role/r',
        enabled: true,
      },
      NOW_MS,
    ),
  )
  return opened
}

function createOwned(
  registry: Registry,
  nowMs = NOW_MS,
  owner = claim,
): { certificateId: string; certificateOwnershipToken: string } {
  return ok(registry.createOwnedCertificate({ certificateSigningRequest: newCsr() }, owner, nowMs))
}

function registration(
  certificateOwnershipToken: string,
  ownerCertificateId = claim,
): Parameters<Registry['beginFleetRegistration']>[0] {
  return {
    templateName: 'fleet',
    certificateOwnershipToken,
    parameters: new Map([['Serial', '1']]),
    ownerCertificateId,
  }
}

function begin(registry: Registry, token: string, owner = claim): string {
  return code(registry.beginFleetRegistration(registration(token, owner), NOW_MS))
}

/** A CONNECT of that certificate, with a host name in its handshake. */
function attempting(certificatePem: string): {
  certificatePem: string
  sourceIp: string
  serverName: string
} {
  return { certificatePem, sourceIp: '192.0.2.1', serverName: 'localhost' }
}
