/** RegisterThing: what a template makes, what overrides change, and that it is all or nothing. */
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
} from './open-certificate-registry.ts'
import { arn, code, ok } from './open-test-registry.ts'

const allow = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}
const body = (resources: object): string =>
  JSON.stringify({
    Parameters: { Name: { Type: 'String', Default: 'T' }, CSR: { Type: 'String', Default: '' } },
    Resources: resources,
  })
const thing = (properties: object = {}, overrides: object = {}): object => ({
  Type: 'AWS::IoT::Thing',
  Properties: { ThingName: { Ref: 'Name' }, ...properties },
  OverrideSettings: overrides,
})
const csrCertificate = {
  Type: 'AWS::IoT::Certificate',
  Properties: { CertificateSigningRequest: { Ref: 'CSR' } },
}
const inlinePolicy = { Type: 'AWS::IoT::Policy', Properties: { PolicyDocument: allow } }

function register(registry: Registry, resources: object, parameters = {}): string {
  const templateBody = body(resources)
  return code(registry.registerThing({ templateBody, parameters }, NOW_MS))
}

describe('RegisterThing', () => {
  it('gateway G113: makes thing, certificate and policy, and joins them', () => {
    const { registry } = openCertificateRegistry()
    const done = ok(
      registry.registerThing(
        {
          templateBody: body({ t: thing(), c: csrCertificate, p: inlinePolicy }),
          parameters: { Name: 'dev-1', CSR: newCsr() },
        },
        NOW_MS,
      ),
    )
    const certificateId = idOf(done.certificatePem ?? '')
    const principal = arn(`cert/${certificateId}`)
    const policyName = registry.policiesOfTarget(principal)[0] ?? ''
    expect(policyName).toMatch(/^[0-9a-f]{40}$/)
    expect(done.resourceArns).toEqual({
      t: arn('thing/dev-1'),
      c: principal,
      p: arn(`policy/${policyName}`),
    })
    expect(registry.certificate(certificateId)?.status).toBe('ACTIVE')
    expect(registry.thingsOfPrincipal(principal)).toEqual([
      { thingName: 'dev-1', exclusive: false },
    ])
    expect(registry.defaultPolicyDocument(policyName)).toBe(JSON.stringify(allow))
  })

  it('gateway G109: an unnamed policy is named by its content and used again', () => {
    const { registry } = openCertificateRegistry()
    for (const Name of ['a', 'b']) {
      const resources = { t: thing(), c: csrCertificate, p: inlinePolicy }
      expect(register(registry, resources, { Name, CSR: newCsr() })).toBe('ok')
    }
    expect(ok(registry.listPolicies({}, NOW_MS)).policies).toHaveLength(1)
  })

  it('gateway G109: types, groups and named policies must be there before', () => {
    const { registry } = openCertificateRegistry()
    const failure = 'ResourceRegistrationFailureException'
    const named = { Type: 'AWS::IoT::Policy', Properties: { PolicyName: 'P' } }
    expect(register(registry, { t: thing({ ThingTypeName: 'Y' }) })).toBe(failure)
    expect(register(registry, { t: thing({ ThingGroups: ['G'] }) })).toBe(failure)
    expect(register(registry, { t: thing({ BillingGroup: 'B' }) })).toBe(failure)
    expect(register(registry, { p: named })).toBe(failure)
    ok(registry.createThingType({ thingTypeName: 'Y' }, NOW_MS))
    ok(registry.createThingGroup({ thingGroupName: 'G' }, NOW_MS))
    ok(registry.createPolicy({ policyName: 'P', policyDocument: '{}' }, NOW_MS))
    const all = {
      t: thing({ ThingTypeName: 'Y', ThingGroups: ['G'] }),
      p: named,
      c: csrCertificate,
    }
    expect(register(registry, all, { CSR: newCsr() })).toBe('ok')
    expect([...registry.thingsInGroup('G')]).toEqual(['T'])
    expect(registry.thing('T')?.thingTypeName).toBe('Y')
  })

  it('gateway G113: a failure late in the template leaves nothing and tells nobody', () => {
    const { registry, changes, records } = openCertificateRegistry()
    const before = JSON.stringify([...records.kinds].map(([kind, rows]) => [kind, [...rows]]))
    const resources = { p: inlinePolicy, c: csrCertificate, t: thing({ ThingGroups: ['none'] }) }
    const parameters = { CSR: newCsr() }
    const failed = registry.registerThing({ templateBody: body(resources), parameters }, NOW_MS)
    expect(failed).toMatchObject({
      error: {
        code: 'ResourceRegistrationFailureException',
        message: expect.stringContaining('none') as string,
      },
    })
    expect(registry.thing('T')).toBeUndefined()
    expect(ok(registry.listCertificates({}, NOW_MS)).certificates).toEqual([])
    expect(ok(registry.listPolicies({}, NOW_MS)).policies).toEqual([])
    expect(changes).toEqual([])
    const rows = [...records.kinds].filter(([, kept]) => kept.size > 0)
    expect(JSON.stringify(rows.map(([kind, kept]) => [kind, [...kept]]))).toBe(before)
  })

  it('gateway G112: device configuration must be a flat map of strings, and is not answered', () => {
    const { registry } = openCertificateRegistry()
    const bodyWith = (DeviceConfiguration: object): string =>
      JSON.stringify({ Resources: { t: { ...thing({ ThingName: 'n' }) } }, DeviceConfiguration })
    const nested = { templateBody: bodyWith({ a: { b: 'c' } }) }
    expect(code(registry.registerThing(nested, NOW_MS))).toBe('InvalidRequestException')
    const flat = { templateBody: bodyWith({ a: 'b' }) }
    expect(Object.keys(ok(registry.registerThing(flat, NOW_MS)))).toEqual(['resourceArns'])
  })

  it('gateway G113: what is no template is InvalidRequestException', () => {
    const { registry } = openCertificateRegistry()
    const asked = registry.registerThing({ templateBody: 'no template' }, NOW_MS)
    expect(code(asked)).toBe('InvalidRequestException')
  })

  it('gateway G109: certificates by id, by PEM with its authority, and registered already', async () => {
    const { registry } = openCertificateRegistry()
    const factory = await newFactory()
    registerFactory(registry, factory)
    const certificatePem = factoryCertificate(factory, { commonName: 'd' })
    const CertificateId = idOf(certificatePem)
    const byId = { Type: 'AWS::IoT::Certificate', Properties: { CertificateId } }
    expect(register(registry, { c: byId })).toBe('ResourceRegistrationFailureException')
    const byPem = {
      Type: 'AWS::IoT::Certificate',
      Properties: { CertificatePem: certificatePem, CACertificatePem: factory.certificatePem },
    }
    expect(register(registry, { c: byPem })).toBe('ok')
    expect(register(registry, { c: byPem })).toBe('ok')
    expect(register(registry, { t: thing(), c: byId })).toBe('ok')
    expect(registry.certificate(CertificateId)?.status).toBe('ACTIVE')
    const { certificatePem: answered } = ok(
      registry.registerThing({ templateBody: body({ c: byId }) }, NOW_MS),
    )
    expect(answered).toBe(certificatePem)
  })

  it('gateway G109: ThingPrincipalType attaches exclusively', () => {
    const { registry } = openCertificateRegistry()
    const exclusive = {
      ...csrCertificate,
      Properties: { ...csrCertificate.Properties, ThingPrincipalType: 'EXCLUSIVE_THING' },
    }
    const templateBody = body({ t: thing(), c: exclusive })
    const parameters = { CSR: newCsr() }
    const { resourceArns } = ok(registry.registerThing({ templateBody, parameters }, NOW_MS))
    expect(registry.thingsOfPrincipal(resourceArns?.['c'] ?? '')).toEqual([
      { thingName: 'T', exclusive: true },
    ])
  })
})

describe('overrides of an existing thing', () => {
  // Override of attributes and of groups, attributes and groups afterwards.
  const table: readonly (readonly [object, object, readonly string[]])[] = [
    [{}, { a: '1', b: '1' }, ['G1']],
    [{ AttributePayload: 'DO_NOTHING', ThingGroups: 'DO_NOTHING' }, { a: '1', b: '1' }, ['G1']],
    [{ AttributePayload: 'REPLACE', ThingGroups: 'REPLACE' }, { a: '2', c: '2' }, ['G2']],
    [{ AttributePayload: 'MERGE' }, { a: '2', b: '1', c: '2' }, ['G1']],
    [{ ThingGroups: 'MERGE' }, { a: '1', b: '1' }, ['G1', 'G2']],
    [{ THING_GROUPS: 'MERGE', ATTRIBUTE_PAYLOAD: 'REPLACE' }, { a: '2', c: '2' }, ['G1', 'G2']],
  ]
  it.each(table)('gateway G111, A20: %j', (overrides, attributes, groups) => {
    const { registry } = existingThing()
    const wanted = { AttributePayload: { a: '2', c: '2' }, ThingGroups: ['G2'] }
    expect(register(registry, { t: thing(wanted, overrides) })).toBe('ok')
    expect(registry.thing('T')?.attributes).toEqual(attributes)
    expect([...registry.staticGroupsOfThing('T')].sort()).toEqual(groups)
  })

  it('gateway G111: ThingTypeName is replaced when asked', () => {
    const { registry } = existingThing()
    ok(registry.createThingType({ thingTypeName: 'Y' }, NOW_MS))
    expect(register(registry, { t: thing({ ThingTypeName: 'Y' }) })).toBe('ok')
    expect(registry.thing('T')?.thingTypeName).toBeUndefined()
    const replace = { ThingTypeName: 'REPLACE' }
    expect(register(registry, { t: thing({ ThingTypeName: 'Y' }, replace) })).toBe('ok')
    expect(registry.thing('T')?.thingTypeName).toBe('Y')
  })

  it.each(['AttributePayload', 'ThingTypeName', 'ThingGroups'])(
    'gateway G111: FAIL of %s rejects an existing thing and makes a new one',
    (name) => {
      const { registry } = existingThing()
      const resources = { t: thing({}, { [name]: 'FAIL' }) }
      const templateBody = body(resources)
      expect(registry.registerThing({ templateBody }, NOW_MS)).toMatchObject({
        error: { message: expect.stringMatching(/^ResourceConflictsException/) as string },
      })
      expect(register(registry, resources, { Name: 'new' })).toBe('ok')
    },
  )

  it('gateway G111 (J): without overrides the thing is untouched and still gains the certificate', () => {
    const { registry } = existingThing()
    const version = registry.thing('T')?.version
    const resources = { t: thing({ AttributePayload: { z: '9' } }), c: csrCertificate }
    expect(register(registry, resources, { CSR: newCsr() })).toBe('ok')
    expect(registry.thing('T')?.version).toBe(version)
    expect(ok(registry.listThingPrincipals({ thingName: 'T' }, NOW_MS)).principals).toHaveLength(1)
  })
})

describe('overrides of an existing certificate', () => {
  it.each([
    [undefined, 'ok', 'INACTIVE'],
    ['DO_NOTHING', 'ok', 'INACTIVE'],
    ['REPLACE', 'ok', 'ACTIVE'],
    ['FAIL', 'ResourceRegistrationFailureException', 'INACTIVE'],
  ])('gateway G111: Status %s: %s', (override, answer, status) => {
    const { registry } = openCertificateRegistry()
    const input = { certificateSigningRequest: newCsr() }
    const { certificateId = '' } = ok(registry.createCertificateFromCsr(input, NOW_MS))
    const resource = {
      Type: 'AWS::IoT::Certificate',
      Properties: { CertificateId: certificateId, Status: 'Active' },
      OverrideSettings: override === undefined ? {} : { Status: override },
    }
    expect(register(registry, { c: resource })).toBe(answer)
    expect(registry.certificate(certificateId)?.status).toBe(status)
  })

  it.each([undefined, 'DO_NOTHING', 'REPLACE', 'FAIL'])(
    'gateway G111, A9: a REVOKED certificate serves nobody, Status %s or not',
    (override) => {
      const { registry } = openCertificateRegistry()
      const input = { certificateSigningRequest: newCsr() }
      const { certificateId = '' } = ok(registry.createCertificateFromCsr(input, NOW_MS))
      ok(registry.updateCertificate({ certificateId, newStatus: 'REVOKED' }, NOW_MS))
      const resource = {
        Type: 'AWS::IoT::Certificate',
        Properties: { CertificateId: certificateId },
        OverrideSettings: override === undefined ? {} : { Status: override },
      }
      const refused = 'ResourceRegistrationFailureException'
      expect(register(registry, { t: thing(), c: resource })).toBe(refused)
      expect(registry.certificate(certificateId)?.status).toBe('REVOKED')
      expect(registry.thing('T')).toBeUndefined()
    },
  )
})

function existingThing(): { registry: Registry } {
  const { registry } = openCertificateRegistry()
  for (const thingGroupName of ['G1', 'G2'])
    ok(registry.createThingGroup({ thingGroupName }, NOW_MS))
  const attributePayload = { attributes: { a: '1', b: '1' } }
  ok(registry.createThing({ thingName: 'T', attributePayload }, NOW_MS))
  ok(registry.addThingToThingGroup({ thingName: 'T', thingGroupName: 'G1' }, NOW_MS))
  return { registry }
}
