/**
 * Random policies, contexts and requests over a small world, so that they often meet.
 */
import fc from 'fast-check'

import type { PolicyContext } from '../../src/decide/policy-context.ts'
import type { Keys, ReferencePolicy, ReferenceStatement } from './reference-evaluator.ts'

/** Account of all requests. */
export const account = { region: 'us-east-1', accountId: '123456789012' }

const names = ['t1', 't2', 'ab', '+', 'é*']
const segments = ['a', 'ab', 't1', 't2', '$aws', 'things', 'jobs', 'é', '+', '#', '']

const topic = fc
  .array(fc.constantFrom(...segments), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('/'))

const actionNames = [
  'iot:Publish',
  'iot:Subscribe',
  'iot:Receive',
  'iot:RetainPublish',
  'iot:Connect',
  'iotjobsdata:UpdateJobExecution',
]

const actionEntry = fc.constantFrom(
  ...actionNames,
  'iot:*',
  'IOT:publish',
  'iot:?ublish',
  'iot:Re*',
  '*',
  'iot:Receieve',
)

const variable = fc.constantFrom(
  '${iot:ClientId}',
  '${iot:Connection.Thing.ThingName}',
  '${iot:connection.thing.attributes[Site]}',
  "${iot:Connection.Thing.ThingTypeName, 'ab'}",
  '${iot:Thing.ThingName}',
  '${iot:ConnectAttributes}',
  '${*}',
  '${$}',
  '${?}',
  '${',
)

const patternPiece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...segments) },
  { weight: 3, arbitrary: fc.constantFrom('*', '?', '**', 'a*', '*b', 't?') },
  { weight: 3, arbitrary: variable },
)

const pattern = fc
  .array(patternPiece, { minLength: 1, maxLength: 4 })
  .chain((parts) => fc.constantFrom(parts.join('/'), parts.join('')))

const prefix = fc.constantFrom('topic/', 'topicfilter/', 'client/', 'thing/', 'top*', '', '*/')
const header = fc.oneof(
  { weight: 8, arbitrary: fc.constant('arn:aws:iot:us-east-1:123456789012') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'arn:aws:iot:*:*',
      'arn:aws:iot:eu-*:123456789012',
      'arn:aws:iot:us-east-?:*12',
      'arn:aws:iot:${aws:Region}:123456789012',
      'arn:*:iot:us-east-1:',
    ),
  },
)

const resourceEntry = fc.oneof(
  {
    weight: 10,
    arbitrary: fc
      .tuple(header, prefix, pattern)
      .map(([start, type, text]) => `${start}:${type}${text}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('*', 'arn:*', 'arn:aws:iot', 'arn:aws:iot:us-east-1:*', '**'),
  },
)

const stringOperators = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
]
const stringKeys = [
  'iot:ClientId',
  'iot:Connection.Thing.ThingName',
  'iot:Connection.Thing.Attributes[site]',
  'iot:ConnectAttributes',
  'aws:TagKeys',
  'iot:Certificate.Subject.CommonName.List',
  'aws:Nothing',
]
const stringValue = fc.oneof(
  fc.constantFrom(...names, 'T1', 'LastWill', 'PersistentConnect', 't*', '*', '?1', ''),
  pattern,
)

type Condition = readonly [operator: string, key: string, values: readonly string[]]

function condition(
  operators: readonly string[],
  keys: readonly string[],
  value: fc.Arbitrary<string>,
): fc.Arbitrary<Condition> {
  const set = fc.constantFrom('', '', '', 'ForAllValues:', 'ForAnyValue:')
  const ifExists = fc.constantFrom('', '', 'IfExists')
  return fc
    .tuple(
      fc.tuple(set, fc.constantFrom(...operators), ifExists),
      fc.constantFrom(...keys),
      fc.array(value, { maxLength: 3 }),
    )
    .map(([parts, key, values]) => [parts.join(''), key, values] as const)
}

const orders = [
  'Equals',
  'NotEquals',
  'LessThan',
  'LessThanEquals',
  'GreaterThan',
  'GreaterThanEquals',
]

const anyCondition = fc.oneof(
  { weight: 5, arbitrary: condition(stringOperators, stringKeys, stringValue) },
  {
    weight: 1,
    arbitrary: condition(
      ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'],
      ['iot:LastWillTopic', 'iot:ClientId'],
      resourceEntry,
    ),
  },
  {
    weight: 1,
    arbitrary: condition(
      ['IpAddress', 'NotIpAddress'],
      ['aws:SourceIp'],
      fc.constantFrom(
        '192.0.2.0/24',
        '192.0.2.7',
        '0.0.0.0/0',
        '2001:db8::/32',
        '::/0',
        '10.0.0.0/8',
      ),
    ),
  },
  {
    weight: 1,
    arbitrary: condition(
      orders.map((order) => `Numeric${order}`),
      ['iot:Number'],
      fc.constantFrom('1', '2', '2.0', '10', '-1'),
    ),
  },
  {
    weight: 1,
    arbitrary: condition(
      orders.map((order) => `Date${order}`),
      ['aws:CurrentTime', 'aws:EpochTime'],
      fc.constantFrom(
        '2026-01-01T00:00:00Z',
        '2026-06-01',
        '1767225600',
        '2026-01-01T00:00:00.000Z',
      ),
    ),
  },
  {
    weight: 1,
    arbitrary: condition(
      ['Bool'],
      ['iot:Connection.Thing.IsAttached'],
      fc.constantFrom('true', 'false', 'TRUE'),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...stringKeys), fc.constantFrom('true', 'false'))
      .map(([key, value]) => ['Null', key, [value]] as const),
  },
)

function conditionBlock(
  conditions: readonly Condition[],
): NonNullable<ReferenceStatement['Condition']> {
  const block: Record<string, Record<string, readonly string[]>> = {}
  for (const [operator, key, values] of conditions) (block[operator] ??= {})[key] = values
  return block
}

const statement: fc.Arbitrary<ReferenceStatement> = fc
  .record({
    effect: fc.constantFrom('Allow' as const, 'Allow' as const, 'Deny' as const),
    not: fc.tuple(fc.nat(9), fc.nat(9)),
    actions: fc.array(actionEntry, { minLength: 1, maxLength: 3 }),
    resources: fc.array(resourceEntry, { minLength: 1, maxLength: 3 }),
    conditions: fc.oneof(
      { weight: 2, arbitrary: fc.constant([] as Condition[]) },
      { weight: 1, arbitrary: fc.array(anyCondition, { maxLength: 2 }) },
    ),
  })
  .map(({ effect, not, actions, resources, conditions }) => ({
    Effect: effect,
    ...(not[0] === 0 ? { NotAction: actions } : { Action: actions }),
    ...(not[1] === 0 ? { NotResource: resources } : { Resource: resources }),
    ...(conditions.length === 0 ? {} : { Condition: conditionBlock(conditions) }),
  }))

/** One policy. */
export const policy: fc.Arbitrary<ReferencePolicy> = fc
  .tuple(
    fc.constantFrom('2012-10-17', '2012-10-17', '2012-10-17', '2008-10-17'),
    fc.array(statement, { minLength: 1, maxLength: 4 }),
  )
  .map(([Version, Statement]) => ({ Version, Statement }))

/** A context and the keys that it should give. */
export interface Situation {
  readonly context: PolicyContext
  readonly keys: Keys
}

const nowMs = Date.UTC(2026, 0, 1)

/** Contexts with their keys written down independently of the package. */
export const situation: fc.Arbitrary<Situation> = fc
  .record({
    protocol: fc.constantFrom('mqtt' as const, 'mqtt' as const, 'https' as const),
    clientId: fc.option(fc.constantFrom(...names), { nil: undefined }),
    thingName: fc.option(fc.constantFrom(...names), { nil: undefined }),
    typeName: fc.option(fc.constantFrom('a', 't1'), { nil: undefined }),
    site: fc.option(fc.constantFrom('a', 'ab', 't1', ''), { nil: undefined }),
    sourceIp: fc.option(fc.constantFrom('192.0.2.7', '198.51.100.1', '2001:db8::1'), {
      nil: undefined,
    }),
    attributes: fc.subarray(['PersistentConnect', 'LastWill']),
    will: fc.option(topic, { nil: undefined }),
    tagKeys: fc.subarray(['t1', 'ab', 'T1']),
    number: fc.option(fc.constantFrom('1', '2', '3.5'), { nil: undefined }),
    commonNames: fc.subarray(['t1', 'ab', 't2']),
  })
  .map((facts) => ({ context: contextOf(facts), keys: keysOf(facts) }))

interface Facts {
  readonly protocol: 'mqtt' | 'https'
  readonly clientId: string | undefined
  readonly thingName: string | undefined
  readonly typeName: string | undefined
  readonly site: string | undefined
  readonly sourceIp: string | undefined
  readonly attributes: readonly string[]
  readonly will: string | undefined
  readonly tagKeys: readonly string[]
  readonly number: string | undefined
  readonly commonNames: readonly string[]
}

function contextOf(facts: Facts): PolicyContext {
  return {
    protocol: facts.protocol,
    clientId: facts.clientId,
    thing:
      facts.thingName === undefined
        ? undefined
        : {
            thingName: facts.thingName,
            thingTypeName: facts.typeName,
            attributes: facts.site === undefined ? {} : { site: facts.site },
          },
    certificate: {
      certificateId: 'c0ffee',
      attributes: () => ({ subject: { CommonName: facts.commonNames } }),
    },
    sourceIp: facts.sourceIp,
    connectAttributes: facts.attributes,
    lastWillTopic: facts.will,
    nowMs: () => nowMs,
    keys: {
      'aws:tagkeys': facts.tagKeys,
      ...(facts.number === undefined ? {} : { 'iot:number': facts.number }),
    },
  }
}

function keysOf(facts: Facts): Keys {
  const keys = new Map<string, string | readonly string[]>()
  const set = (key: string, value: string | readonly string[] | undefined): void => {
    if (value !== undefined && (typeof value === 'string' || value.length > 0)) keys.set(key, value)
  }
  if (facts.protocol === 'mqtt') {
    set('iot:clientid', facts.clientId)
    set('iot:connection.thing.isattached', facts.thingName === undefined ? 'false' : 'true')
    if (facts.thingName !== undefined) {
      set('iot:connection.thing.thingname', facts.thingName)
      set('iot:connection.thing.thingtypename', facts.typeName)
      set('iot:connection.thing.attributes[site]', facts.site)
    }
  }
  set('aws:sourceip', facts.sourceIp)
  set('iot:connectattributes', facts.attributes)
  const will =
    facts.will === undefined ? undefined : `arn:aws:iot:us-east-1:123456789012:topic/${facts.will}`
  set('iot:lastwilltopic', will)
  set('aws:tagkeys', facts.tagKeys)
  set('iot:number', facts.number)
  set('iot:certificate.subject.commonname.list', facts.commonNames)
  set('aws:currenttime', new Date(nowMs).toISOString())
  set('aws:epochtime', String(nowMs / 1000))
  return keys
}

/** An action on a resource; `topic` is set when the resource is a topic or filter of the account. */
export interface RandomRequest {
  readonly action: string
  readonly resource: string
  readonly topic: string | undefined
}

const topicActions = ['iot:Publish', 'iot:Receive', 'iot:RetainPublish'] as const

/** Requests, most of them about topics. */
export const request: fc.Arbitrary<RandomRequest> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(...topicActions), topic)
      .map(([action, name]) => ({ action, resource: ownArn('topic', name), topic: name })),
  },
  {
    weight: 3,
    arbitrary: topic.map((name) => ({
      action: 'iot:Subscribe',
      resource: ownArn('topicfilter', name),
      topic: name,
    })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...actionNames),
        fc.constantFrom(
          '*',
          'arn:aws:iot:eu-west-1:123456789012:topic/a',
          'arn:aws:iot:us-east-1:999999999912:topic/a/t1',
          ownArn('client', 't1'),
          ownArn('client', 'é*'),
          ownArn('thing', 't1'),
          ownArn('thing', 't1/a'),
        ),
      )
      .map(([action, resource]) => ({ action, resource, topic: undefined })),
  },
)

function ownArn(type: string, name: string): string {
  return `arn:aws:iot:us-east-1:123456789012:${type}/${name}`
}
