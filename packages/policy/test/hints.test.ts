/** Where hints begin and end: what looks like a mistake of authz section 14 and is none gets no hint. */
import { describe, expect, it } from 'vitest'
import type { PolicyContext } from '../src/decide/policy-context.ts'
import { arn, evaluator } from './statement.ts'

function hints(
  statements: object | readonly object[],
  action: string,
  resource: string,
  context: Partial<PolicyContext> = {},
): readonly string[] {
  return evaluator(statements, context).explain(action, arn(resource)).hints
}

const allow = (action: string, resource: string, more: object = {}): object => ({
  Effect: 'Allow',
  Action: action,
  Resource: arn(resource),
  ...more,
})

describe('authz section 14: a misspelt action', () => {
  it.for([
    ['iot:Receiv', true],
    ['iot:Recei', true],
    ['iot:Rece', false],
    ['iot:Publish', false],
  ] as const)('%s beside iot:Receive: %s', ([written, isHinted]) => {
    const found = hints(allow(written, 'topic/a'), 'iot:Receive', 'topic/a')
    expect(found.includes(`\`${written}\` is no action; was iot:Receive meant?`)).toBe(isHinted)
  })

  it('is looked for in what allows only', () => {
    const deny = { ...allow('iot:Receiv', 'topic/a'), Effect: 'Deny' }
    expect(hints(deny, 'iot:Receive', 'topic/a').join()).not.toContain('is no action')
  })
})

describe('authz E5: * matches /', () => {
  it.for([
    ['topic/a/b', false],
    ['topic/a/b/c', true],
  ] as const)('a Deny of topic/a/* crosses levels at %s: %s', ([resource, isHinted]) => {
    const statements = [
      allow('iot:Publish', 'topic/*'),
      { ...allow('iot:Publish', 'topic/a/*'), Effect: 'Deny' },
    ]
    const found = hints(statements, 'iot:Publish', resource).join()
    expect(found.includes('also matches /')).toBe(isHinted)
    expect(found).toContain('an explicit Deny wins over every Allow: change statement 1')
  })
})

describe('authz E5: + and # are text in a policy', () => {
  it.for([
    ['topic/a/+', 'topic/a/b', true],
    ['topic/a/+', 'topic/a/b/c', false],
    ['topic/a/+/c', 'topic/a/b/c', true],
    ['topic/a/+/d', 'topic/a/b/c', false],
    ['topic/a/#', 'topic/a/b/c', true],
    ['topic/b/#', 'topic/a/b/c', false],
    ['topic/a/+/*', 'topic/a/b/c/d', true],
  ] as const)('%s was to match %s: %s', ([written, asked, isHinted]) => {
    const found = hints(allow('iot:Publish', written), 'iot:Publish', asked).join()
    expect(found.includes('+ and # are literal text')).toBe(isHinted)
  })
})

describe('authz E6: a filter is compared as text', () => {
  it.for([
    ['topicfilter/a/b', 'topicfilter/a/+', true],
    ['topicfilter/a/b/c', 'topicfilter/a/+', false],
    ['topicfilter/a/b/c', 'topicfilter/a/#', true],
    ['topicfilter/a/b', 'topicfilter/a/c', false],
  ] as const)('%s is inside of %s: %s', ([written, asked, isHinted]) => {
    const found = hints(allow('iot:Subscribe', written), 'iot:Subscribe', asked).join()
    expect(found.includes('is compared as text and is wider')).toBe(isHinted)
  })
})

describe('authz E8: another region or account', () => {
  it.for([
    ['arn:aws:iot:us-east-1:123456789012:client/t1', 'client/t2', false],
    ['arn:aws:iot:eu-west-1:123456789012:client/t1', 'client/t2', false],
    ['arn:aws:iot:us-east-1:999999999999:client/t1', 'client/t1', true],
    ['arn:aws:iot:*:999999999999:client/t1', 'client/t1', false],
  ] as const)('%s for %s: %s', ([Resource, asked, isHinted]) => {
    const statement = { Effect: 'Allow', Action: 'iot:Connect', Resource }
    const found = hints(statement, 'iot:Connect', asked).join()
    expect(found.includes('names another region or account')).toBe(isHinted)
  })
})

it('authz F4: over HTTPS no client ID is advised for a thing policy variable', () => {
  const statement = allow('iot:Publish', 'topic/${iot:Connection.Thing.ThingName}')
  const over = (protocol: 'mqtt' | 'https'): string =>
    hints(statement, 'iot:Publish', 'topic/t1', { protocol, attachedThingNames: ['t1'] }).join()
  expect(over('mqtt')).toContain("connect with a thing's name as client ID")
  expect(over('https')).toContain('is undefined')
  expect(over('https')).not.toContain('client ID,')
  expect(over('https')).not.toContain("connect with a thing's name")
})
