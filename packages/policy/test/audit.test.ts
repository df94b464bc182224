/**
 * Device Defender's policy checks and the lints, on policies like those of AWS's pages.
 */
import { describe, expect, it } from 'vitest'

import { auditPolicy } from '../src/audit/audit-policy.ts'
import type { AuditSubject } from '../src/audit/finding.ts'
import { sarifLog } from '../src/audit/sarif.ts'
import { parsePolicy } from '../src/parse/parse-policy.ts'
import { arn } from './statement.ts'

function codes(
  statements: object | readonly object[],
  subject: AuditSubject = 'iot',
  level: readonly string[] = ['error', 'warning'],
): string[] {
  const parsed = parsePolicy(
    JSON.stringify({ Version: '2012-10-17', Statement: statements }),
    'iam',
  )
  if (!parsed.ok) throw new Error(parsed.error.message)
  const findings = auditPolicy(parsed.value, subject).filter((finding) =>
    level.includes(finding.level),
  )
  return [...new Set(findings.map(({ code }) => code))].toSorted()
}

const allow = (action: string | readonly string[], ...resources: readonly string[]): object => ({
  Effect: 'Allow',
  Action: action,
  Resource: resources.map((resource) => (resource === '*' ? '*' : arn(resource))),
})
const deny = (action: string, ...resources: readonly string[]): object => ({
  ...allow(action, ...resources),
  Effect: 'Deny',
})
const attached = { Condition: { Bool: { 'iot:Connection.Thing.IsAttached': ['true'] } } }
const name = '${iot:Connection.Thing.ThingName}'
const broad = 'ALLOWS_BROAD_ACCESS_TO_IOT_DATA_PLANE_ACTIONS'

describe('authz L1: IOT_POLICY_OVERLY_PERMISSIVE_CHECK', () => {
  it.for([
    ['authz L2: any client', allow('iot:Connect', 'client/*')],
    ['authz L2: any resource', allow('iot:Connect', '*')],
    ['authz L2: whatever client ID it claims', allow('iot:Connect', 'client/${iot:ClientId}')],
    [
      'authz L2: attached if it happens to be known',
      {
        ...allow('iot:Connect', 'client/*'),
        Condition: { BoolIfExists: { 'iot:Connection.Thing.IsAttached': 'true' } },
      },
    ],
    ['authz L3: every thing', allow('iot:Publish', 'topic/$aws/things/*/shadow/update')],
    ['authz L3: every topic', allow('iot:*', 'topic/*')],
    ['authz L4: every thing by *', allow('iot:Subscribe', 'topicfilter/$aws/things/*')],
    ['authz L4: every thing by +', allow('iot:Subscribe', 'topicfilter/$aws/things/+/jobs/notify')],
    ['authz L4: every thing by #', allow('iot:Subscribe', 'topicfilter/$aws/things/#')],
    ['authz L6: every shadow', allow('iot:GetThingShadow', 'thing/*')],
    ['authz L6: jobs of every thing', allow('iotjobsdata:UpdateJobExecution', 'thing/*')],
    ['authz L6: under the other prefix too', allow('iot:DescribeJobExecution', 'thing/*')],
    [
      'everything but a little',
      { Effect: 'Allow', Action: 'iot:Publish', NotResource: arn('topic/a') },
    ],
  ] as const)('%s', ([, statement]) => {
    expect(codes(statement)).toContain(broad)
  })

  it.for([
    ['authz L2: any client that is attached', { ...allow('iot:Connect', 'client/*'), ...attached }],
    [
      'authz X33: its own ID, attached',
      { ...allow('iot:Connect', 'client/${iot:ClientId}'), ...attached },
    ],
    ['authz L2: its thing', allow('iot:Connect', `client/${name}`)],
    [
      'authz L3, L7: a wildcard after its thing',
      allow('iot:Publish', `topic/$aws/things/${name}/*`),
    ],
    ['authz L3: a prefix', allow('iot:Publish', 'topic/$aws/things/MyThing*')],
    ['authz L4: its own', allow('iot:Subscribe', `topicfilter/$aws/things/${name}/jobs/*`)],
    ['authz L5: Receive from everywhere', allow('iot:Receive', 'topic/$aws/things/*')],
    ['authz L6: a prefix', allow('iot:GetThingShadow', 'thing/MyThing*')],
    ['a Deny', deny('iot:Connect', 'client/*')],
    [
      'all but every thing',
      { Effect: 'Allow', Action: 'iot:Publish', NotResource: arn('topic/$aws/*') },
    ],
  ] as const)('%s is compliant', ([, statement]) => {
    expect(codes(statement)).not.toContain(broad)
  })
})

describe('IOT_POLICY_POTENTIAL_MISCONFIGURATION_CHECK', () => {
  const subscribe = allow('iot:Subscribe', 'topicfilter/building/*')
  const receive = allow('iot:Receive', 'topic/building/*')
  const leak = 'TOPIC_FILTERS_INTENDED_TO_DENY_ALLOWED_USING_WILDCARDS'

  it('authz L8: MQTT wildcards in a Deny', () => {
    expect(
      codes([subscribe, deny('iot:Subscribe', 'topicfilter/building/control_room/#'), receive]),
    ).toContain('POLICY_CONTAINS_MQTT_WILDCARDS_IN_DENY_STATEMENT')
    expect(codes(deny('iot:Connect', 'client/+'))).toEqual([])
  })

  it('authz L9: a denied filter under a wider one, unless Receive is denied too', () => {
    const denied = deny('iot:Subscribe', 'topicfilter/building/control_room/*')
    expect(codes([subscribe, denied, receive])).toEqual([leak])
    expect(
      codes([subscribe, denied, receive, deny('iot:Receive', 'topic/building/control_room/*')]),
    ).toEqual([])
    expect(codes([allow('iot:Subscribe', 'topicfilter/building/lobby'), denied, receive])).toEqual(
      [],
    )
    expect(
      codes([
        subscribe,
        denied,
        deny('iot:Subscribe', 'topicfilter/building/#', 'topicfilter/building/+/*'),
        receive,
      ]),
    ).not.toContain(leak)
  })
})

describe('authz L10, L11: roles of Cognito identity pools', () => {
  it.for([
    [
      'cognitoUnauthenticated',
      allow('iot:ListThings', '*'),
      ['ALLOWS_ACCESS_TO_IOT_ADMIN_ACTIONS'],
    ],
    [
      'cognitoUnauthenticated',
      allow('iot:DescribeThing', 'thing/a'),
      ['ALLOWS_ACCESS_TO_IOT_ADMIN_ACTIONS'],
    ],
    ['cognitoUnauthenticated', allow('iot:Connect', 'client/*'), [broad]],
    ['cognitoUnauthenticated', allow('iot:Publish', 'topic/a'), []],
    [
      'cognitoAuthenticated',
      allow('iot:DescribeThing', 'thing/*'),
      ['ALLOWS_BROAD_ACCESS_TO_IOT_THING_ADMIN_READ_ACTIONS'],
    ],
    ['cognitoAuthenticated', allow('iot:DescribeThing', 'thing/MyThing*'), []],
    [
      'cognitoAuthenticated',
      allow('iot:UpdateThing', 'thing/a'),
      ['ALLOWS_ACCESS_TO_IOT_THING_ADMIN_WRITE_ACTIONS'],
    ],
    [
      'cognitoAuthenticated',
      allow('iot:CreatePolicy', '*'),
      ['ALLOWS_ACCESS_TO_IOT_NON_THING_ADMIN_ACTIONS'],
    ],
    [
      'cognitoAuthenticated',
      allow('iot:DeleteJobExecution', '*'),
      ['ALLOWS_ACCESS_TO_IOT_NON_THING_ADMIN_ACTIONS'],
    ],
    [
      'cognitoAuthenticated',
      allow('iot:*', '*'),
      [
        'ALLOWS_ACCESS_TO_IOT_NON_THING_ADMIN_ACTIONS',
        'ALLOWS_ACCESS_TO_IOT_THING_ADMIN_WRITE_ACTIONS',
        'ALLOWS_BROAD_ACCESS_TO_IOT_THING_ADMIN_READ_ACTIONS',
      ],
    ],
    ['cognitoAuthenticated', allow('iot:Publish', 'topic/*'), []],
    ['cognitoAuthenticated', allow('iot:GetThingShadow', 'thing/a'), []],
  ] as const)('%s: %o', ([subject, statement, expected]) => {
    expect(codes(statement, subject)).toEqual(expected)
  })
})

describe('authz section 13: lints', () => {
  it.for([
    ['jobs-07: a misspelt action', allow('iot:Receieve', 'topic/a'), 'UNKNOWN_ACTION'],
    [
      'jobs-01: Subscribe on topic/',
      allow(['iot:Publish', 'iot:Subscribe'], 'topic/a'),
      'SUBSCRIBE_NEEDS_TOPICFILTER',
    ],
    [
      'cognito pages: Receive on topicfilter/',
      allow('iot:Receive', 'topicfilter/a'),
      'ACTION_MATCHES_NO_RESOURCE',
    ],
    [
      'jobs-03: job actions on a topic',
      allow('iotjobsdata:UpdateJobExecution', 'topic/a'),
      'ACTION_MATCHES_NO_RESOURCE',
    ],
    [
      'jobs-03: job actions under iot:',
      allow('iot:UpdateJobExecution', 'thing/a'),
      'JOBS_ACTION_NEEDS_IOTJOBSDATA',
    ],
    [
      'jobs-10: a stray slash',
      allow('iot:GetThingShadow', '/thing/MyThing1'),
      'STRAY_SLASH_IN_ARN',
    ],
    [
      'pubsub-12: a variable that does not exist',
      allow('iot:Publish', 'topic/${iot:Thing.ThingName}'),
      'UNKNOWN_VARIABLE',
    ],
    ['authz E13: escapes of the IoT guide', allow('iot:Publish', 'topic/a$(*)'), 'NOT_AN_ESCAPE'],
    [
      'connect-policy: a plain operator on several values',
      {
        ...allow('iot:Connect', 'client/a'),
        Condition: { StringEquals: { 'iot:ConnectAttributes': 'LastWill' } },
      },
      'PLAIN_OPERATOR_ON_MULTIVALUED_KEY',
    ],
    ['MQTT wildcards in a grant', allow('iot:Publish', 'topic/a/#'), 'MQTT_WILDCARD_IS_LITERAL'],
    [
      'a variable that is not closed',
      allow('iot:Publish', 'topic/${iot:ClientId'),
      'BROKEN_VARIABLE',
    ],
    [
      'authz F1: a variable too early',
      {
        Effect: 'Allow',
        Action: 'iot:Publish',
        Resource: 'arn:aws:iot:${aws:region}:123456789012:topic/a',
      },
      'VARIABLE_BEFORE_RESOURCE',
    ],
    [
      'a key that does not exist',
      {
        ...allow('iot:Connect', 'client/a'),
        Condition: { Bool: { 'iot:Connection.Thing.Attached': 'true' } },
      },
      'UNKNOWN_CONDITION_KEY',
    ],
  ] as const)('%s', ([, statement, code]) => {
    expect(codes(statement)).toContain(code)
  })

  it('note what may be meant', () => {
    const notes = (statement: object): string[] => codes(statement, 'iot', ['note'])
    expect(notes(allow('iot:Subscribe', 'topicfilter/a'))).toEqual(['SUBSCRIBE_WITHOUT_RECEIVE'])
    expect(
      notes({ Effect: 'Allow', Action: 'iot:Receive', NotResource: arn('topic/${iot:ClientId}') }),
    ).toEqual(['NOT_RESOURCE_ALLOWS_THE_REST', 'VARIABLE_IN_NOT_RESOURCE'])
  })

  it('authz X25: an old version', () => {
    const parsed = parsePolicy(
      JSON.stringify({ Statement: allow('iot:Connect', 'client/a') }),
      'iot',
    )
    expect(parsed.ok && auditPolicy(parsed.value, 'iot').map(({ code }) => code)).toEqual([
      'OLD_POLICY_VERSION',
    ])
  })

  it('authz F16: thing variables in an IAM policy', () => {
    expect(codes(allow('iot:Publish', `topic/${name}`), 'iam')).toEqual([
      'THING_VARIABLE_IN_IAM_POLICY',
    ])
  })

  it('find nothing in a policy as it should be', () => {
    const good = [
      { ...allow('iot:Connect', `client/${name}`), ...attached },
      allow(['iot:Publish', 'iot:Receive'], `topic/$aws/things/${name}/jobs/*`),
      allow('iot:Subscribe', `topicfilter/$aws/things/${name}/jobs/*`),
      allow(['iotjobsdata:DescribeJobExecution', 'iotjobsdata:UpdateJobExecution'], 'thing/t1'),
    ]
    expect(codes(good, 'iot', ['error', 'warning', 'note'])).toEqual([])
  })
})

describe('SARIF', () => {
  it('has a rule per code and a place per finding', () => {
    const text = JSON.stringify(
      { Version: '2012-10-17', Statement: [allow('iot:Connect', '*')] },
      undefined,
      1,
    )
    const parsed = parsePolicy(text, 'iot')
    if (!parsed.ok) throw new Error(parsed.error.message)
    const log = sarifLog([{ uri: 'policy.json', findings: auditPolicy(parsed.value, 'iot') }])
    expect(log).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              rules: [{ id: broad, properties: { check: 'IOT_POLICY_OVERLY_PERMISSIVE_CHECK' } }],
            },
          },
          results: [
            {
              ruleId: broad,
              ruleIndex: 0,
              level: 'error',
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'policy.json' },
                    region: { startLine: 7, startColumn: 4 },
                  },
                },
              ],
            },
          ],
        },
      ],
    })
  })
})
