/**
 * Standard properties on policies that people have: what is proved, and the request that shows what is
 * not.
 */
import { describe, expect, it } from 'vitest'

import { compilePolicy } from '../src/compile/compiled-policy.ts'
import { parsePolicy } from '../src/parse/parse-policy.ts'
import { parseProperty, type Property } from '../src/prove/property.ts'
import { provePolicies } from '../src/prove/prove-policies.ts'
import type { Proof, ProvenPolicy } from '../src/prove/prove-property.ts'
import type { KnownDevice } from '../src/prove/device-case.ts'
import { standardProperties, standardProperty } from '../src/prove/standard-properties.ts'
import { decideVectors } from '../src/vectors/decide-vectors.ts'
import { arn } from './statement.ts'

const thing = '${iot:Connection.Thing.ThingName}'
const client = '${iot:ClientId}'

type Condition = Readonly<Record<string, Readonly<Record<string, unknown>>>>

function allow(
  action: string | readonly string[],
  resource: string | readonly string[],
  condition?: Condition,
): object {
  const resources = (typeof resource === 'string' ? [resource] : resource).map((text) =>
    text === '*' || text.startsWith('arn:') ? text : arn(text),
  )
  return {
    Effect: 'Allow',
    Action: action,
    Resource: resources,
    ...(condition === undefined ? {} : { Condition: condition }),
  }
}

const deny = (action: string, resource: string, condition?: Condition): object => ({
  ...allow(action, resource, condition),
  Effect: 'Deny',
})

function policy(statements: object | readonly object[], ofGroup = false): ProvenPolicy {
  const document = { Version: '2012-10-17', Statement: statements }
  const parsed = parsePolicy(JSON.stringify(document), 'iot')
  if (!parsed.ok) throw new Error(parsed.error.message)
  return { policyName: 'test', compiled: compilePolicy(parsed.value), document, ofGroup }
}

function property(name: string): Property {
  const found = standardProperty(name)
  if (found === undefined) throw new Error(name)
  return found
}

function written(json: object): Property {
  const parsed = parseProperty(json)
  if (!parsed.ok) throw new Error(parsed.error)
  return parsed.value
}

function prove(
  statements: object | readonly object[],
  wanted: Property,
  known?: KnownDevice,
): Proof {
  return provePolicies({ policies: [policy(statements)], property: wanted, known })
}

/** Answers by property, with the last request of a counterexample. */
function answers(statements: object | readonly object[]): Record<string, string> {
  return Object.fromEntries(
    standardProperties.map((wanted) => {
      const proof = prove(statements, wanted)
      if (proof.answer === 'counterexample') {
        const decided = [...decideVectors([proof.vector])].map(({ decision }) => decision)
        expect(decided).toEqual(proof.vector.requests.map((request) => request.expect))
      }
      return [wanted.name, proof.answer]
    }),
  )
}

const connectOwn = allow('iot:Connect', `client/${thing}`)
const jobCalls = [
  'iotjobsdata:DescribeJobExecution',
  'iotjobsdata:GetPendingJobExecutions',
  'iotjobsdata:StartNextPendingJobExecution',
  'iotjobsdata:UpdateJobExecution',
]
const everythingSafe = {
  'no-foreign-jobs': 'proved',
  'no-foreign-job-calls': 'proved',
  'no-foreign-client-id': 'proved',
  'no-cross-thing-wildcards': 'proved',
  'no-foreign-subscriptions': 'proved',
  'no-foreign-shadows': 'proved',
}

describe('standard properties', () => {
  it('all hold for the policy of a device, but for certificates named after other things', () => {
    const statements = [
      connectOwn,
      allow(['iot:Publish', 'iot:Receive'], `topic/$aws/things/${thing}/jobs/*`),
      allow('iot:Subscribe', `topicfilter/$aws/things/${thing}/jobs/*`),
      allow(jobCalls, 'thing/${iot:Certificate.Subject.CommonName}'),
    ]
    expect(answers(statements)).toEqual({
      ...everythingSafe,
      'no-foreign-job-calls': 'counterexample',
      'complete-own-jobs-mqtt': 'proved',
      'complete-own-jobs-https': 'proved',
      'complete-own-jobs': 'proved',
    })
    const given = { 'iot:certificate.subject.commonname': '{own}' }
    const named = { ...property('no-foreign-job-calls'), given }
    expect(prove(statements, named)).toEqual({ answer: 'proved' })
  })

  it("AWS's MQTT example of the jobs data plane cannot subscribe to anything", () => {
    const mqtt = allow(
      ['iot:Publish', 'iot:Subscribe'],
      [
        'topic/$aws/events/job/*',
        'topic/$aws/events/jobExecution/*',
        'topic/$aws/things/MyIoTThing/jobs/*',
      ],
    )
    const receive = allow('iot:Receieve', 'topic/$aws/things/MyIoTThing/jobs/*')
    const silent = written({
      name: 'cannot-subscribe',
      says: 'cannot subscribe to anything',
      never: { action: 'iot:Subscribe', resource: 'topicfilter/*' },
    })
    const connects = allow('iot:Connect', 'client/MyIoTThing')
    expect(prove([mqtt, receive, connects], silent)).toEqual({ answer: 'proved' })
    const fixed = [allow('iot:Subscribe', 'topicfilter/$aws/things/MyIoTThing/jobs/*'), connects]
    expect(prove(fixed, silent).answer).toBe('counterexample')
    const known = { thingName: 'MyIoTThing' }
    expect(prove([mqtt, receive, connects], property('no-foreign-jobs'), known).answer).toBe(
      'proved',
    )
    const complete = prove([mqtt, receive, connects], property('complete-own-jobs-mqtt'), known)
    expect(complete).toMatchObject({ answer: 'counterexample', expected: 'refused' })
  })

  it("AWS's HTTPS example serves its thing and no other", () => {
    const https = allow(jobCalls, 'thing/MyIoTThing')
    const known = { thingName: 'MyIoTThing' }
    expect(prove(https, property('complete-own-jobs-https'), known).answer).toBe('proved')
    expect(prove(https, property('no-foreign-job-calls'), known).answer).toBe('proved')
    // On any other device's certificate it is another thing's.
    expect(prove(https, property('no-foreign-job-calls')).answer).toBe('counterexample')
    expect(prove(https, property('no-foreign-jobs')).answer).toBe('proved')
  })

  it.for([
    `topic/$aws/things/${thing}/*`,
    `topic/$aws/things/${thing}/j*`,
    `topic/$aws/things/${thing}/*/update`,
  ])('no-foreign-jobs is proved of a star behind the own name: %s', (resource) => {
    const granted = [connectOwn, allow('iot:Publish', resource)]
    expect(prove(granted, property('no-foreign-jobs'))).toEqual({ answer: 'proved' })
  })

  it('the policy of the guide on denials keeps what it is extended from', () => {
    const guide = [
      connectOwn,
      allow(
        ['iot:Publish', 'iot:Receive'],
        [`topic/$aws/things/${thing}/jobs/*`, `topic/${thing}/temperature`],
      ),
      allow('iot:Subscribe', `topicfilter/$aws/things/${thing}/jobs/*`),
    ]
    expect(answers(guide)).toMatchObject(everythingSafe)
    expect(prove(guide, property('complete-own-jobs-mqtt'))).toEqual({ answer: 'proved' })
  })
})

describe('faulty policies', () => {
  const jobs = (name: string): string => `topic/$aws/things/${name}/jobs/*`
  const faulty: readonly (readonly [string, string, readonly object[]])[] = [
    ['everything', 'no-foreign-jobs', [allow('*', '*')]],
    ['any thing', 'no-foreign-jobs', [connectOwn, allow('iot:Publish', jobs('*'))]],
    [
      'a star after the variable',
      'no-foreign-jobs',
      [connectOwn, allow('iot:Publish', jobs(`${thing}*`))],
    ],
    [
      'a star before the variable',
      'no-foreign-jobs',
      [connectOwn, allow('iot:Publish', jobs(`*${thing}`))],
    ],
    ['a question mark', 'no-foreign-jobs', [connectOwn, allow('iot:Publish', jobs(`${thing}?`))]],
    ['a family of names', 'no-foreign-jobs', [connectOwn, allow('iot:Publish', jobs('lamp-*'))]],
    ['a name of its own', 'no-foreign-jobs', [connectOwn, allow('iot:Publish', jobs('lamp-1'))]],
    [
      'any client ID',
      'no-foreign-jobs',
      [allow('iot:Connect', 'client/*'), allow('iot:Publish', jobs(client))],
    ],
    [
      'a client ID with levels',
      'no-foreign-jobs',
      [allow('iot:Connect', 'client/*'), allow('iot:Publish', `topic/${client}/update`)],
    ],
    [
      'an attribute for a name',
      'no-foreign-jobs',
      [connectOwn, allow('iot:Publish', jobs('${iot:Connection.Thing.Attributes[peer]}'))],
    ],
    [
      'a default of a variable',
      'no-foreign-jobs',
      [connectOwn, allow('iot:Publish', jobs("${iot:Connection.Thing.ThingTypeName, 'hub'}"))],
    ],
    [
      'NotResource',
      'no-foreign-jobs',
      [connectOwn, { Effect: 'Allow', Action: 'iot:Publish', NotResource: arn('topic/private/*') }],
    ],
    [
      'NotAction',
      'no-foreign-jobs',
      [connectOwn, { Effect: 'Allow', NotAction: 'iot:Subscribe', Resource: '*' }],
    ],
    [
      'a Deny whose variable has no value',
      'no-foreign-jobs',
      [allow('*', '*'), deny('iot:Publish', jobs('${iot:Thing.ThingName}'))],
    ],
    [
      'a Deny that misses a case',
      'no-foreign-jobs',
      [allow('*', '*'), deny('iot:Publish', 'topic/$aws/things/lamp*')],
    ],
    [
      'a condition that anybody meets',
      'no-foreign-jobs',
      [
        connectOwn,
        allow('iot:Publish', jobs('*'), { StringNotEquals: { 'iot:ClientId': 'admin' } }),
      ],
    ],
    [
      'ForAllValues without a value',
      'no-foreign-jobs',
      [
        connectOwn,
        allow('iot:Publish', jobs('*'), { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['x'] } }),
      ],
    ],
    [
      'an address range',
      'no-foreign-jobs',
      [
        connectOwn,
        allow('iot:Publish', jobs('*'), { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }),
      ],
    ],
    [
      'a single-level wildcard',
      'no-cross-thing-wildcards',
      [connectOwn, allow('iot:Subscribe', 'topicfilter/$aws/things/+/jobs/notify')],
    ],
    [
      'all filters below the things',
      'no-cross-thing-wildcards',
      [connectOwn, allow('iot:Subscribe', 'topicfilter/$aws/*')],
    ],
    [
      'a shared subscription',
      'no-cross-thing-wildcards',
      [connectOwn, allow('iot:Subscribe', 'topicfilter/$share/*')],
    ],
    [
      "a shared subscription of another thing's topics",
      'no-foreign-subscriptions',
      [connectOwn, allow('iot:Subscribe', 'topicfilter/$share/all/$aws/things/lamp-1/jobs/notify')],
    ],
    [
      'thirty names between stars',
      'no-cross-thing-wildcards',
      [connectOwn, allow('iot:Subscribe', `topicfilter/${`*${thing}`.repeat(30)}`)],
    ],
    [
      'a window of time',
      'no-foreign-jobs',
      [
        connectOwn,
        allow('iot:Publish', jobs('*'), {
          DateGreaterThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' },
          DateLessThan: { 'aws:CurrentTime': '2026-01-01T00:00:00.002Z' },
        }),
      ],
    ],
    [
      'a client ID that anybody chooses',
      'no-foreign-client-id',
      [allow('iot:Connect', `client/${client}`)],
    ],
  ]

  it.for(faulty)('%s: contradicts %s', ([, name, statements]) => {
    const proof = prove(statements, property(name))
    expect(proof.answer).toBe('counterexample')
    if (proof.answer !== 'counterexample') return
    const decided = [...decideVectors(proof.vector)].map(({ decision }) => decision)
    expect(decided).toEqual(decided.map(() => 'allow'))
  })

  it.for([
    [
      'the client ID must be the thing',
      [
        allow('iot:Connect', 'client/*', { StringEquals: { 'iot:ClientId': thing } }),
        allow('iot:Publish', jobs(client)),
      ],
    ],
    [
      'two ranges that do not meet',
      [
        allow('iot:Connect', 'client/*', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }),
        allow('iot:Publish', jobs('*'), { IpAddress: { 'aws:SourceIp': '11.0.0.0/8' } }),
        deny('iot:Publish', 'topic/*', { Bool: { 'iot:Connection.Thing.IsAttached': 'false' } }),
        deny('iot:Publish', 'topic/*', { Null: { 'iot:ClientId': 'true' } }),
      ],
    ],
    [
      'a Deny of all but its own',
      [allow('*', '*'), { Effect: 'Deny', Action: 'iot:Publish', NotResource: arn(jobs(thing)) }],
    ],
    [
      'two spans of time that do not meet',
      [
        connectOwn,
        allow('iot:Publish', jobs('*'), {
          DateLessThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' },
          DateGreaterThan: { 'aws:CurrentTime': '2026-01-02T00:00:00' },
        }),
      ],
    ],
    ['a typo that grants nothing', [connectOwn, allow('iot:Publish', 'topic/$aws/thing/*')]],
    [
      'nobody can connect',
      [allow('iot:Publish', jobs('*'), { StringLike: { 'iot:ClientId': '*' } })],
    ],
  ] as const)('no-foreign-jobs is proved where %s', ([, statements]) => {
    expect(prove([...statements], property('no-foreign-jobs'))).toEqual({ answer: 'proved' })
  })
})

describe('keys that are hardly ever missing', () => {
  it('are taken as missing too: a context without an address is let through by IfExists', () => {
    const open = allow('*', '*', { IpAddressIfExists: { 'aws:SourceIp': [] } })
    const never = written({
      name: 'quiet',
      never: { action: 'iot:Publish', resource: 'topic/a', devices: 'httpsUnattached' },
    })
    expect(prove(open, never)).toMatchObject({
      answer: 'counterexample',
      device: 'httpsUnattached',
    })
  })
})

describe('several policies', () => {
  it("a group's Deny protects the clients that it reaches, and shows the one that escapes", () => {
    const policies = [
      policy([allow('iot:Connect', 'client/*'), allow('iot:Publish', 'topic/*')]),
      policy([deny('iot:Publish', 'topic/$aws/*')], true),
    ]
    const proof = provePolicies({ policies, property: property('no-foreign-jobs') })
    expect(proof).toMatchObject({ answer: 'counterexample', device: 'otherClientId' })
    const only = {
      ...written({
        name: 'x',
        never: { action: 'iot:Publish', resource: 'topic/$aws/*', devices: 'attached' },
      }),
    }
    expect(provePolicies({ policies, property: only })).toEqual({ answer: 'proved' })
  })

  it("authz E3: a group's Deny reaches an exclusive device whose client ID is its thing's name", () => {
    const others = written({
      name: 'over-mqtt',
      never: {
        action: 'iot:Publish',
        resource: 'topic/$aws/things/{thing}/jobs/*',
        except: 'topic/$aws/things/{own}/jobs/*',
        devices: ['attached', 'otherClientId', 'exclusive', 'unattached'],
      },
    })
    const all = allow('iot:Publish', 'topic/$aws/things/*')
    const group = policy(
      { Effect: 'Deny', Action: 'iot:Publish', NotResource: arn(`topic/$aws/things/${thing}/*`) },
      true,
    )
    const answerFor = (connects: object): Proof =>
      provePolicies({ policies: [policy([connects, all]), group], property: others })
    expect(answerFor(connectOwn)).toEqual({ answer: 'proved' })
    const escaped = answerFor(allow('iot:Connect', 'client/*'))
    expect(escaped.answer).toBe('counterexample')
    if (escaped.answer !== 'counterexample') return
    expect(escaped.vector.context.clientId).not.toBe(escaped.vector.context.thingName)
  })

  it('every account that the policies name is looked at', () => {
    const elsewhere = 'arn:aws:iot:eu-west-1:999999999999:'
    const statements = [
      connectOwn,
      allow('iot:Publish', `topic/$aws/things/${thing}/jobs/*`),
      allow('iot:Connect', `${elsewhere}client/${thing}`),
      allow('iot:Publish', `${elsewhere}topic/$aws/things/*`),
    ]
    const proof = prove(statements, property('no-foreign-jobs'))
    expect(proof).toMatchObject({ answer: 'counterexample' })
    if (proof.answer === 'counterexample') {
      expect(proof.vector.requests.at(-1)?.resource).toContain(elsewhere)
    }
  })
})

describe('what stands in the way', () => {
  it('a condition that is not followed is named', () => {
    const statements = [
      connectOwn,
      allow('iot:Publish', 'topic/$aws/things/*', {
        StringLike: {
          'iot:ClientId': '${iot:Connection.Thing.Attributes[a]}-*-${iot:CertificateId}',
        },
        StringNotLike: { 'iot:ClientId': '*' },
        StringNotLikeIfExists: { 'iot:ClientId': '*${iot:Connection.Thing.Attributes[b]}' },
      }),
      deny('iot:Publish', 'topic/$aws/things/*', {
        StringNotLike: { 'iot:ClientId': '*${iot:Connection.Thing.Attributes[c]}' },
      }),
    ]
    expect(prove(statements, property('no-foreign-jobs')).answer).not.toBe('counterexample')
    const undecided = prove(
      [
        connectOwn,
        allow('iot:Publish', 'topic/$aws/things/*', {
          StringEquals: { 'aws:A': '${aws:B}x', 'aws:B': '${aws:C}y', 'aws:C': '${aws:A}z' },
        }),
      ],
      property('no-foreign-jobs'),
    )
    expect(undecided).toMatchObject({ answer: 'undecided' })
    if (undecided.answer === 'undecided') expect(undecided.because.join()).toContain('aws:A')
  })
})

it('clients whose IDs are no thing names are not proved under conditions with variables', () => {
  const site = { StringEqualsIfExists: { 'iot:Connection.Thing.Attributes[site]': `${client}/*` } }
  const wanted = written({
    name: 'of other clients',
    always: {
      action: 'iotjobsdata:UpdateJobExecution',
      resource: 'thing/?/{client}',
      except: 'thing/*/{thing}',
    },
  })
  expect(prove(allow('*', '*', site), wanted).answer).toBe('undecided')
})
