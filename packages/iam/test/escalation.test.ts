/** Ways to more rights than one was given, each closed. */
import { describe, expect, it } from 'vitest'
import {
  assumeRole,
  getFederationToken,
  identityKeys,
  sessionIdentity,
  type Identity,
} from '../src/index.ts'
import { accountId, accountOf, document, trust } from './account.ts'
import { StsFixture } from './sts-fixture.ts'

const roleArn = (name: string): string => `arn:aws:iam::${accountId}:role/${name}`

it('identities I13, I39: a role’s unique id in a trust stands for the role, and session documents count', () => {
  const id = 'AROAEXAMPLEEXAMPLE12'
  const world = new StsFixture(
    accountOf({
      users: [{ userName: 'ann' }],
      roles: [
        { roleName: 'first', roleId: id, trust: trust('*'), policies: [document('Allow', '*')] },
        { roleName: 'second', trust: trust({ AWS: id }), policies: [document('Allow', '*')] },
      ],
    }),
  )
  const assume = (caller: Identity, role: string, Policy?: string): boolean =>
    assumeRole(world.call(caller), { RoleArn: roleArn(role), RoleSessionName: 's1', Policy }).ok
  expect(assume(world.user('ann'), 'first')).toBe(true)
  expect(assume(world.newest(), 'second')).toBe(true)
  expect(assume(world.user('ann'), 'first', JSON.stringify(document('Allow', 'iot:*')))).toBe(true)
  expect(assume(world.newest(), 'second')).toBe(false)
})

it('identities I54, I55: root’s federated user has what its document allows', () => {
  const world = new StsFixture(accountOf({}))
  const Policy = JSON.stringify(document('Allow', 'iot:ListThings'))
  expect(getFederationToken(world.call(world.root()), { Name: 'fred', Policy }).ok).toBe(true)
  expect(world.may(world.newest(), 'iot:ListThings')).toBe('allow')
  expect(world.may(world.newest(), 'iot:Publish')).toBe('implicitDeny session')
  expect(getFederationToken(world.call(world.root()), { Name: 'fred' }).ok).toBe(true)
  expect(world.may(world.newest(), 'iot:ListThings')).toBe('implicitDeny session')
})

describe('identities I48: tag keys', () => {
  const world = new StsFixture(
    accountOf({
      users: [{ userName: 'ann' }],
      roles: [{ roleName: 'r', trust: trust('*', ['sts:AssumeRole', 'sts:TagSession']) }],
    }),
  )
  const tagged = (Key: string, more: object = {}): ReturnType<typeof assumeRole> =>
    assumeRole(world.call(world.user('ann')), {
      RoleArn: roleArn('r'),
      RoleSessionName: 's1',
      Tags: [{ Key, Value: 'x' }],
      ...more,
    })

  it('`__proto__` is one like any other, transitive too', () => {
    expect(tagged('__proto__', { TransitiveTagKeys: ['__proto__'] }).ok).toBe(true)
    const [session] = world.sessions
    const sealed = session && (JSON.parse(JSON.stringify(session)) as typeof session)
    const identity = sealed && sessionIdentity(world.iam, sealed)
    expect(Object.entries(identity ? identityKeys(identity) : {})).toContainEqual([
      'aws:PrincipalTag/__proto__',
      'x',
    ])
  })

  it('those of AWS are refused', () => {
    expect(tagged('aws:x')).toMatchObject({ ok: false, error: { code: 'InvalidParameterValue' } })
  })
})
