/** What is done with a policy document: a document that parses does everything without throwing. */
import {
  auditPolicy,
  bindEvaluator,
  compilePolicy,
  explainDecision,
  parsePolicy,
  vectorContext,
  type AuditSubject,
  type PolicyKind,
} from '@muster/policy'
import type { Reads } from '../target.ts'

const account = { region: 'us-east-1', accountId: '123456789012' }
const arn = (resource: string): string => `arn:aws:iot:us-east-1:123456789012:${resource}`
const contexts = [
  vectorContext({
    protocol: 'mqtt',
    clientId: 'lamp',
    thingName: 'lamp',
    thingAttached: true,
    thingTypeName: 'Lamp',
    thingAttributes: { site: 'north' },
    sourceIp: '192.0.2.7',
    domainName: 'localhost',
    certificate: { id: 'a'.repeat(64), subject: { CommonName: ['lamp'] } },
    connectAttributes: ['PersistentConnect'],
    currentTime: '2026-11-22T05:00:00Z',
    requestTags: { env: 'prod' },
  }),
  vectorContext({ protocol: 'https' }),
]
const requests = [
  ['iot:Connect', arn('client/lamp')],
  ['iot:Publish', arn(`topic/${'a/'.repeat(40)}b`)],
  ['iot:Subscribe', arn('topicfilter/fleet/+/#')],
  ['iot:Receive', arn('topic/fleet/lamp/state')],
  ['iotjobsdata:DescribeJobExecution', arn('thing/lamp')],
  ['iot:CreateJob', arn('job/reboot')],
  ['sts:GetCallerIdentity', '*'],
] as const

/** Parses, compiles, decides, explains and audits each input. */
export function policyReader(kind: PolicyKind, subject: AuditSubject): Reads {
  return (input) => {
    const parsed = parsePolicy(Buffer.from(input).toString('utf8'), kind)
    if (!parsed.ok) return
    const compiled = compilePolicy(parsed.value)
    for (const context of contexts) {
      const evaluator = bindEvaluator([{ policyName: 'fuzzed', compiled }], context, account)
      for (const [action, resource] of requests) {
        const decision = evaluator.decide(action, resource)
        const explained = explainDecision(evaluator, action, resource)
        if (explained.decision !== decision) throw new Error('explained what was not decided')
      }
    }
    auditPolicy(parsed.value, subject)
  }
}
