import { describe, expect, it } from 'vitest'
import {
  createIdentityPool,
  getCredentialsForIdentity,
  getId,
  setIdentityPoolRoles,
} from '../src/index.ts'
import { login, providerArn, refusal, roleArn, value, World } from './world.ts'

/** A pool whose authenticated role is `Auth`, with these mappings. */
function pool(world: World, mappings: object): string {
  const { IdentityPoolId } = value(
    createIdentityPool(world.state, {
      IdentityPoolName: 'p',
      AllowUnauthenticatedIdentities: false,
      OpenIdConnectProviderARNs: [providerArn],
    }),
  ) as { IdentityPoolId: string }
  const Roles = { authenticated: roleArn('Auth') }
  value(setIdentityPoolRoles(world.state, { Roles, ...mappings, IdentityPoolId }))
  return IdentityPoolId
}

const id = (world: World, IdentityPoolId: string): string =>
  value(getId(world.state, { IdentityPoolId, Logins: login('u1') }, world.call)).IdentityId

describe('identities I75: role mappings', () => {
  const rules = (resolution: string): object => ({
    RoleMappings: {
      [providerArn]: {
        Type: 'Rules',
        AmbiguousRoleResolution: resolution,
        RulesConfiguration: {
          Rules: [
            { Claim: 'team', MatchType: 'Equals', Value: 'ops', RoleARN: roleArn('Ops') },
            { Claim: 'mail', MatchType: 'StartsWith', Value: 'root@', RoleARN: roleArn('Ops') },
            { Claim: 'team', MatchType: 'NotEqual', Value: 'dev', RoleARN: roleArn('Ops') },
          ],
        },
      },
    },
  })
  const as = (world: World, p: string, claims: object): string => {
    const input = { IdentityId: id(world, p), Logins: login('u1', claims) }
    const outcome = getCredentialsForIdentity(world.state, input, world.call)
    return outcome.ok ? (world.sessions.at(-1)?.principal ?? '') : refusal(outcome)
  }

  it('rules: the first match wins, a claim that is not there matches nothing', () => {
    const world = new World()
    const p = pool(world, rules('AuthenticatedRole'))
    expect(as(world, p, { team: 'ops' })).toBe('Ops')
    expect(as(world, p, { mail: 'root@x', team: 'dev' })).toBe('Ops')
    expect(as(world, p, { team: 'qa' })).toBe('Ops')
    expect(as(world, p, { team: 'dev' })).toBe('Auth')
    expect(as(world, p, {})).toBe('Auth')
    const strict = pool(world, rules('Deny'))
    expect(as(world, strict, {})).toBe(
      'NotAuthorizedException: The ambiguous role mapping rules denied this request',
    )
  })

  it('token: the preferred role, the only one, or the one asked for', () => {
    const world = new World()
    const p = pool(world, {
      RoleMappings: { [providerArn]: { Type: 'Token', AmbiguousRoleResolution: 'Deny' } },
    })
    expect(as(world, p, { 'cognito:roles': [roleArn('Ops')] })).toBe('Ops')
    expect(
      as(world, p, {
        'cognito:roles': [roleArn('Ops'), roleArn('Auth')],
        'cognito:preferred_role': roleArn('Auth'),
      }),
    ).toBe('Auth')
    expect(as(world, p, { 'cognito:roles': [roleArn('Ops'), roleArn('Auth')] })).toMatch(
      /^NotAuthorizedException/,
    )
    const asked = (CustomRoleArn: string): string =>
      refusal(
        getCredentialsForIdentity(
          world.state,
          {
            IdentityId: id(world, p),
            Logins: login('u1', { 'cognito:roles': [roleArn('Ops')] }),
            CustomRoleArn,
          },
          world.call,
        ),
      )
    expect(asked(roleArn('Ops'))).toBe('ok')
    expect(asked(roleArn('Auth'))).toMatch(/^NotAuthorizedException/)
  })

  it.each(['AuthenticatedRole', 'Deny'] as const)(
    'identities I75: a role that is asked for is granted or refused, never another (%s)',
    (AmbiguousRoleResolution) => {
      const world = new World()
      const asked = (mapping: object, claims: object, CustomRoleArn: string): string => {
        const p = pool(world, { RoleMappings: { [providerArn]: mapping } })
        const IdentityId = id(world, p)
        const input = { IdentityId, Logins: login('u1', claims), CustomRoleArn }
        const outcome = getCredentialsForIdentity(world.state, input, world.call)
        return outcome.ok ? (world.sessions.at(-1)?.principal ?? '') : refusal(outcome)
      }
      const token = { Type: 'Token', AmbiguousRoleResolution }
      const listed = { 'cognito:roles': `${roleArn('Auth')},${roleArn('Ops')}` }
      const forbidden = (name: string): string =>
        `NotAuthorizedException: Access to Role '${roleArn(name)}' is forbidden.`
      expect(asked(token, listed, roleArn('Ops'))).toBe('Ops')
      expect(asked(token, { 'cognito:preferred_role': roleArn('Auth') }, roleArn('Ops'))).toBe(
        forbidden('Ops'),
      )
      const byTeam = (name: string, Value: string): object => ({
        Claim: 'team',
        MatchType: 'StartsWith',
        Value,
        RoleARN: roleArn(name),
      })
      const Rules = [byTeam('Auth', 'o'), byTeam('Ops', 'ops'), byTeam('Guest', 'x')]
      const rule = { Type: 'Rules', AmbiguousRoleResolution, RulesConfiguration: { Rules } }
      expect(asked(rule, { team: 'ops' }, roleArn('Ops'))).toBe('Ops')
      expect(asked(rule, { team: 'ops' }, roleArn('Guest'))).toBe(forbidden('Guest'))
    },
  )
})
