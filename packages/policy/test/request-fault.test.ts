/** Requests that somebody typed: what cannot be asked is refused with what was probably meant. */
import { expect, it } from 'vitest'
import { requestFault, type TypedRequest } from '../src/index.ts'
import { arn } from './statement.ts'

const fault = (action: string, resource: string, kind: TypedRequest['kind'] = 'iot'): unknown =>
  requestFault({ kind, action, resource })

it.each([
  ['iot:Publish', arn('topic/a')],
  ['iot:Subscribe', arn('topicfilter/a/+/#')],
  ['iotjobsdata:DescribeJobExecution', 'arn:aws-cn:iot:cn-north-1:123456789012:thing/lamp'],
  ['iot:ListRetainedMessages', '*'],
])('%s on %s can be asked', (action, resource) => {
  expect(fault(action, resource)).toBeUndefined()
})

it.each([
  ['iot:CreateJob', arn('job/j')],
  ['iot:ListThings', '*'],
  ['s3:GetObject', 'arn:aws:s3:::bucket/key'],
])('IAM also decides %s on %s', (action, resource) => {
  expect(fault(action, resource, 'iam')).toBeUndefined()
})

it.each([
  ['iot:Subscrib', 'topicfilter/a', 'did you mean iot:Subscribe?'],
  ['iot:publish', 'topic/a', 'did you mean iot:Publish?'],
  ['Publish', 'topic/a', 'expected one like iot:Publish; did you mean iot:Publish?'],
  ['iot:*', 'topic/a', '`iot:*` is no action of a request: expected one like iot:Publish'],
  ['iot:CreateJob', 'job/a', '`iot:CreateJob` is no action that IoT Core policies are asked for'],
])('authz D1: %s is no action', (action, resource, said) => {
  expect(fault(action, arn(resource))).toContain(said)
})

it('authz D1: a near miss of a known action is one for IAM, too', () => {
  expect(fault('iot:Subscrib', '*', 'iam')).toBe(
    '`iot:Subscrib` is no action; did you mean iot:Subscribe?',
  )
})

it.each([
  ['iot:Subscribe', arn('topic/a/b'), 'topicfilter/ ARNs; did you mean topicfilter/a/b?'],
  ['iot:Publish', arn('topicfilter/a'), 'topic/ ARNs; did you mean topic/a?'],
  ['iot:Publish', arn('topics/a'), '`topics/` is no type of resource: iot:Publish is checked'],
  ['iot:Publish', arn('a'), '`a/` is no type of resource'],
  ['iot:Connect', arn('client/'), 'did you mean arn:aws:iot:REGION:ACCOUNT:client/…?'],
  ['iot:Publish', 'arn:aws:iot:us-east-1:topic/a', 'is no ARN: expected arn:aws:iot:REGION'],
  ['iot:Publish', '*', 'a request names one resource'],
  ['iot:ListRetainedMessages', arn('topic/a'), 'has no resource: expected `*`'],
])('authz D3: %s on %s is malformed', (action, resource, said) => {
  expect(fault(action, resource)).toContain(said)
})
