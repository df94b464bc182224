/** The template language: a table of what parses, a table of what resolves, and random templates. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolveTemplate } from '../src/provisioning/resolve-template.ts'
import type { Json } from '../src/provisioning/json.ts'
import { TemplateEvaluation } from '../src/provisioning/template-function.ts'
import { shapeFault } from '../src/provisioning/template-shape.ts'
import { parseTemplate, type TemplateUse } from '../src/provisioning/template.ts'
import { code, ok } from './open-test-registry.ts'

const thing = (properties: object, more: object = {}): object => ({
  T: { Type: 'AWS::IoT::Thing', Properties: properties, ...more },
})
const certificate = (properties: object, more: object = {}): object => ({
  C: { Type: 'AWS::IoT::Certificate', Properties: properties, ...more },
})
const policy = (properties: object): object => ({
  P: { Type: 'AWS::IoT::Policy', Properties: properties },
})

describe('templates that do not parse', () => {
  type Row = readonly [name: string, body: unknown, message: RegExp, use?: TemplateUse]
  const rows: Row[] = [
    ['no JSON', '{', /^Template body is not valid JSON\.$/],
    ['no object', '[]', /JSON object/],
    ['no resources', {}, /no Resources/],
    ['resources that are a list', { Resources: [] }, /must be an object/],
    ['an unknown section', { Resources: {}, Outputs: {} }, /section Outputs/],
    ['too long a text', `{"Resources":{}${' '.repeat(10_240)}}`, /10240/],
    [
      'a parameter of another type',
      { Parameters: { a: { Type: 'Number' } }, Resources: {} },
      /a must/,
    ],
    [
      'a default that is no string',
      { Parameters: { a: { Type: 'String', Default: 1 } } },
      /Default/,
    ],
    ['mappings that are a list', { Mappings: [], Resources: {} }, /Mappings/],
    ['a resource without type', { Resources: { T: {} } }, /T must have Type/],
    ['an unknown type', { Resources: { T: { Type: 'AWS::IoT::Job' } } }, /T must have Type/],
    ['a thing without name', { Resources: thing({}) }, /needs ThingName/],
    [
      'an unknown property',
      { Resources: thing({ ThingName: 'a', Color: 'b' }) },
      /no property Color/,
    ],
    [
      'two things',
      { Resources: { ...thing({ ThingName: 'a' }), U: thing({ ThingName: 'b' }) } },
      /U must/,
    ],
    [
      'two certificates',
      {
        Resources: {
          A: { Type: 'AWS::IoT::Certificate', Properties: { CertificateId: 'x' } },
          B: { Type: 'AWS::IoT::Certificate', Properties: { CertificateId: 'x' } },
        },
      },
      /more than one/,
    ],
    [
      'a policy by neither',
      { Resources: policy({}) },
      /^Invalid registration template\. Neither policyName nor policyDocument is present in the Template\.$/,
    ],
    ['a policy by an empty name', { Resources: policy({ PolicyName: '' }) }, /Neither policyName/],
    ['a policy by null', { Resources: policy({ PolicyName: null }) }, /Neither policyName/],
    ['a policy by no text', { Resources: policy({ PolicyDocument: '' }) }, /Neither policyName/],
    [
      'a policy by both',
      { Resources: policy({ PolicyName: 'a', PolicyDocument: {} }) },
      /either PolicyName or PolicyDocument/,
    ],
    ['a certificate from nowhere', { Resources: certificate({}) }, /needs one of/],
    [
      'a certificate from two sources',
      { Resources: certificate({ CertificateId: 'a', CertificateSigningRequest: 'b' }) },
      /needs one of/,
    ],
    [
      'a CA without certificate',
      { Resources: certificate({ CertificateId: 'a', CACertificatePem: 'b' }) },
      /needs CertificatePem/,
    ],
    [
      'a request in a fleet template',
      { Resources: certificate({ CertificateSigningRequest: 'b' }) },
      /needs CertificateId and nothing else/,
      'FLEET_PROVISIONING',
    ],
    [
      'MERGE of a type',
      { Resources: thing({ ThingName: 'a' }, { OverrideSettings: { ThingTypeName: 'MERGE' } }) },
      /ThingTypeName cannot be MERGE/,
    ],
    [
      'an override of nothing',
      { Resources: thing({ ThingName: 'a' }, { OverrideSettings: { Color: 'FAIL' } }) },
      /Color cannot be FAIL/,
    ],
    [
      'an override that is no word',
      { Resources: thing({ ThingName: 'a' }, { OverrideSettings: { Color: { toString: 1 } } }) },
      /Color cannot be \{"toString":1\}/,
    ],
    [
      'an unknown function inside a policy',
      { Resources: policy({ PolicyDocument: { Statement: [{ Resource: { 'Fn::If': [] } }] } }) },
      /P: PolicyDocument: there is no function Fn::If/,
    ],
    [
      'an unknown function inside a function',
      { Resources: thing({ ThingName: { 'Fn::Join': ['', ['a', { 'Fn::GetAtt': 'b' }]] } }) },
      /there is no function Fn::GetAtt/,
    ],
    [
      'attributes within attributes',
      { Resources: thing({ ThingName: 'a', AttributePayload: { attributes: { a: '1' } } }) },
      /AttributePayload: attributes: an object stands/,
    ],
    [
      'a nested device configuration',
      { Resources: {}, DeviceConfiguration: { a: { b: 'c' } } },
      /DeviceConfiguration: a: an object stands/,
      'FLEET_PROVISIONING',
    ],
    [
      'a list in the device configuration',
      { Resources: {}, DeviceConfiguration: { a: ['b'] } },
      /DeviceConfiguration: a: a list stands/,
      'FLEET_PROVISIONING',
    ],
    ['a nest', { Resources: {}, Mappings: nest(80) }, /deeper than 64/],
  ]
  it.for<Row>(rows)('gateway G109: %s', ([, body, message, use]) => {
    const parsed = parseTemplate(
      typeof body === 'string' ? body : JSON.stringify(body),
      use ?? 'REGISTRATION',
    )
    expect(code(parsed)).toBe('InvalidRequestException')
    if (!parsed.ok) expect(parsed.error.message).toMatch(message)
  })
})

describe('functions', () => {
  const mappings = {
    Sites: { Berlin: { url: 'https://b.example', all: ['b1', 'b2'] }, Rome: { url: 'r' } },
  }
  type Row = readonly [name: string, node: unknown, expected: string | RegExp]
  const rows: Row[] = [
    ['a string', 'plain', 'plain'],
    ['a number', 7, '7'],
    ['a boolean', true, 'true'],
    ['Ref', { Ref: 'Serial' }, 'S1'],
    ['Ref to a default', { Ref: 'Site' }, 'Berlin'],
    ['Ref to nothing', { Ref: 'Nobody' }, /Nobody has no value/],
    ['Ref to Object.prototype', { Ref: 'constructor' }, /constructor has no value/],
    ['Ref to no name', { Ref: ['a'] }, /Ref takes/],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'Serial' }, 'b']] }, 'a-S1-b'],
    ['Fn::Join of nothing', { 'Fn::Join': ['-', []] }, ''],
    ['Fn::Join of Fn::Split', { 'Fn::Join': ['+', { 'Fn::Split': [',', 'x,y'] }] }, 'x+y'],
    ['Fn::Join with one argument', { 'Fn::Join': ['-'] }, /Fn::Join takes 2/],
    ['Fn::Join of null', { 'Fn::Join': ['-', null] }, /null stands where a list/],
    ['Fn::Join of an object', { 'Fn::Join': ['-', { a: 1 }] }, /object stands/],
    ['Fn::Select', { 'Fn::Select': ['1', ['a', 'b']] }, 'b'],
    ['Fn::Select by number', { 'Fn::Select': [0, ['a', 'b']] }, 'a'],
    ['Fn::Select past the end', { 'Fn::Select': ['2', ['a', 'b']] }, /no item 2/],
    ['Fn::Select by -1', { 'Fn::Select': ['-1', ['a']] }, /no item -1/],
    ['Fn::Select of Fn::Split', { 'Fn::Select': ['1', { 'Fn::Split': ['|', 'a|b'] }] }, 'b'],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Sites', { Ref: 'Site' }, 'url'] }, 'https://b.example'],
    ['Fn::FindInMap to nothing', { 'Fn::FindInMap': ['Sites', 'Oslo', 'url'] }, /Sites\/Oslo\/url/],
    ['Fn::FindInMap to a map', { 'Fn::FindInMap': ['Sites', 'Rome'] }, /takes 3/],
    ['Fn::FindInMap to a list', { 'Fn::FindInMap': ['Sites', 'Berlin', 'all'] }, /a list stands/],
    ['Fn::Split without delimiter', { 'Fn::Select': [0, { 'Fn::Split': ['', 'a'] }] }, /delimiter/],
    ['Fn::Split where a string belongs', { 'Fn::Split': [',', 'a,b'] }, /a list stands/],
    ['Fn::Sub', { 'Fn::Sub': 'dev/${Serial}/${ Site }' }, 'dev/S1/Berlin'],
    [
      'Fn::Sub with variables',
      { 'Fn::Sub': ['${x}-${Serial}', { x: { Ref: 'Site' } }] },
      'Berlin-S1',
    ],
    ['Fn::Sub of a literal', { 'Fn::Sub': '${!iot:ClientId}/${Serial}' }, '${iot:ClientId}/S1'],
    ['Fn::Sub of nothing', { 'Fn::Sub': '${Nobody}' }, /Nobody has no value/],
    ['Fn::Sub of a list', { 'Fn::Sub': ['a', {}, 'b'] }, /Fn::Sub takes/],
    ['an unknown function', { 'Fn::Base64': 'a' }, /T: ThingName: there is no function Fn::Base64/],
    ['two functions at once', { Ref: 'Serial', 'Fn::Sub': 'a' }, /Fn::Sub must be the only/],
    ['no function at all', { ref: 'Serial' }, /object stands/],
    ['null', null, /null stands where a string/],
  ]
  it.for<Row>(rows)('gateway G110: %s', ([, node, expected]) => {
    const resolved = resolve({
      Parameters: { Serial: { Type: 'String' }, Site: { Type: 'String', Default: 'Berlin' } },
      Mappings: mappings,
      Resources: thing({ ThingName: node }),
    })
    if (typeof expected === 'string') expect(ok(resolved).thing?.thingName).toBe(expected)
    else {
      expect(code(resolved)).toBe('InvalidRequestException')
      if (!resolved.ok) expect(resolved.error.message).toMatch(expected)
    }
  })

  it('a template cannot ask for any amount of text', () => {
    let node: unknown = 'xxxxxxxxxx'
    for (let level = 0; level < 20; level += 1) {
      node = { 'Fn::Sub': ['${a}${a}${a}${a}', { a: node }] }
    }
    const resolved = resolve({ Resources: thing({ ThingName: node }) })
    expect(code(resolved)).toBe('InvalidRequestException')
  })
})

describe('what a template asks for', () => {
  it('gateway G109: every property of every resource', () => {
    const resolved = resolve({
      Parameters: { Serial: { Type: 'String' } },
      Resources: {
        ...thing(
          {
            ThingName: 'n',
            AttributePayload: { version: 'v1', serial: { Ref: 'Serial' } },
            ThingTypeName: 'type',
            ThingGroups: ['g', { 'Fn::Sub': 'g-${Serial}' }],
            BillingGroup: 'b',
          },
          { OverrideSettings: { ATTRIBUTE_PAYLOAD: 'MERGE', ThingGroups: 'FAIL' } },
        ),
        ...certificate({
          CertificateSigningRequest: 'csr',
          Status: 'Inactive',
          ThingPrincipalType: 'EXCLUSIVE_THING',
        }),
        ...policy({ PolicyDocument: { Version: '2012-10-17', Resource: { Ref: 'Serial' } } }),
        Q: { Type: 'AWS::IoT::Policy', Properties: { PolicyName: 'named' } },
        R: { Type: 'AWS::IoT::Policy', Properties: { PolicyDocument: '{"x":"${iot:ClientId}"}' } },
      },
      DeviceConfiguration: { url: { 'Fn::Sub': 'https://${Serial}.example' } },
    })
    expect(ok(resolved)).toEqual({
      thing: {
        logicalName: 'T',
        thingName: 'n',
        thingTypeName: 'type',
        billingGroup: 'b',
        attributes: { version: 'v1', serial: 'S1' },
        thingGroups: ['g', 'g-S1'],
        overrides: new Map([
          ['AttributePayload', 'MERGE'],
          ['ThingGroups', 'FAIL'],
        ]),
      },
      certificate: {
        logicalName: 'C',
        certificateSigningRequest: 'csr',
        status: 'INACTIVE',
        thingPrincipalType: 'EXCLUSIVE_THING',
        overrides: new Map(),
      },
      policies: [
        { logicalName: 'P', policyDocument: '{"Version":"2012-10-17","Resource":"S1"}' },
        { logicalName: 'Q', policyName: 'named' },
        { logicalName: 'R', policyDocument: '{"x":"${iot:ClientId}"}' },
      ],
      deviceConfiguration: { url: 'https://S1.example' },
    })
  })

  it('gateway G109: a declared parameter needs a value or a default', () => {
    const body = { Parameters: { Need: { Type: 'String' } }, Resources: {} }
    expect(code(resolve(body))).toBe('InvalidRequestException')
  })

  it.each([
    ['Status', { Status: 'REVOKED' }],
    ['ThingPrincipalType', { ThingPrincipalType: 'SOME' }],
  ])('gateway G110: a bad %s is refused', (_name, properties) => {
    const body = { Resources: certificate({ CertificateId: 'x', ...properties }) }
    expect(code(resolve(body))).toBe('InvalidRequestException')
  })
})

describe('random templates', () => {
  const names = [
    'Ref',
    'Fn::Join',
    'Fn::Select',
    'Fn::FindInMap',
    'Fn::Split',
    'Fn::Sub',
    '__proto__',
  ]
  const node = fc.letrec<{ node: Json }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('Serial', '${Serial}', '${', '', '0', 'constructor'),
      fc.integer({ min: -2, max: 3 }),
      fc.constant(null),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names, 'a'), tie('node'), { maxKeys: 2 }),
    ),
  })).node

  it('gateway G110: any JSON as a template or inside one is an answer, never a throw', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), node, node, (body, one, two) => {
        expect(['ok', 'InvalidRequestException']).toContain(code(parseTemplate(body, 'JITP')))
        const resolved = resolve({
          Parameters: { Serial: { Type: 'String' } },
          Mappings: { a: { a: { a: one } } },
          Resources: {
            ...thing({ ThingName: one, AttributePayload: two, ThingGroups: one }),
            ...policy({ PolicyDocument: two }),
          },
          DeviceConfiguration: { x: one },
        })
        expect(['ok', 'InvalidRequestException']).toContain(code(resolved))
        if (resolved.ok) {
          const { deviceConfiguration, thing: wanted } = resolved.value
          expect(typeof wanted?.thingName).toBe('string')
          expect(Object.values(deviceConfiguration).every((v) => typeof v === 'string')).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('gateway G109, G110: nothing is refused beforehand that parameters could make right', () => {
    fc.assert(
      fc.property(node, node, fc.constantFrom('0', '1', ''), (property, mapped, serial) => {
        const scope = {
          reference: (name: string) => (name === 'Serial' ? serial : undefined),
          mappings: { '0': { '0': { '0': mapped } } },
        }
        const problemOf = (evaluate: (evaluation: TemplateEvaluation) => unknown): unknown => {
          const evaluation = new TemplateEvaluation(scope)
          evaluate(evaluation)
          return evaluation.problem
        }
        for (const [shape, problem] of [
          ['text', problemOf((evaluation) => evaluation.text(property))],
          ['list', problemOf((evaluation) => evaluation.list(property))],
          ['textMap', problemOf((evaluation) => evaluation.textMap(property))],
        ] as const) {
          if (problem === undefined) expect(shapeFault(property, shape)).toBeUndefined()
        }
      }),
      { numRuns: 20_000 },
    )
  })

  it('any member may stand where a section belongs', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('Parameters', 'Mappings', 'Resources', 'DeviceConfiguration'),
          fc.oneof(node, fc.dictionary(fc.string(), node)),
        ),
        (body) => {
          const parsed = parseTemplate(JSON.stringify(body), 'FLEET_PROVISIONING')
          if (parsed.ok) resolveTemplate(parsed.value, new Map())
        },
      ),
      { numRuns: 500 },
    )
  })
})

function resolve(body: object): ReturnType<typeof resolveTemplate> {
  const template = parseTemplate(JSON.stringify(body), 'REGISTRATION')
  if (!template.ok) return template
  return resolveTemplate(template.value, new Map([['Serial', 'S1']]))
}

function nest(depth: number): object {
  let nested: object = {}
  for (let level = 0; level < depth; level += 1) nested = { a: nested }
  return nested
}
