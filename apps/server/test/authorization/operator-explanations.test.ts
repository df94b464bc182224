/** What an operator's call leaves behind: nothing but an explanation that stays true. */
import { expect, it } from 'vitest'

import { DecisionLog } from '../../src/decisions/decision-log.ts'
import { deviceAuthorization } from '../../src/authorization/device-authorization.ts'
import { operatorAuthorization } from '../../src/authorization/operator-authorization.ts'
import type { Identity } from '@muster/iam'
import { account, arn, FakeRegistry } from './fake-registry.ts'
import { allow, identity, key, needed, policy } from './operator-fixture.ts'

it('authz J13: tags are read where a policy asks, and of what is refused as they were then', async () => {
  const asked: string[] = []
  const log = new DecisionLog({ nowMs: () => 0 })
  const counting = operatorAuthorization({
    account,
    decisions: log,
    devices: { identity: () => expect.unreachable() },
    nowMs: () => 0,
    resourceTags: (resource) => {
      asked.push(resource)
      return { env: 'prod' }
    },
  })
  const call = (...statements: readonly object[]): boolean => {
    const permissions = needed('DescribeThingGroup', { thingGroupName: 'g' }, 'iot')
    const who = { ...key, identity: identity([policy(...statements)]), sourceIp: '192.0.2.1' }
    const what = { service: 'iot', operation: 'DescribeThingGroup', permissions } as const
    return counting.denial({ ...who, ...what }) === undefined
  }
  const tagged = { Condition: { StringEquals: { 'aws:ResourceTag/env': 'prod' } } }
  expect(call(allow('iot:DescribeThingGroup', '*'))).toBe(true)
  expect(asked).toEqual([])
  expect(call(allow('iot:DescribeThingGroup', '*', tagged))).toBe(true)
  expect(asked).toEqual([arn('thinggroup/g')])
  const refused = { Effect: 'Deny', Action: 'iot:DescribeThingGroup', Resource: '*' }
  expect(call(refused, allow('iot:DescribeThingGroup', '*', tagged))).toBe(false)
  expect(asked).toHaveLength(2)
  const page = await log.page({}, 1)
  expect(log.explain(page?.decisions[0]?.id ?? '')?.explanation).toBeDefined()
  expect(asked).toHaveLength(2)
})

it('identities I93: a call of a Cognito identity leaves nothing bound to its IoT policies', () => {
  const registry = new FakeRegistry()
  const log = new DecisionLog({ nowMs: () => 0 })
  const real = deviceAuthorization({
    account,
    registry,
    decisions: log,
    certificateAttributes: () => ({}),
  })
  let bound = 0
  const devices: Pick<typeof real, 'identity'> = {
    identity: (connection) => {
      const policies = real.identity(connection)
      bound += 1
      return {
        judge: () => policies.judge(),
        release: () => {
          bound -= 1
          policies.release()
        },
      }
    },
  }
  const judged = operatorAuthorization({ account, decisions: log, devices, nowMs: () => 0 })
  const web = {
    provider: 'cognito-identity.amazonaws.com',
    issuer: 'cognito-identity.amazonaws.com',
    subject: 'us-east-1:id',
    audience: 'us-east-1:pool',
    amr: ['authenticated'],
  }
  const session = {
    kind: 'web-session',
    web,
    issuedAtMs: 0,
    tags: {},
  } as unknown as Identity['session']
  const who = identity([policy(allow('*', '*'))], { session })
  const permissions = needed('GetThingShadow', { thingName: 'T' }, 'iotdata')
  const what = { service: 'iotdata', operation: 'GetThingShadow', permissions } as const
  expect(judged.denial({ ...key, ...what, identity: who, sourceIp: '192.0.2.1' })?.code).toBe(
    'ForbiddenException',
  )
  expect(log.explain('1')?.summary).toContain('no IoT policy is attached')
  expect(bound).toBe(0)
})

it('what the time of day refused is explained by the time it was refused at', () => {
  let nowMs = Date.UTC(2026, 0, 1)
  const log = new DecisionLog({ nowMs: () => nowMs })
  const timed = operatorAuthorization({
    account,
    decisions: log,
    devices: { identity: () => expect.unreachable() },
    nowMs: () => nowMs,
  })
  const from2027 = { DateGreaterThan: { 'aws:CurrentTime': '2027-01-01T00:00:00Z' } }
  const who = identity([policy(allow('*', '*', { Condition: from2027 }))])
  const permissions = needed('DescribeThing', { thingName: 'T' }, 'iot')
  const called = { service: 'iot', operation: 'DescribeThing', permissions } as const
  const more = { domainName: undefined, connectAttributes: [], lastWillTopic: undefined }
  const connection = timed.connection(() => who, {
    ...key,
    ...more,
    clientId: 'c',
    sourceIp: '192.0.2.1',
  })
  const denied = timed.denial({ ...key, ...called, identity: who, sourceIp: '192.0.2.1' })
  expect(denied?.code).toBe('AccessDeniedException')
  expect(connection.publish('a').allowed).toBe(false)
  nowMs = Date.UTC(2027, 5, 1)
  expect(connection.publish('a').allowed).toBe(true)
  for (const id of ['1', '2']) {
    const explained = log.explain(id)
    expect(explained?.explanation.decision).toBe('implicitDeny')
    expect(JSON.stringify(explained?.explanation)).toContain('2026-01-01T00:00:00.000Z')
  }
})
