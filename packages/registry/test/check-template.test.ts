/** Templates that are stored: what no parameters could make right is refused before any device fails. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../src/provisioning/json.ts'
import {
  certainParts,
  expressionFault,
  literalOf,
} from '../src/provisioning/template-expression.ts'
import { TemplateEvaluation } from '../src/provisioning/template-function.ts'
import {
  newFactory,
  NOW_MS,
  openCertificateRegistry,
  registerFactory,
} from './open-certificate-registry.ts'
import { code } from './open-test-registry.ts'

const ID = { Ref: 'AWS::IoT::Certificate::Id' }
const certificate = { Type: 'AWS::IoT::Certificate', Properties: { CertificateId: ID } }
const thing = (properties: object): object => ({
  thing: { Type: 'AWS::IoT::Thing', Properties: { ThingName: { Ref: 'Name' }, ...properties } },
})
const policy = (properties: object): object => ({
  policy: { Type: 'AWS::IoT::Policy', Properties: properties },
})
const withCertificate = (properties: object): object => ({
  certificate: {
    Type: 'AWS::IoT::Certificate',
    Properties: { CertificateId: ID, ...properties },
  },
})

/** A template with a certificate, two parameters and these resources. */
function body(resources: object, more: object = {}): string {
  return JSON.stringify({
    Parameters: { Name: { Type: 'String' }, Site: { Type: 'String', Default: '' } },
    Mappings: { Sites: { Berlin: { group: 'berlin' } } },
    Resources: { certificate, ...resources },
    ...more,
  })
}

/** What CreateProvisioningTemplate says of it; undefined: it is stored. */
function said(templateBody: string, type: 'FLEET_PROVISIONING' | 'JITP'): string | undefined {
  const { registry } = openCertificateRegistry()
  const provisioningRoleArn = 'arn:aws:iam::123456789012:role/provisioning'
  const input = { templateName: 'T', templateBody, provisioningRoleArn, type }
  const created = registry.createProvisioningTemplate(input, NOW_MS)
  if (created.ok) return undefined
  expect(created.error.code).toBe('InvalidRequestException')
  return created.error.message
}

describe('what no parameters could make right', () => {
  const noPolicy =
    /^Invalid registration template\. Neither policyName nor policyDocument is present in the Template\.$/
  type Row = readonly [name: string, resources: object, message: RegExp, more?: object]
  const rows: Row[] = [
    ['an empty policy name', policy({ PolicyName: '' }), noPolicy],
    ['a null policy name', policy({ PolicyName: null }), noPolicy],
    ['a policy name joined of nothing', policy({ PolicyName: { 'Fn::Join': ['', []] } }), noPolicy],
    ['a policy by nothing', policy({}), noPolicy],
    ['an empty policy document', policy({ PolicyDocument: '' }), noPolicy],
    ['a name that no policy has', policy({ PolicyName: 'a b' }), /policy: PolicyName must be/],
    ['a document that is none', policy({ PolicyDocument: 'none' }), /PolicyDocument: not JSON/],
    ['an empty thing name', thing({ ThingName: '' }), /thing: ThingName must be/],
    ['a thing name with a blank', thing({ ThingName: 'a b' }), /ThingName must be/],
    ['a long thing name', thing({ ThingName: 'x'.repeat(129) }), /ThingName must be/],
    [
      'a thing name joined with a blank',
      thing({ ThingName: { 'Fn::Join': [' ', [{ Ref: 'Name' }, 'x']] } }),
      /ThingName must be/,
    ],
    [
      'a thing name substituted into a path',
      thing({ ThingName: { 'Fn::Sub': 'line/${Name}' } }),
      /ThingName must be/,
    ],
    ['a type that cannot be', thing({ ThingTypeName: 'a b' }), /ThingTypeName must be/],
    ['a group that cannot be', thing({ ThingGroups: ['ok', ''] }), /ThingGroups must be/],
    ['a billing group that cannot be', thing({ BillingGroup: '' }), /BillingGroup must be/],
    ['an attribute name', thing({ AttributePayload: { 'a b': '1' } }), /attribute a b/],
    ['an attribute value', thing({ AttributePayload: { a: 'ä' } }), /attribute a as/],
    ['a status', withCertificate({ Status: 'ON' }), /Status must be ACTIVE or INACTIVE/],
    ['a kind', withCertificate({ ThingPrincipalType: 'ONE' }), /ThingPrincipalType must be/],
    ['a certificate of its own', withCertificate({ CertificateId: 'a'.repeat(64) }), /must refer/],
    ['no such parameter', thing({ ThingTypeName: { Ref: 'Typo' } }), /no parameter Typo/],
    [
      'no such parameter in a text',
      thing({ ThingName: { 'Fn::Sub': 'a-${Typo}' } }),
      /no parameter Typo/,
    ],
    [
      'no such parameter in a document',
      policy({ PolicyDocument: { Statement: { Resource: { 'Fn::Sub': '${Typo}' } } } }),
      /no parameter Typo/,
    ],
    [
      'a parameter that first connections alone have',
      thing({ ThingName: { Ref: 'AWS::IoT::Certificate::CommonName' } }),
      /no parameter AWS::IoT::Certificate::CommonName/,
    ],
    [
      'an item beyond the list',
      thing({ ThingName: { 'Fn::Select': ['2', [{ Ref: 'Name' }, 'b']] } }),
      /no item 2/,
    ],
    [
      'a key that no mapping has',
      thing({ ThingName: { 'Fn::FindInMap': ['Sites', 'Paris', { Ref: 'Name' }] } }),
      /no value at Sites\/Paris/,
    ],
    [
      'nothing to split by',
      thing({ ThingGroups: { 'Fn::Split': ['', { Ref: 'Name' }] } }),
      /needs a delimiter/,
    ],
    [
      'no such parameter in the device configuration',
      {},
      /DeviceConfiguration: there is no parameter Typo/,
      { DeviceConfiguration: { url: { Ref: 'Typo' } } },
    ],
  ]
  it.for<Row>(rows)('gateway G109, G110: %s', ([, resources, message, more]) => {
    expect(said(body(resources, more), 'FLEET_PROVISIONING')).toMatch(message)
  })

  it('gateway G99, G109: a parameter that no first connection brings', () => {
    const jitp = (name: string, more: object = {}): string | undefined =>
      said(
        JSON.stringify({
          Parameters: { [name]: { Type: 'String', ...more } },
          Resources: { certificate },
        }),
        'JITP',
      )
    expect(jitp('Serial')).toMatch(/parameter Serial can have no value/)
    expect(jitp('Serial', { Default: 'none' })).toBeUndefined()
    expect(jitp('AWS::IoT::Certificate::SerialNumber')).toBeUndefined()
  })

  it('gateway G91, G109: nor does an authority take one', async () => {
    const { registry } = openCertificateRegistry()
    const certificateId = registerFactory(registry, await newFactory())
    const roleArn = 'arn:aws:iam::123456789012:role/r'
    const update = (resources: object): ReturnType<typeof registry.updateCACertificate> => {
      const templateBody = JSON.stringify({ Resources: { certificate, ...resources } })
      const registrationConfig = { templateBody, roleArn }
      return registry.updateCACertificate({ certificateId, registrationConfig }, NOW_MS)
    }
    expect(update(policy({ PolicyName: '' }))).toMatchObject({
      error: { code: 'InvalidRequestException', message: expect.stringMatching(noPolicy) },
    })
    expect(code(update(policy({ PolicyName: 'P' })))).toBe('ok')
  })
})

describe('what some parameters could make right', () => {
  it.each([
    ['names by reference', thing({ ThingGroups: [{ Ref: 'Site' }, 'g'], BillingGroup: 'b' })],
    ['a prefix', thing({ ThingName: { 'Fn::Join': ['-', ['line', { Ref: 'Name' }]] } })],
    ['a place in a list', thing({ ThingName: { 'Fn::Select': [{ Ref: 'Site' }, ['a', 'b']] } })],
    [
      'a mapping',
      thing({ ThingGroups: [{ 'Fn::FindInMap': ['Sites', { Ref: 'Site' }, 'group'] }] }),
    ],
    ['attributes', thing({ AttributePayload: { a: { Ref: 'Site' }, Ref: 'b', c: 3 } })],
    ['a status in any case', withCertificate({ Status: 'Active' })],
    ['a policy', policy({ PolicyName: { Ref: 'Site' } })],
    ['a document', policy({ PolicyDocument: { Statement: [] } })],
    ['a document with a reference', policy({ PolicyDocument: { Sid: { Ref: 'Name' } } })],
  ])('gateway G109, G110: %s', (_name, resources) => {
    expect(said(body(resources), 'FLEET_PROVISIONING')).toBeUndefined()
  })

  it('gateway G109, G110: no expression that some parameters resolve has a fault', () => {
    const { node } = fc.letrec<{ node: Json }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<Json>('', '0', 'a', { Ref: 'P' }, { Ref: 'Q' }, { 'Fn::Sub': 'x${P}' }),
        fc
          .tuple(fc.constantFrom('', ','), fc.array(tie('node'), { maxLength: 3 }))
          .map((argument): Json => ({ 'Fn::Join': argument })),
        fc
          .tuple(tie('node'), fc.array(tie('node'), { maxLength: 3 }))
          .map((argument): Json => ({ 'Fn::Select': argument })),
        fc.tuple(tie('node'), tie('node')).map((argument): Json => ({ 'Fn::Split': argument })),
        fc
          .tuple(tie('node'), tie('node'), tie('node'))
          .map((argument): Json => ({ 'Fn::FindInMap': argument })),
      ),
    }))
    const declared = {
      parameters: new Map<string, string | undefined>([['P', undefined]]),
      mappings: { '0': { '0': { a: 'found' } } },
      use: 'REGISTRATION',
    } as const
    fc.assert(
      fc.property(node, fc.constantFrom('', '0', 'a', 'b,c'), (expression, p) => {
        const evaluation = new TemplateEvaluation({
          reference: (name) => (name === 'P' ? p : undefined),
          mappings: declared.mappings,
        })
        const value = evaluation.value(expression)
        if (evaluation.problem !== undefined) return
        expect(expressionFault(expression, declared)).toBeUndefined()
        const literal = literalOf(expression, declared)
        if (literal !== undefined) expect(literal).toEqual(value)
        for (const part of certainParts(expression, declared)) expect(String(value)).toContain(part)
      }),
      { numRuns: 20_000 },
    )
  })
})
