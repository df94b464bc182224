import { describe, expect, it } from 'vitest'
import {
  checkDeclaredPool,
  declarePools,
  deleteIdentityPool,
  describeIdentityPool,
  getId,
  getIdentityPoolRoles,
  listIdentities,
  setIdentityPoolRoles,
  updateIdentityPool,
  type DeclaredPool,
} from '../src/index.ts'
import { providerArn, refusal, roleArn, value, World } from './world.ts'

const identityPoolId = 'us-east-1:11111111-2222-4333-8444-555555555555'
const IdentityPoolId = identityPoolId
const declared: DeclaredPool = {
  identityPoolId,
  members: { IdentityPoolName: 'app', AllowUnauthenticatedIdentities: true },
  roles: { Roles: { unauthenticated: roleArn('Guest') } },
}

describe('pools of a file', () => {
  it('are there under their id, with their roles', () => {
    const { state, call } = new World()
    declarePools(state, [declared])
    expect(value(describeIdentityPool(state, { IdentityPoolId }))).toEqual({
      IdentityPoolId,
      ...declared.members,
      IdentityPoolTags: {},
    })
    expect(value(getIdentityPoolRoles(state, { IdentityPoolId }))).toEqual({
      IdentityPoolId,
      ...declared.roles,
    })
    expect(value(getId(state, { IdentityPoolId }, call)).IdentityId).toMatch(/^us-east-1:/)
  })

  it('keep their identities and what the API changed, until the file is edited', () => {
    const world = new World()
    declarePools(world.state, [declared])
    value(getId(world.state, { IdentityPoolId }, world.call))
    value(setIdentityPoolRoles(world.state, { IdentityPoolId, Roles: {} }))
    value(updateIdentityPool(world.state, { ...declared.members, IdentityPoolId }))
    const restarted = world.open()
    declarePools(restarted, [declared])
    expect(value(getIdentityPoolRoles(restarted, { IdentityPoolId }))).toMatchObject({ Roles: {} })
    const edited = { ...declared, roles: { Roles: { authenticated: roleArn('Auth') } } }
    declarePools(restarted, [edited])
    expect(value(getIdentityPoolRoles(restarted, { IdentityPoolId }))).toMatchObject(edited.roles)
    const listed = value(listIdentities(restarted, { IdentityPoolId, MaxResults: 60 }))
    expect((listed as { Identities: object[] }).Identities).toHaveLength(1)
  })

  it('are there again after they were deleted, and stay when the file no longer has them', () => {
    const world = new World()
    declarePools(world.state, [declared])
    value(deleteIdentityPool(world.state, { IdentityPoolId }))
    const restarted = world.open()
    declarePools(restarted, [declared])
    declarePools(restarted, [])
    expect(refusal(describeIdentityPool(restarted, { IdentityPoolId }))).toBe('ok')
  })

  it.each([
    [
      'a provider that is not declared',
      {
        ...declared,
        members: { ...declared.members, OpenIdConnectProviderARNs: [`${providerArn}x`] },
      },
      /OpenID Connect provider '.*realmx' is not declared/,
    ],
    [
      'a role that is not there',
      { ...declared, roles: { Roles: { authenticated: roleArn('Autth') } } },
      /Role '.*Autth' is not declared/,
    ],
    [
      'a role of another account',
      { ...declared, roles: { Roles: { authenticated: 'arn:aws:iam::999999999999:role/Auth' } } },
      /Access to Role '.*' is forbidden/,
    ],
    [
      'a kind that does not exist',
      { ...declared, roles: { Roles: { guest: roleArn('Guest') } } },
      /expected authenticated or unauthenticated, found 'guest'/,
    ],
  ])('refuse %s', (_, pool, message) => {
    const { iam, state } = new World()
    expect(refusal(checkDeclaredPool(pool, state.ports.account, iam))).toMatch(message)
  })
})
