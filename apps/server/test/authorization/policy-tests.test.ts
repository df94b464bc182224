/**
 * TestAuthorization and GetEffectivePolicies.
 */
import { beforeEach, describe, expect, it } from 'vitest'

import { DecisionLog } from '../../src/authorization/decision-log.ts'
import { deviceAuthorization } from '../../src/authorization/device-authorization.ts'
import type { OperationHandlers } from '../../src/operations/operation.ts'
import { policyTestOperations } from '../../src/operations/policy-tests.ts'
import { account, arn, FakeRegistry } from './fake-registry.ts'

const principal = arn('cert/c1')
let registry: FakeRegistry
let operations: OperationHandlers

beforeEach(() => {
  registry = new FakeRegistry()
  const ports = { account, registry, certificateAttributes: () => ({}) }
  const devices = deviceAuthorization({ ...ports, decisions: new DecisionLog({ nowMs: () => 0 }) })
  operations = policyTestOperations({ ...ports, devices })
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

async function call(operation: string, input: object): Promise<unknown> {
  const outcome = await operations[operation]?.({
    service: 'iot',
    operation,
    input: input as Readonly<Record<string, unknown>>,
    caller: { kind: 'operator', arn: '', userName: '', accessKeyId: '' },
    nowMs: 0,
    sourceIp: '127.0.0.1',
    isGone: () => false,
  })
  if (outcome === undefined) throw new Error(`no handler for ${operation}`)
  return outcome.ok ? outcome.value : outcome.error
}

const named = (policyName: string): object => ({
  policyName,
  policyArn: arn(`policy/${policyName}`),
})

describe('TestAuthorization', () => {
  const test = (authInfo: object, more: object = {}): Promise<unknown> =>
    call('TestAuthorization', { principal, clientId: 't1', authInfos: [authInfo], ...more })

  it('authz K2: decides each authInfo and names the policies it rests on', async () => {
    const authInfo = { actionType: 'PUBLISH', resources: [arn('topic/t1/a')] }
    expect(await test(authInfo)).toEqual({
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

  it('authz X23: one explicit deny decides, else one implicit', async () => {
    const open = arn('topic/t1/a')
    const decision = (...resources: string[]): Promise<unknown> =>
      test({ actionType: 'PUBLISH', resources })
    expect(await decision(open, arn('topic/t1/closed'))).toMatchObject({
      authResults: [
        { authDecision: 'EXPLICIT_DENY', denied: { explicitDeny: { policies: [named('group')] } } },
      ],
    })
    expect(await decision(open, arn('topic/x'))).toMatchObject({
      authResults: [{ authDecision: 'IMPLICIT_DENY' }],
    })
  })

  it('authz K1: policies to add and to skip', async () => {
    const receive = { actionType: 'RECEIVE', resources: [arn('topic/a')] }
    expect(await test(receive)).toMatchObject({ authResults: [{ authDecision: 'IMPLICIT_DENY' }] })
    expect(await test(receive, { policyNamesToAdd: ['more'] })).toMatchObject({
      authResults: [{ authDecision: 'ALLOWED' }],
    })
    const closed = { actionType: 'PUBLISH', resources: [arn('topic/t1/closed')] }
    expect(await test(closed, { policyNamesToSkip: ['group'] })).toMatchObject({
      authResults: [{ authDecision: 'ALLOWED' }],
    })
    expect(await test(receive, { policyNamesToAdd: ['none'] })).toMatchObject({
      code: 'ResourceNotFoundException',
    })
  })

  it('authz K2: tells which context values were missing', async () => {
    const result = await test(
      { actionType: 'PUBLISH', resources: [arn('topic/t1/a')] },
      { clientId: undefined },
    )
    expect(result).toMatchObject({
      authResults: [
        { authDecision: 'IMPLICIT_DENY', missingContextValues: ['iot:Connection.Thing.ThingName'] },
      ],
    })
  })

  it('refuses what it cannot test', async () => {
    const authInfo = { actionType: 'CONNECT', resources: [arn('client/t1')] }
    expect(await test(authInfo, { principal: arn('cert/c2') })).toMatchObject({
      code: 'ResourceNotFoundException',
    })
    expect(await test(authInfo, { principal: undefined })).toMatchObject({
      code: 'InvalidRequestException',
    })
    expect(
      await test(authInfo, { principal: 'us-east-1:11111111-2222-3333-4444-555555555555' }),
    ).toMatchObject({ code: 'InvalidRequestException' })
    expect(await test({ resources: [] })).toMatchObject({ code: 'InvalidRequestException' })
    expect(await test({ actionType: 'CONNECT' })).toMatchObject({ code: 'InvalidRequestException' })
  })
})

describe('GetEffectivePolicies', () => {
  const names = async (input: object): Promise<unknown> => {
    const { effectivePolicies } = (await call('GetEffectivePolicies', input)) as {
      effectivePolicies: { policyName: string }[]
    }
    return effectivePolicies.map(({ policyName }) => policyName)
  }

  it("authz K4: the principal's policies, and the thing's groups' with a thing name", async () => {
    expect(await names({ principal })).toEqual(['own'])
    expect(await names({ principal, thingName: 't1' })).toEqual(['own', 'group'])
    expect(await names({ thingName: 't1' })).toEqual(['group'])
  })

  it('refuses nothing at all, and what is not there', async () => {
    expect(await call('GetEffectivePolicies', {})).toMatchObject({
      code: 'InvalidRequestException',
    })
    expect(await call('GetEffectivePolicies', { thingName: 'x' })).toMatchObject({
      code: 'ResourceNotFoundException',
    })
  })
})
