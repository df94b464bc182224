/**
 * The parser on anything at all: it answers, it agrees with JSON.parse on what JSON is, and what it
 * accepts compiles and decides.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { compilePolicy } from '../src/compile/compiled-policy.ts'
import { bindEvaluator } from '../src/decide/evaluator.ts'
import { readJson, type JsonNode } from '../src/parse/json-source.ts'
import { parsePolicy } from '../src/parse/parse-policy.ts'
import { policy } from './oracle/arbitrary-policy.ts'

const account = { region: 'us-east-1', accountId: '123456789012' }

function plain(node: JsonNode): unknown {
  switch (node.type) {
    case 'object':
      return Object.fromEntries(node.members.map(({ name, value }) => [name, plain(value)]))
    case 'array':
      return node.items.map(plain)
    case 'null':
      return null
    default:
      return node.value
  }
}

function jsonParse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

/** Accepted documents must go all the way; refused ones must say why. */
function check(text: string): void {
  const parsed = parsePolicy(text, 'iam')
  if (parsed.ok) {
    const policies = [{ policyName: 'x', compiled: compilePolicy(parsed.value) }]
    const evaluator = bindEvaluator(policies, { protocol: 'mqtt', clientId: 'c' }, account)
    expect(['allow', 'implicitDeny', 'explicitDeny']).toContain(
      evaluator.decide('iot:Publish', 'arn:aws:iot:us-east-1:123456789012:topic/a'),
    )
  } else {
    expect(parsed.error.code).toBe('MalformedPolicyException')
    expect(parsed.error.message.length).toBeGreaterThan(30)
  }
}

/** One edit at a random place. */
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat(3),
  insert: fc.oneof(
    fc.constantFrom(
      '',
      '{',
      '}',
      '[',
      ']',
      '"',
      ',',
      ':',
      '\\',
      'null',
      '0',
      ' ',
      '\u0000',
      '${',
      '*',
    ),
    fc.string({ maxLength: 3, unit: 'binary' }),
  ),
})

const mutated = fc
  .tuple(policy, fc.array(edit, { minLength: 1, maxLength: 4 }))
  .map(([document, edits]) =>
    edits.reduce((text, { at, remove, insert }) => {
      const start = Math.floor(at * text.length)
      return text.slice(0, start) + insert + text.slice(start + remove)
    }, JSON.stringify(document)),
  )

describe('readJson', () => {
  it('accepts what JSON.parse accepts, but for a member named twice, and reads the same', () => {
    fc.assert(
      fc.property(fc.oneof(mutated, fc.json(), fc.string({ unit: 'binary' })), (text) => {
        const expected = jsonParse(text)
        const read = readJson(text)
        if ('root' in read) expect({ value: plain(read.root) }).toEqual(expected)
        else if (expected !== undefined) expect(read.fault.message).toMatch(/twice|nested deeper/)
      }),
      { numRuns: 10_000 },
    )
  })

  it('bounds nesting instead of running out of stack', () => {
    expect(readJson('['.repeat(1_000_000))).toHaveProperty('fault.message')
  })
})

describe('parsePolicy', () => {
  it('answers any text with a document or a refusal', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), check), { numRuns: 2000 })
  })

  it('answers any JSON value', () => {
    fc.assert(fc.property(fc.json(), check), { numRuns: 2000 })
  })

  it('answers any damaged document', () => {
    fc.assert(fc.property(mutated, check), { numRuns: 8000 })
  })

  it('answers documents with anything in place of a member', () => {
    const member = fc.constantFrom(
      'Version',
      'Statement',
      'Effect',
      'Action',
      'Resource',
      'Condition',
    )
    fc.assert(
      fc.property(policy, member, fc.jsonValue(), (document, name, value) => {
        const statements = document.Statement.map((statement) => ({ ...statement, [name]: value }))
        check(JSON.stringify({ ...document, Statement: statements }))
        check(JSON.stringify({ ...document, [name]: value }))
      }),
      { numRuns: 3000 },
    )
  })

  it('authz B5: whitespace never decides whether a document is accepted', () => {
    fc.assert(
      fc.property(policy, (document) => {
        const compact = parsePolicy(JSON.stringify(document), 'iot')
        const pretty = parsePolicy(JSON.stringify(document, undefined, 10), 'iot')
        expect(pretty.ok).toBe(compact.ok)
      }),
    )
  })
})
