/** Denials by cause, and the changes that would allow them. */
import { describe, expect, it } from 'vitest'
import { causesOf, resourcePattern } from '../src/denials/causes.ts'
import type { ExplainedDenial } from '../src/denials/decision.ts'
import { fixesFor, isMended, type FixInput } from '../src/denials/fixes.ts'
import { withTold } from '../src/denials/newest-denials.ts'
import { iamStatement, resourceEntry } from '../src/denials/statements.ts'
import { explainHere } from '../src/policies/evaluate.ts'

const account = { partition: 'aws', region: 'eu-west-1', accountId: '123456789012' }
const arn = (resource: string): string => `arn:aws:iot:eu-west-1:123456789012:${resource}`
const certificateId = 'a'.repeat(64)
const thing = { thingName: 'lamp' }

/** A denial as the server tells it, by the server's rules. */
function denied(
  statements: readonly object[],
  action: string,
  resource: string,
  clientId = 'lamp',
): FixInput {
  const document = JSON.stringify({ Version: '2012-10-17', Statement: statements })
  const policies = statements.length === 0 ? [] : [{ policyName: 'p', document }]
  const facts = { protocol: 'mqtt', clientId, attached: [thing], certificateId } as const
  const explanation = explainHere(policies, facts, { account, action, resource: arn(resource) })
  if (typeof explanation === 'string') throw new Error(explanation)
  return {
    denial: denialOf(explanation, clientId),
    account,
    policies,
    attached: [thing],
    others: [],
    isThing: false,
  }
}

function denialOf(explanation: ExplainedDenial['explanation'], clientId: string): ExplainedDenial {
  return {
    id: '1',
    kind: 'policy',
    effect: explanation.decision === 'explicitDeny' ? 'explicitDeny' : 'implicitDeny',
    action: explanation.action,
    reason: 'AUTHORIZATION_FAILED',
    clientId,
    thingName: clientId === 'lamp' ? 'lamp' : null,
    principalId: certificateId,
    principal: arn(`cert/${certificateId}`),
    sourceIp: '127.0.0.1',
    resource: explanation.resource,
    protocol: 'mqtt',
    summary: explanation.summary,
    hint: '',
    firstAtMs: 1,
    lastAtMs: 2,
    count: 1,
    explanation,
  }
}

const connect = { Effect: 'Allow', Action: 'iot:Connect', Resource: '*' }
const publish = { Effect: 'Allow', Action: 'iot:Publish', Resource: arn('topic/lamp/state') }
const titles = (input: FixInput): readonly string[] => fixesFor(input).map(({ title }) => title)

describe('fixes', () => {
  it('widen the nearest statement, with the thing’s name as its variable', () => {
    const fixes = fixesFor(denied([connect, publish], 'iot:Publish', 'topic/lamp/lamp/x'))
    expect(fixes.map(({ kind }) => kind)).toEqual(['version', 'version', 'policy'])
    expect(fixes[0]).toMatchObject({
      title: 'Add the resource to statement 1 of policy p',
      after: expect.stringContaining(
        'topic/${iot:Connection.Thing.ThingName}/${iot:Connection.Thing.ThingName}/x',
      ),
    })
  })

  it('add a statement where none speaks of the action', () => {
    expect(titles(denied([connect], 'iot:Publish', 'topic/lamp/x'))).toEqual([
      'Add a statement to policy p',
      'Make a policy for this device alone',
    ])
  })

  it('attach a policy that would do where there is none, and no other', () => {
    const input = denied([], 'iot:Connect', 'client/lamp')
    const document = JSON.stringify({ Version: '2012-10-17', Statement: [connect] })
    const others = [
      { policyName: 'good', document },
      { policyName: 'other', document: document.replace('iot:Connect', 'iot:Publish') },
      { policyName: 'unread', document: '' },
    ]
    expect(titles({ ...input, others })).toEqual([
      'Attach policy good',
      'Make a policy for this device alone',
    ])
  })

  it('take back a Deny, entry by entry, and allow what nothing else does', () => {
    const deny = {
      Effect: 'Deny',
      Action: 'iot:Publish',
      Resource: [arn('topic/a'), arn('topic/b')],
    }
    const all = { Effect: 'Allow', Action: 'iot:*', Resource: '*' }
    const [entry, ...none] = fixesFor(denied([all, deny], 'iot:Publish', 'topic/a'))
    expect(none).toEqual([])
    expect(entry).toMatchObject({ title: 'Take the Deny of statement 1 back' })
    expect(JSON.parse((entry as { after: string }).after).Statement[1].Resource).toEqual([
      arn('topic/b'),
    ])
    expect(titles(denied([connect, deny], 'iot:Publish', 'topic/a'))).toEqual([
      'Take the Deny of statement 1 back and allow the request',
    ])
  })

  it('attach a certificate without things to the one that it claims to be', () => {
    const variable = { ...connect, Resource: arn('client/${iot:Connection.Thing.ThingName}') }
    const input = denied([variable], 'iot:Connect', 'client/mast', 'mast')
    expect(titles({ ...input, attached: [], isThing: true })[0]).toBe(
      'Attach the certificate to thing mast',
    )
    expect(titles({ ...input, attached: [], isThing: false })[0]).not.toContain('Attach')
  })

  it('are none any more once the policies allow it, or the certificate is active', () => {
    const input = denied([connect], 'iot:Publish', 'topic/x')
    expect(isMended(input)).toBe(false)
    const all = { Effect: 'Allow', Action: 'iot:*', Resource: '*' }
    const document = JSON.stringify({ Version: '2012-10-17', Statement: [all] })
    expect(isMended({ ...input, policies: [{ policyName: 'p', document }] })).toBe(true)
    const denial = { ...input.denial, kind: 'certificate' }
    const asleep = { ...input, denial, certificateStatus: 'INACTIVE' }
    expect(titles(asleep)).toEqual(['Activate the certificate'])
    expect(isMended({ ...asleep, certificateStatus: 'ACTIVE' })).toBe(true)
    expect(titles({ ...asleep, certificateStatus: 'REVOKED' })).toEqual([])
  })

  it('leave operators, whose policies are IAM’s, alone', () => {
    const input = denied([connect], 'iot:Publish', 'topic/x')
    const principal = 'arn:aws:iam::123456789012:user/ada'
    const denial = { ...input.denial, principal }
    expect(fixesFor({ ...input, denial })).toEqual([])
    expect(iamStatement(denial)).toEqual({
      Effect: 'Allow',
      Action: 'iot:Publish',
      Resource: arn('topic/x'),
    })
    expect(iamStatement(input.denial)).toBeUndefined()
  })

  it('of an identity are made of what is attached to it, and of a guest none', () => {
    const input = denied([connect], 'iot:Publish', 'topic/x', 'app')
    const identityId = 'eu-west-1:11111111-2222-3333-4444-555555555555'
    const denial = {
      ...input.denial,
      principal: 'arn:aws:sts::123456789012:assumed-role/app/session',
      principalId: 'AKIA',
      principalKind: 'cognito-auth',
      cognitoIdentityId: identityId,
    }
    expect(fixesFor({ ...input, attached: [], denial })).toMatchObject([
      { title: 'Add a statement to policy p' },
      { title: 'Make a policy for this identity alone', target: identityId },
    ])
    const guest = { ...denial, principalKind: 'cognito-guest' }
    expect(fixesFor({ ...input, attached: [], denial: guest })).toEqual([])
    expect(iamStatement(guest)).toBeDefined()
  })

  it('write wildcards of a topic as text', () => {
    expect(resourceEntry(arn('topic/a*b/${c'), undefined)).toBe(arn('topic/a${*}b/${$}{c'))
    expect(resourceEntry(arn('topic/topic/x'), 'topic')).toBe(
      arn('topic/${iot:Connection.Thing.ThingName}/x'),
    )
  })
})

describe('causes', () => {
  it('join denials that differ in who asked, and count them', () => {
    const [first] = [denied([connect], 'iot:Publish', 'topic/lamp/x').denial]
    const second = {
      ...first,
      id: '2',
      clientId: 'mast',
      thingName: 'mast',
      resource: arn('topic/mast/x'),
      lastAtMs: 9,
      count: 3,
    }
    const other = { ...first, id: '3', resource: arn('topic/lamp/y') }
    expect(causesOf([first, second, other])).toMatchObject([
      { pattern: 'topic/${thing}/x', count: 4, refused: 2, newest: { id: '2' } },
      { pattern: 'topic/${thing}/y', count: 1, refused: 1 },
    ])
  })

  it('take made names out of what was denied', () => {
    const { denial } = denied([connect], 'iot:Publish', 'topic/x')
    const pattern = (resource: string): string => resourcePattern({ ...denial, resource })
    expect(pattern(arn('topic/run/17/0f8fad5b-d9cb-469f-a165-70867728950e'))).toBe('topic/run/*/*')
    expect(pattern(arn('client/lamp'))).toBe('client/${thing}')
    expect(pattern('GET /things')).toBe('GET /things')
  })

  it('keep the newest telling of a denial', () => {
    const { denial } = denied([connect], 'iot:Publish', 'topic/x')
    const later = { ...denial, count: 2, lastAtMs: 5 }
    expect(withTold([later], [denial])).toEqual([later])
    expect(withTold([denial], [later])).toEqual([later])
  })
})
