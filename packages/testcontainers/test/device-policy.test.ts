/** What a device that a test creates may do, by the rules that the server in the container asks. */
import {
  bindEvaluator,
  compilePolicy,
  parsePolicy,
  type CertificateAttributes,
  type PolicyContext,
} from '@muster/policy'
import { expect, it } from 'vitest'
import { ownJobsPolicy } from '../src/device-policy.ts'

const ARN = 'arn:aws:iot:us-east-1:123456789012'

function decide(context: PolicyContext, action: string, resource: string): string {
  const parsed = parsePolicy(ownJobsPolicy(ARN), 'iot')
  if (!parsed.ok) throw new Error(parsed.error.message)
  const policies = [{ policyName: 'own-jobs', compiled: compilePolicy(parsed.value) }]
  const account = { region: 'us-east-1', accountId: '123456789012' }
  return bindEvaluator(policies, context, account).decide(action, `${ARN}:${resource}`)
}

it.each([
  ['iot:Connect', 'client/lamp', 'allow'],
  ['iot:Connect', 'client/other', 'implicitDeny'],
  ['iot:Publish', 'topic/$aws/things/lamp/jobs/start-next', 'allow'],
  ['iot:Receive', 'topic/$aws/things/lamp/jobs/notify-next', 'allow'],
  ['iot:Subscribe', 'topicfilter/$aws/things/lamp/jobs/+/get/accepted', 'allow'],
  ['iot:Publish', 'topic/$aws/things/other/jobs/start-next', 'implicitDeny'],
  ['iot:Publish', 'topic/lamp/hello', 'implicitDeny'],
])('over MQTT: %s on %s is %s', (action, resource, decision) => {
  const context = { protocol: 'mqtt', clientId: 'lamp', thing: { thingName: 'lamp' } } as const
  expect(decide(context, action, resource)).toBe(decision)
})

it.each([
  ['thing/lamp', 'allow'],
  ['thing/other', 'implicitDeny'],
])('authz F4: over HTTPS the thing is the common name: %s is %s', (resource, decision) => {
  const attributes = (): CertificateAttributes => ({ subject: { CommonName: ['lamp'] } })
  const certificate = { certificateId: '0'.repeat(64), attributes }
  const context = { protocol: 'https', certificate } as const
  expect(decide(context, 'iotjobsdata:DescribeJobExecution', resource)).toBe(decision)
})
