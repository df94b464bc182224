/**
 * Which grant covers which request: rows of action and resource granted, action and resource asked.
 */
import { describe, expect, it } from 'vitest'

import { arn, evaluator } from './statement.ts'

type Row = readonly [
  title: string,
  granted: string,
  on: string,
  asked: string,
  of: string,
  allowed: boolean,
]

const rows: readonly Row[] = [
  [
    'authz D5: a shadow by its thing',
    'iot:GetThingShadow',
    'thing/t',
    'iot:GetThingShadow',
    'thing/t',
    true,
  ],
  [
    'authz D14: a named shadow is another resource',
    'iot:GetThingShadow',
    'thing/t',
    'iot:GetThingShadow',
    'thing/t/s',
    false,
  ],
  [
    'authz D5: a named shadow by its own ARN',
    'iot:GetThingShadow',
    'thing/t/s',
    'iot:GetThingShadow',
    'thing/t/s',
    true,
  ],
  [
    'authz D6: listing named shadows by the thing',
    'iot:ListNamedShadowsForThing',
    'thing/t',
    'iot:ListNamedShadowsForThing',
    'thing/t',
    true,
  ],
  [
    'authz D8: a role alias',
    'iot:AssumeRoleWithCertificate',
    'rolealias/a',
    'iot:AssumeRoleWithCertificate',
    'rolealias/b',
    false,
  ],
  [
    'authz D11, X17: job data by the thing alone',
    'iotjobsdata:DescribeJobExecution',
    'thing/t',
    'iotjobsdata:DescribeJobExecution',
    'thing/t',
    true,
  ],
  [
    'authz D13: shadow actions grant no topic',
    'iot:UpdateThingShadow',
    '*',
    'iot:Publish',
    'topic/$aws/things/t/shadow/update',
    false,
  ],
  [
    'authz D13: topics grant no shadow action',
    'iot:Publish',
    '*',
    'iot:UpdateThingShadow',
    'thing/t',
    false,
  ],
  [
    'authz G13: reserved topics are topics',
    'iot:Publish',
    'topic/$aws/things/t/jobs/*',
    'iot:Publish',
    'topic/$aws/things/t/jobs/get',
    true,
  ],
  [
    'authz G15: basic ingest by its whole topic',
    'iot:Publish',
    'topic/$aws/rules/r/*',
    'iot:Publish',
    'topic/$aws/rules/r/a/b',
    true,
  ],
  [
    'authz G17: a claim by its template',
    'iot:Publish',
    'topic/$aws/provisioning-templates/a/provision/*',
    'iot:Publish',
    'topic/$aws/provisioning-templates/b/provision/json',
    false,
  ],
  [
    'authz B7: iot:* covers no iotjobsdata:',
    'iot:*',
    '*',
    'iotjobsdata:UpdateJobExecution',
    'thing/t',
    false,
  ],
  ['authz B6: actions in any case', 'IOT:publish', '*', 'iot:Publish', 'topic/a', true],
  [
    'authz B6: resources in their own case',
    'iot:Publish',
    'topic/A',
    'iot:Publish',
    'topic/a',
    false,
  ],
  ['authz X5: a misspelt action', 'iot:Receieve', '*', 'iot:Receive', 'topic/a', false],
]

describe('grants', () => {
  it.for(rows)('%s', ([, Action, granted, asked, of, allowed]) => {
    const Resource = granted === '*' ? '*' : arn(granted)
    const decision = evaluator({ Effect: 'Allow', Action, Resource }).decide(asked, arn(of))
    expect(decision === 'allow').toBe(allowed)
  })

  it('authz X18: Connect without condition allows wills and persistent sessions', () => {
    const connect = { Effect: 'Allow', Action: 'iot:Connect', Resource: '*' }
    const context = { connectAttributes: ['PersistentConnect', 'LastWill'], lastWillTopic: 'w' }
    expect(evaluator(connect, context).decide('iot:Connect', arn('client/t1'))).toBe('allow')
  })

  it('authz J14: IAM policies take NotAction, every operator and aws: keys', () => {
    const keys = { 'aws:multifactorauthage': '100', 'aws:username': 'ops' }
    const statement = {
      Effect: 'Allow',
      NotAction: 'iot:Delete*',
      Resource: '*',
      Condition: {
        NumericLessThan: { 'aws:MultiFactorAuthAge': '300' },
        DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' },
        Null: { 'aws:username': 'false' },
      },
    }
    const nowMs = (): number => Date.UTC(2026, 0, 1)
    const operator = evaluator(statement, { keys, nowMs }, 'iam')
    expect(operator.decide('iot:CreateThing', arn('thing/t'))).toBe('allow')
    expect(operator.decide('iot:DeleteThing', arn('thing/t'))).toBe('implicitDeny')
  })
})
