/**
 * How statements add up and texts are compared, one plain case for each rule.
 */
import { expect, it } from 'vitest'
import { arn, evaluator } from './statement.ts'

const say = (Effect: 'Allow' | 'Deny', action: string, ...resources: string[]): object => ({
  Effect,
  Action: `iot:${action}`,
  Resource: resources.map((resource) => arn(resource)),
})

it('authz E1: a matching Deny decides, else an Allow, else it is implicit', () => {
  const policy = evaluator([
    say('Allow', 'Publish', 'topic/a', 'topic/b'),
    say('Deny', 'Publish', 'topic/b'),
  ])
  const decide = (topic: string): string => policy.decide('iot:Publish', arn(`topic/${topic}`))
  expect([decide('a'), decide('b'), decide('c')]).toEqual(['allow', 'explicitDeny', 'implicitDeny'])
})

it('authz E6: a wider filter than the denied one is allowed, for filters are text', () => {
  const policy = evaluator([
    say('Allow', 'Subscribe', 'topicfilter/a/*'),
    say('Deny', 'Subscribe', 'topicfilter/a/restricted/*'),
  ])
  const decide = (filter: string): string =>
    policy.decide('iot:Subscribe', arn(`topicfilter/${filter}`))
  expect([decide('a/#'), decide('a/restricted/x')]).toEqual(['allow', 'explicitDeny'])
})

it('authz E7: + in a policy is that very filter, not the topics under it', () => {
  const policy = evaluator(say('Allow', 'Subscribe', 'topicfilter/some/+/topic'))
  const decide = (filter: string): string =>
    policy.decide('iot:Subscribe', arn(`topicfilter/${filter}`))
  expect([decide('some/+/topic'), decide('some/x/topic')]).toEqual(['allow', 'implicitDeny'])
})

it('authz E8: another region, account or service does not match, and * alone matches all', () => {
  const policy = evaluator({ Effect: 'Allow', Action: 'iot:Connect', Resource: arn('client/c') })
  for (const [from, to] of [
    ['us-east-1', 'eu-west-1'],
    ['123456789012', '999999999999'],
    [':iot:', ':sns:'],
  ] as const) {
    expect(policy.decide('iot:Connect', arn('client/c').replace(from, to))).toBe('implicitDeny')
  }
  const all = evaluator({ Effect: 'Allow', Action: 'iot:Connect', Resource: '*' })
  expect(all.decide('iot:Connect', arn('client/c'))).toBe('allow')
})

it('authz E9: NotResource matches what none of its entries does', () => {
  const policy = evaluator({
    Effect: 'Allow',
    Action: 'iot:Publish',
    NotResource: [arn('topic/restricted/*'), arn('topic/other')],
  })
  const decide = (topic: string): string => policy.decide('iot:Publish', arn(`topic/${topic}`))
  expect([decide('restricted'), decide('restricted/x'), decide('other')]).toEqual([
    'allow',
    'implicitDeny',
    'implicitDeny',
  ])
})
