/**
 * What makes a document malformed, and what the refusal says about it.
 */
import { describe, expect, it } from 'vitest'

import { parsePolicy, policyFault } from '../src/parse/parse-policy.ts'

const arn = 'arn:aws:iot:us-east-1:123456789012:topic/a'
const statement = { Effect: 'Allow', Action: 'iot:Publish', Resource: arn }

function fault(document: unknown): string {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  const parsed = parsePolicy(text, 'iot')
  if (parsed.ok) return 'accepted'
  expect(parsed.error.code).toBe('MalformedPolicyException')
  expect(parsed.error.message).toMatch(/^Policy document is Malformed: /)
  return parsed.error.message
}

const doc = (one: object, rest: object = {}): object => ({
  Version: '2012-10-17',
  Statement: [{ ...statement, ...one }],
  ...rest,
})

describe('accepted', () => {
  it.for([
    ['authz B1: one statement without a list', { Version: '2012-10-17', Statement: statement }],
    [
      'authz B1: a list of statements',
      { Version: '2012-10-17', Statement: [statement, statement] },
    ],
    ['authz X25: no version', { Statement: [statement] }],
    ['authz X25: the old version', { Version: '2008-10-17', Statement: [statement] }],
    ['authz X5: an unknown action', doc({ Action: 'iot:Receieve' })],
    ['authz X7: NotAction', doc({ Action: undefined, NotAction: ['iot:Connect'] })],
    ['authz B2: NotResource', doc({ Resource: undefined, NotResource: arn })],
    ['authz B8: greengrass actions', doc({ Action: 'greengrass:Discover' })],
    ['authz B10: boolean condition values', doc({ Condition: { Bool: { 'a:b': true } } })],
    ['authz B10: numbers in conditions', doc({ Condition: { NumericEquals: { 'a:b': [1, 2] } } })],
    ['an empty list of condition values', doc({ Condition: { StringEquals: { 'a:b': [] } } })],
    ['set operators', doc({ Condition: { 'ForAllValues:StringLikeIfExists': { 'a:b': '*' } } })],
    ['an Id', doc({}, { Id: 'x' })],
    ['authz B7: wildcards in actions', doc({ Action: ['iot:*', 'iot:?onnect', '*'] })],
    ['authz X9: a short ARN', doc({ Resource: 'arn:aws:iot:us-east-1:*' })],
  ] as const)('%s', ([, document]) => {
    expect(fault(document)).toBe('accepted')
  })
})

describe('malformed', () => {
  it.for([
    [
      'authz B3: not JSON',
      'file://policy.json',
      'line 1 column 1 (position 0): expected a JSON value',
    ],
    [
      'authz B3: a trailing comma',
      '{"Statement":[],}',
      'expected a member name in double quotes, found `}`',
    ],
    [
      'authz B3: a missing comma',
      '{"Version":"2012-10-17"\n "Statement":[]}',
      'line 2 column 2 (position 25): expected `,`',
    ],
    ['nothing at all', '', 'the document is empty'],
    ['text after the document', '{} {}', 'expected the end of the document'],
    [
      'a member twice',
      '{"Version":"2012-10-17","Version":"2008-10-17"}',
      '`Version` stands here twice',
    ],
    ['no object', '[]', 'the document must be an object, found array'],
    ['an unknown version', { ...doc({}), Version: '2013-01-01' }, '`Version` must be "2012-10-17"'],
    ['no statement', { Version: '2012-10-17' }, 'no `Statement`'],
    [
      'an empty list of statements',
      { Version: '2012-10-17', Statement: [] },
      '`Statement` is empty',
    ],
    ['authz B3: no effect', doc({ Effect: undefined }), 'Statement[0] has no `Effect`'],
    ['another effect', doc({ Effect: 'allow' }), 'Statement[0].Effect must be "Allow" or "Deny"'],
    ['no action', doc({ Action: undefined }), 'neither `Action` nor `NotAction`'],
    ['both actions', doc({ NotAction: 'iot:Connect' }), 'both `Action` and `NotAction`'],
    ['no resource', doc({ Resource: undefined }), 'neither `Resource` nor `NotResource`'],
    ['an empty list of actions', doc({ Action: [] }), 'Statement[0].Action is empty'],
    ['an action without prefix', doc({ Action: 'Publish' }), 'found "Publish"'],
    [
      'authz B4: a resource that is no ARN',
      doc({ Resource: 'topic/a' }),
      'The following resources are invalid : topic/a',
    ],
    [
      'a resource that is no text',
      doc({ Resource: 7 }),
      'Statement[0].Resource must be a string, found number',
    ],
    ['authz X7: a principal', doc({ Principal: '*' }), '`Principal` never stands in a policy'],
    ['an unknown member', doc({ Bool: {} }), 'Statement[0]: unknown member `Bool`'],
    ['an unknown member of the document', doc({}, { statement: [] }), 'unknown member `statement`'],
    [
      'an unknown operator',
      doc({ Condition: { StringIs: {} } }),
      'no condition operator `StringIs`',
    ],
    [
      'an operator that no other takes',
      doc({ Condition: { NullIfExists: {} } }),
      'no condition operator',
    ],
    ['a condition that is no object', doc({ Condition: [] }), 'Condition must be an object'],
    [
      'a condition value that is no scalar',
      doc({ Condition: { Bool: { 'a:b': null } } }),
      'found null',
    ],
    [
      'one Sid twice',
      {
        Statement: [
          { ...statement, Sid: 'a' },
          { ...statement, Sid: 'a' },
        ],
      },
      'Statement[1] repeats the Sid "a"',
    ],
  ] as const)('%s', ([, document, message]) => {
    expect(fault(document)).toContain(message)
  })

  it('says where the fault stands', () => {
    const text = JSON.stringify(doc({ Effect: 'Perhaps' }), undefined, 2)
    expect(fault(text)).toContain('at line 5 column 17')
  })

  it('authz B5, X6: more than 2,048 characters, whitespace not counted', () => {
    const long = (length: number): string => {
      const text = JSON.stringify(doc({ Sid: '' }), undefined, 8)
      const size = text.replaceAll(/\s/g, '').length
      return text.replace('"Sid": ""', `"Sid": "${'x'.repeat(length - size)}"`)
    }
    expect(fault(long(2048))).toBe('accepted')
    expect(fault(long(2049))).toContain('2049 characters, not counting whitespace')
    expect(parsePolicy(long(2049), 'iam').ok).toBe(true)
  })

  it('policyFault tells the same', () => {
    expect(policyFault(JSON.stringify(doc({})))).toBeUndefined()
    expect(policyFault('{')).toBe(fault('{'))
  })
})
