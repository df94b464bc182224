import { describe, expect, it } from 'vitest'
import {
  createIdentityPool,
  deleteIdentityPool,
  describeIdentityPool,
  getId,
  getIdentityPoolRoles,
  listIdentities,
  listIdentityPools,
  listPoolTags,
  setIdentityPoolRoles,
  tagPool,
  untagPool,
  updateIdentityPool,
} from '../src/index.ts'
import { providerArn, refusal, roleArn, value, World } from './world.ts'

const members = { IdentityPoolName: 'p', AllowUnauthenticatedIdentities: true }
const poolId = (pool: object): string => (pool as { IdentityPoolId: string }).IdentityPoolId

describe('identities I71, I72: pools', () => {
  it('a pool has what it was given, and its tags', () => {
    const { state } = new World()
    const pool = value(createIdentityPool(state, members))
    expect(pool).toEqual({
      ...members,
      IdentityPoolId: expect.stringMatching(
        /^us-east-1:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/,
      ),
      IdentityPoolTags: {},
    })
    expect(value(describeIdentityPool(state, { IdentityPoolId: poolId(pool) }))).toEqual(pool)
    expect(refusal(describeIdentityPool(state, { IdentityPoolId: 'us-east-1:x' }))).toBe(
      "ResourceNotFoundException: IdentityPool 'us-east-1:x' not found.",
    )
  })

  it('an update clears what it does not give; the developer name stays', () => {
    const { state } = new World()
    const pool = poolId(
      value(
        createIdentityPool(state, {
          ...members,
          AllowClassicFlow: true,
          DeveloperProviderName: 'dev',
          IdentityPoolTags: { a: 'b' },
        }),
      ),
    )
    expect(
      value(
        updateIdentityPool(state, {
          ...members,
          IdentityPoolId: pool,
          DeveloperProviderName: 'dev',
        }),
      ),
    ).toEqual({
      ...members,
      IdentityPoolId: pool,
      DeveloperProviderName: 'dev',
      IdentityPoolTags: { a: 'b' },
    })
    expect(
      refusal(
        updateIdentityPool(state, {
          ...members,
          IdentityPoolId: pool,
          DeveloperProviderName: 'other',
        }),
      ),
    ).toMatch(/^InvalidParameterException: DeveloperProviderName cannot change/)
  })

  it('identities I73: an OIDC provider has to be declared', () => {
    const { state } = new World()
    expect(
      refusal(
        createIdentityPool(state, { ...members, OpenIdConnectProviderARNs: [`${providerArn}x`] }),
      ),
    ).toMatch(/^InvalidParameterException/)
    expect(
      createIdentityPool(state, { ...members, OpenIdConnectProviderARNs: [providerArn] }).ok,
    ).toBe(true)
  })

  it('lists in order of creation, page by page, and survives a restart', () => {
    const world = new World()
    const ids = [1, 2, 3].map(() => poolId(value(createIdentityPool(world.state, members))))
    world.state = world.open()
    const first = value(listIdentityPools(world.state, { MaxResults: 2 })) as {
      IdentityPools: { IdentityPoolId: string }[]
      NextToken: string
    }
    const second = value(
      listIdentityPools(world.state, { MaxResults: 2, NextToken: first.NextToken }),
    ) as typeof first
    expect(
      [...first.IdentityPools, ...second.IdentityPools].map((pool) => pool.IdentityPoolId),
    ).toEqual(ids)
    expect(second.NextToken).toBeUndefined()
    expect(refusal(listIdentityPools(world.state, { MaxResults: 2, NextToken: 'x' }))).toMatch(
      /^InvalidParameterException/,
    )
  })

  it('deleting one removes its identities', () => {
    const world = new World()
    const pool = poolId(value(createIdentityPool(world.state, members)))
    value(getId(world.state, { IdentityPoolId: pool }, world.call))
    expect(
      value(listIdentities(world.state, { IdentityPoolId: pool, MaxResults: 10 })),
    ).toMatchObject({ Identities: [{}] })
    value(deleteIdentityPool(world.state, { IdentityPoolId: pool }))
    expect(world.records.size).toBe(0)
  })

  it('tags', () => {
    const { state } = new World()
    const ResourceArn = `arn:aws:cognito-identity:us-east-1:123456789012:identitypool/${poolId(value(createIdentityPool(state, members)))}`
    value(tagPool(state, { ResourceArn, Tags: { a: '1', b: '2' } }))
    value(untagPool(state, { ResourceArn, TagKeys: ['a'] }))
    expect(value(listPoolTags(state, { ResourceArn }))).toEqual({ Tags: { b: '2' } })
    expect(refusal(listPoolTags(state, { ResourceArn: 'arn:x' }))).toMatch(
      /^InvalidParameterException/,
    )
  })
})

describe('identities I74: roles', () => {
  it('replaces all; a foreign role is refused, an absent one is looked at on use', () => {
    const { state } = new World()
    const IdentityPoolId = poolId(value(createIdentityPool(state, members)))
    value(
      setIdentityPoolRoles(state, {
        IdentityPoolId,
        Roles: { authenticated: roleArn('Auth'), unauthenticated: roleArn('None') },
      }),
    )
    value(
      setIdentityPoolRoles(state, { IdentityPoolId, Roles: { authenticated: roleArn('Auth') } }),
    )
    expect(value(getIdentityPoolRoles(state, { IdentityPoolId }))).toEqual({
      IdentityPoolId,
      Roles: { authenticated: roleArn('Auth') },
    })
    expect(
      refusal(
        setIdentityPoolRoles(state, {
          IdentityPoolId,
          Roles: { authenticated: 'arn:aws:iam::999999999999:role/x' },
        }),
      ),
    ).toBe(
      "NotAuthorizedException: Access to Role 'arn:aws:iam::999999999999:role/x' is forbidden.",
    )
    expect(
      refusal(setIdentityPoolRoles(state, { IdentityPoolId, Roles: { other: roleArn('Auth') } })),
    ).toMatch(/^InvalidParameterException/)
  })
})
