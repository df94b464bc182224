/**
 * What a denial says would fix it: the mistakes that people make (authz section 14).
 */
import { describe, expect, it } from 'vitest'

import { bindEvaluator } from '../src/decide/evaluator.ts'
import { contextKeys, type PolicyContext } from '../src/decide/policy-context.ts'
import { account, arn, evaluator, mqtt, named } from './statement.ts'

const connect = { Effect: 'Allow', Action: 'iot:Connect', Resource: '*' }

function hints(
  statements: object | readonly object[],
  action: string,
  resource: string,
  context: Partial<PolicyContext> = {},
): string {
  return evaluator(statements, context).explain(action, arn(resource)).hints.join('\n')
}

const allow = (action: string, resource: string, more: object = {}): object => ({
  Effect: 'Allow',
  Action: action,
  Resource: arn(resource),
  ...more,
})

describe('hints', () => {
  it('an action that is allowed on other resources only', () => {
    expect(hints(allow('iot:Receive', 'topic/a/*'), 'iot:Receive', 'topic/b')).toBe(
      `iot:Receive is allowed on other resources only: add ${arn('topic/b')} to statement 0 of policy test`,
    )
  })

  it('of several statements that allow it elsewhere, the one that is told as the nearest', () => {
    const statements = [allow('iot:Publish', 'topic/far/*'), allow('iot:Publish', 'topic/near/a/*')]
    const { hints: told, summary } = evaluator(statements).explain(
      'iot:Publish',
      arn('topic/near/b'),
    )
    expect(summary).toContain('nearest is statement 1 of policy test')
    expect(told).toEqual([expect.stringContaining('to statement 1 of policy test')])
  })

  it('authz D3: no advice on topics for an action that is misspelt', () => {
    expect(hints(allow('iot:Sub*', 'topicfilter/a'), 'iot:Subscrib', 'topic/a')).not.toContain(
      'write',
    )
  })

  it('topic/ where topicfilter/ is needed', () => {
    expect(
      hints(allow('iot:Subscribe', 'topic/a/*'), 'iot:Subscribe', 'topicfilter/a/b'),
    ).toContain('write topicfilter/ where the statement has topic/')
    expect(hints(allow('iot:Publish', 'topicfilter/a'), 'iot:Publish', 'topic/a')).toContain(
      'write topic/ where the statement has topicfilter/',
    )
  })

  it('a missing iot:Receive, and a misspelt one', () => {
    expect(hints(connect, 'iot:Receive', 'topic/a')).toContain('no statement allows iot:Receive')
    expect(hints(allow('iot:Receieve', 'topic/a'), 'iot:Receive', 'topic/a')).toContain(
      '`iot:Receieve` is no action; was iot:Receive meant?',
    )
  })

  it('a missing iot:Connect, a missing iot:RetainPublish', () => {
    const publish = allow('iot:Publish', 'topic/a')
    expect(hints(publish, 'iot:Connect', 'client/t1')).toContain('no MQTT session opens')
    expect(hints(publish, 'iot:RetainPublish', 'topic/a')).toContain('needs iot:RetainPublish')
  })

  it('iot: instead of iotjobsdata:', () => {
    const action = 'iotjobsdata:UpdateJobExecution'
    expect(hints(allow('iot:*', 'thing/t1'), action, 'thing/t1')).toContain(`needs ${action}`)
  })

  it('a client ID that is not the thing name, a certificate that is not attached', () => {
    const statement = allow('iot:Connect', 'client/${iot:Connection.Thing.ThingName}')
    const context = { clientId: 'x', attachedThingNames: ['t1'] }
    expect(hints(statement, 'iot:Connect', 'client/x', context)).toContain(
      'client ID `x` is not the name of a thing that the principal is attached to (t1); connect with',
    )
    expect(hints(statement, 'iot:Connect', 'client/x', { clientId: 'x' })).toContain(
      'is not attached to any thing; attach the certificate to a thing named `x`',
    )
  })

  it('a variable that does not exist', () => {
    const statement = allow('iot:Publish', 'topic/${iot:Thing.ThingName}')
    expect(hints(statement, 'iot:Publish', 'topic/t1')).toContain('iot:Connection.Thing.…')
  })

  it('a condition that fails', () => {
    const Condition = { Bool: { 'iot:Connection.Thing.IsAttached': 'true' } }
    const text = hints(allow('iot:Publish', 'topic/a', { Condition }), 'iot:Publish', 'topic/a')
    expect(text).toContain('requires Bool iot:Connection.Thing.IsAttached = true, but it is false')
    expect(text).toContain('not attached to a thing whose name is the client ID')
  })

  it('MQTT wildcards in a policy, and a filter wider than its grant', () => {
    expect(hints(allow('iot:Publish', 'topic/a/#'), 'iot:Publish', 'topic/a/b/c')).toContain(
      '+ and # are literal text',
    )
    expect(
      hints(allow('iot:Subscribe', 'topicfilter/a/b'), 'iot:Subscribe', 'topicfilter/a/+'),
    ).toContain('is compared as text and is wider')
  })

  it('are cheap for filters that a device chose to be hostile', () => {
    const filter = `topicfilter/${'*a+'.repeat(80)}#`
    const before = process.threadCpuUsage()
    hints(allow('iot:Subscribe', `topicfilter/${'a'.repeat(1000)}/b`), 'iot:Subscribe', filter)
    expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(500)
  })

  it('another account, another case', () => {
    const other = { ...connect, Resource: 'arn:aws:iot:eu-west-1:123456789012:client/t1' }
    expect(hints(other, 'iot:Connect', 'client/t1')).toContain('another region or account')
    const everyClient = { ...other, Resource: 'arn:aws:iot:eu-west-1:123456789012:client/*' }
    expect(hints(everyClient, 'iot:Connect', 'client/t1')).toContain('another region or account')
    expect(hints(allow('iot:Publish', 'topic/A'), 'iot:Publish', 'topic/a')).toContain('case only')
  })

  it('a Deny whose * crosses levels', () => {
    const statements = [
      allow('iot:Publish', 'topic/*'),
      { ...allow('iot:Publish', 'topic/a/*'), Effect: 'Deny' },
    ]
    const text = hints(statements, 'iot:Publish', 'topic/a/b/c')
    expect(text).toContain('also matches /')
    expect(text).toContain('change statement 1 of policy test')
  })

  it('no policy at all', () => {
    const none = bindEvaluator([], mqtt(), account).explain('iot:Connect', arn('client/t1'))
    expect(none.hints).toEqual([
      'attach a policy to the certificate or to a static group of its thing',
    ])
    expect(none.summary).toContain('the principal has no policy')
    const keys = contextKeys({ 'aws:PrincipalArn': 'arn:aws:iam::123456789012:user/ops' })
    const user = bindEvaluator([], { protocol: 'https', keys }, account)
    expect(user.explain('iot:ListThings', '*').hints).toEqual([
      'the user has no policies: give it one that allows the action',
    ])
  })
})

describe('explanation', () => {
  it('names the nearest miss, the clauses of each statement, the variables and what is missing', () => {
    const policies = [
      named([connect, allow('iot:Publish', 'topic/x')], { policyName: 'a' }),
      named(allow('iot:Publish', 'topic/t/${iot:Connection.Thing.ThingName}/up'), {
        policyName: 'b',
      }),
    ]
    const explained = bindEvaluator(policies, mqtt(), account).explain(
      'iot:Publish',
      arn('topic/t/t1/up'),
    )
    expect(explained.nearestMiss).toEqual({
      policyName: 'b',
      statement: 0,
      sid: undefined,
      failed: ['resource'],
    })
    expect(explained.statements.map(({ matched, action }) => [matched, action.matched])).toEqual([
      [false, false],
      [false, true],
      [false, true],
    ])
    expect(explained.variables).toEqual([
      {
        name: 'iot:Connection.Thing.ThingName',
        value: undefined,
        undefinedBecause: 'the principal is not attached to any thing',
      },
    ])
    expect(explained.missingContextValues).toEqual(['iot:Connection.Thing.ThingName'])
    expect(explained.summary).toMatch(
      /nearest is statement 0 of policy b, which fails on resource$/,
    )
  })

  it('shows entries as they are compared', () => {
    const bound = evaluator(allow('iot:Publish', 'topic/${iot:ClientId}/*'))
    expect(bound.explain('iot:Publish', arn('topic/t1/a')).statements[0]?.resource.entries).toEqual(
      [{ entry: arn('topic/${iot:ClientId}/*'), substituted: arn('topic/t1/*'), matched: true }],
    )
  })
})
