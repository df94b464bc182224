/**
 * TestAuthorization and GetEffectivePolicies.
 */
import type { TestAuthorizationRequest } from '@aws-sdk/client-iot'
import { refuse } from '@muster/model'
import { atOnce } from '@muster/registry'
import { beforeEach, describe, expect, it } from 'vitest'

import { DecisionLog } from '../../src/decisions/decision-log.ts'
import { deviceAuthorization } from '../../src/authorization/device-authorization.ts'
import {
  getEffectivePolicies,
  testAuthorization,
  type PolicyTestPorts,
} from '../../src/operations/policy-tests.ts'
import { account, arn, FakeRegistry } from './fake-registry.ts'

const principal = arn('cert/c1')
let registry: FakeRegistry
let ports: PolicyTestPorts

beforeEach(() => {
  registry = new FakeRegistry()
  const facts = { account, registry, certificateAttributes: () => ({}) }
  const devices = deviceAuthorization({ ...facts, decisions: new DecisionLog({ nowMs: () => 0 }) })
  ports = {
    ...facts,
    devices,
    poolRole: (id) => refuse('ResourceNotFoundException', `IdentityPool '${id}' not found.`),
  }
  registry.certificates.add('c1')
  registry.setThing('t1')
  registry.attachThing('t1', principal)
  registry.addGroup('g')
  registry.addMember('g', 't1')
  registry.setPolicy('own', {
    Effect: 'Allow',
    Action: ['iot:Publish', 'iot:Connect'],
    Resource: [arn('topic/${iot:Connection.Thing.ThingName}/*'), arn('client/t1')],
  })
  registry.setPolicy('group', {
    Effect: 'Deny',
    Action: 'iot:Publish',
    Resource: arn('topic/t1/closed'),
  })
  registry.setPolicy('more', { Effect: 'Allow', Action: 'iot:Receive', Resource: '*' })
  registry.attachPolicy('own', principal)
  registry.attachPolicy('group', arn('thinggroup/g'))
})

function call(operation: 'TestAuthorization' | 'GetEffectivePolicies', input: object): unknown {
  const outcome =
    operation === 'TestAuthorization'
      ? atOnce(testAuthorization(ports, input as TestAuthorizationRequest))
      : getEffectivePolicies(ports, input)
  return outcome.ok ? outcome.value : outcome.error
}

const named = (policyName: string): object => ({
  policyName,
  policyArn: arn(`policy/${policyName}`),
})

describe('TestAuthorization', () => {
  const test = (authInfo: object, more: object = {}): unknown =>
    call('TestAuthorization', { principal, clientId: 't1', authInfos: [authInfo], ...more })

  it('authz K2: decides each authInfo and names the policies it rests on', () => {
    const authInfo = { actionType: 'PUBLISH', resources: [arn('topic/t1/a')] }
    expect(test(authInfo)).toEqual({
      authResults: [
        {
          authInfo,
          allowed: { policies: [named('own')] },
          denied: { implicitDeny: { policies: [] }, explicitDeny: { policies: [] } },
          authDecision: 'ALLOWED',
          missingContextValues: [],
        },
      ],
    })
  })

  it('authz X23: one explicit deny decides, else one implicit', () => {
    const open = arn('topic/t1/a')
    const decision = (...resources: string[]): unknown => test({ actionType: 'PUBLISH', resources })
    expect(decision(open, arn('topic/t1/closed'))).toMatchObject({
      authResults: [
        { authDecision: 'EXPLICIT_DENY', denied: { explicitDeny: { policies: [named('group')] } } },
      ],
    })
    expect(decision(open, arn('topic/x'))).toMatchObject({
      authResults: [{ authDecision: 'IMPLICIT_DENY' }],
    })
  })

  it('authz K1: policies to add and to skip', () => {
    const receive = { actionType: 'RECEIVE', resources: [arn('topic/a')] }
    expect(test(receive)).toMatchObject({ authResults: [{ authDecision: 'IMPLICIT_DENY' }] })
    expect(test(receive, { policyNamesToAdd: ['more'] })).toMatchObject({
      authResults: [{ authDecision: 'ALLOWED' }],
    })
    const closed = { actionType: 'PUBLISH', resources: [arn('topic/t1/closed')] }
    expect(test(closed, { policyNamesToSkip: ['group'] })).toMatchObject({
      authResults: [{ authDecision: 'ALLOWED' }],
    })
    expect(test(receive, { policyNamesToAdd: ['none'] })).toMatchObject({
      code: 'ResourceNotFoundException',
    })
  })

  it('authz K2: tells which context values were missing', () => {
    const result = test(
      { actionType: 'PUBLISH', resources: [arn('topic/t1/a')] },
      { clientId: undefined },
    )
    expect(result).toMatchObject({
      authResults: [
        { authDecision: 'IMPLICIT_DENY', missingContextValues: ['iot:Connection.Thing.ThingName'] },
      ],
    })
  })

  it('refuses what it cannot test', () => {
    const authInfo = { actionType: 'CONNECT', resources: [arn('client/t1')] }
    expect(test(authInfo, { principal: arn('cert/c2') })).toMatchObject({
      code: 'ResourceNotFoundException',
    })
    expect(test(authInfo, { principal: undefined })).toMatchObject({
      code: 'InvalidRequestException',
    })
    expect(test(authInfo, { cognitoIdentityPoolId: 'us-east-1:1' })).toMatchObject({
      code: 'ResourceNotFoundException',
    })
    expect(test({ resources: [] })).toMatchObject({ code: 'InvalidRequestException' })
    expect(test({ actionType: 'CONNECT' })).toMatchObject({ code: 'InvalidRequestException' })
  })
})

describe('GetEffectivePolicies', () => {
  const names = (input: object): unknown => {
    const { effectivePolicies } = call('GetEffectivePolicies', input) as {
      effectivePolicies: { policyName: string }[]
    }
    return effectivePolicies.map(({ policyName }) => policyName)
  }

  it("authz K4: the principal's policies, and the thing's groups' with a thing name", () => {
    expect(names({ principal })).toEqual(['own'])
    expect(names({ principal, thingName: 't1' })).toEqual(['own', 'group'])
    expect(names({ thingName: 't1' })).toEqual(['group'])
  })

  it('refuses nothing at all, and what is not there', () => {
    expect(call('GetEffectivePolicies', {})).toMatchObject({
      code: 'InvalidRequestException',
    })
    expect(call('GetEffectivePolicies', { thingName: 'x' })).toMatchObject({
      code: 'ResourceNotFoundException',
    })
  })
})
