import { cognitoIdentityOf } from '@muster/iam'
import { describe, expect, it } from 'vitest'
import { claimsOf } from '../../iam/test/identity-provider.ts'
import {
  createIdentityPool,
  deleteIdentities,
  describeIdentity,
  getCredentialsForIdentity,
  getId,
  getOpenIdToken,
  getOpenIdTokenForDeveloperIdentity,
  guestSessionPolicy,
  listIdentities,
  lookupDeveloperIdentity,
  setIdentityPoolRoles,
  type Logins,
  type PoolRoles,
} from '../src/index.ts'
import {
  host,
  login,
  nowMs,
  provider,
  providerArn,
  refusal,
  roleArn,
  userPool,
  value,
  World,
} from './world.ts'

const roles: PoolRoles['Roles'] = {
  authenticated: roleArn('Auth'),
  unauthenticated: roleArn('Guest'),
}

function pool(world: World, members: object = {}, given: object = { Roles: roles }): string {
  const made = value(
    createIdentityPool(world.state, {
      IdentityPoolName: 'p',
      AllowUnauthenticatedIdentities: true,
      OpenIdConnectProviderARNs: [providerArn],
      ...members,
    }),
  ) as { IdentityPoolId: string }
  value(
    setIdentityPoolRoles(world.state, {
      Roles: roles,
      ...given,
      IdentityPoolId: made.IdentityPoolId,
    }),
  )
  return made.IdentityPoolId
}

const id = (world: World, IdentityPoolId: string, Logins?: Logins): string =>
  value(getId(world.state, { IdentityPoolId, Logins }, world.call)).IdentityId
const credentials = (
  world: World,
  IdentityId: string,
  Logins?: Logins,
): ReturnType<typeof getCredentialsForIdentity> =>
  getCredentialsForIdentity(world.state, { IdentityId, Logins }, world.call)

describe('identities I76: GetId', () => {
  it('a guest is a new identity each time, a login always the same', () => {
    const world = new World()
    const p = pool(world)
    expect(id(world, p)).not.toBe(id(world, p))
    const known = id(world, p, login('u1'))
    expect(id(world, p, login('u1'))).toBe(known)
    expect(id(world, p, login('u2'))).not.toBe(known)
    world.state = world.open()
    expect(id(world, p, login('u1'))).toBe(known)
  })

  it('a pool without guests says so', () => {
    const world = new World()
    const p = pool(world, { AllowUnauthenticatedIdentities: false })
    expect(refusal(getId(world.state, { IdentityPoolId: p }, world.call))).toBe(
      'NotAuthorizedException: Unauthenticated access is not supported for this identity pool.',
    )
  })
})

describe('identities I77, I78: logins that are not believed', () => {
  const seconds = nowMs / 1000
  it.each([
    [
      'a provider the pool has not',
      { 'other.example.com': login('u1')[host] ?? '' },
      'Token is not from a supported provider of this identity pool.',
    ],
    [
      'an audience the provider has not',
      login('u1', { aud: 'other' }),
      'Token is not from a supported provider of this identity pool.',
    ],
    [
      'a party the provider has not',
      login('u1', { azp: 'other' }),
      'Token is not from a supported provider of this identity pool.',
    ],
    [
      'no JWT',
      { [host]: 'nonsense' },
      'Invalid login token. Not a valid OpenId Connect identity token.',
    ],
    [
      'no audience',
      login('u1', { aud: undefined }),
      'Invalid login token. Missing a required claim: aud',
    ],
    [
      'another issuer',
      login('u1', { iss: 'https://other' }),
      "Invalid login token. Issuer doesn't match providerName",
    ],
    [
      'expired beyond the grace',
      login('u1', { exp: seconds - 300 }),
      `Invalid login token. Token expired: ${seconds} >= ${seconds - 300}`,
    ],
    [
      'another key',
      { [host]: `${(login('u1')[host] ?? '').slice(0, -8)}AAAAAAAA` },
      "Invalid login token. Couldn't verify signed token.",
    ],
    [
      'a Cognito token',
      { 'cognito-identity.amazonaws.com': 'x' },
      "Invalid login token. Can't pass in a Cognito token.",
    ],
  ])('%s', (_, logins, message) => {
    const world = new World()
    expect(
      refusal(getId(world.state, { IdentityPoolId: pool(world), Logins: logins }, world.call)),
    ).toBe(`NotAuthorizedException: ${message}`)
  })

  it('the authorized party counts instead of the audience', () => {
    const world = new World()
    const token = login('u1', { aud: 'other', azp: 'app1' })
    expect(id(world, pool(world), token)).toMatch(/^us-east-1:/)
  })

  it('five minutes of grace', () => {
    const world = new World()
    expect(id(world, pool(world), login('u1', { exp: seconds - 299 }))).toMatch(/^us-east-1:/)
  })

  it('identities I73: nobody outside is asked', () => {
    const world = new World()
    const p = pool(world, { SupportedLoginProviders: { 'graph.facebook.com': '1' } })
    expect(
      refusal(
        getId(
          world.state,
          { IdentityPoolId: p, Logins: { 'graph.facebook.com': 'x' } },
          world.call,
        ),
      ),
    ).toMatch(/^ExternalServiceException/)
  })
})

describe('identities I79, I88, I90: credentials of the enhanced flow', () => {
  it('a guest gets the guests’ role, cut by Cognito', () => {
    const world = new World()
    const p = pool(world)
    const guest = id(world, p)
    expect(value(credentials(world, guest))).toEqual({
      IdentityId: guest,
      Credentials: {
        AccessKeyId: 'ASIA',
        SecretKey: 's',
        SessionToken: 't',
        Expiration: new Date(nowMs + 3_600_000),
      },
    })
    expect(world.sessions[0]).toMatchObject({
      kind: 'web-session',
      principal: 'Guest',
      name: 'CognitoIdentityCredentials',
      policy: guestSessionPolicy,
    })
    const identity = world.newest()
    expect(identity && cognitoIdentityOf(identity)).toEqual({
      identityId: guest,
      poolId: p,
      authenticated: false,
    })
  })

  it('identities I84: a login gets the authenticated role, uncut, with its user in amr', () => {
    const world = new World()
    const p = pool(world)
    const user = id(world, p, login('u1'))
    value(credentials(world, user, login('u1')))
    expect(world.sessions[0]).toMatchObject({
      principal: 'Auth',
      web: { subject: user, audience: p, amr: ['authenticated', host, `${providerArn}:OIDC:u1`] },
    })
    expect(world.sessions[0]?.policy).toBeUndefined()
  })

  it('a user pool’s login', () => {
    const world = new World()
    const p = pool(world, {
      CognitoIdentityProviders: [{ ProviderName: userPool, ClientId: 'client1' }],
    })
    const seconds = nowMs / 1000
    const logins = {
      [userPool]: provider.token({
        iss: `https://${userPool}`,
        sub: 'u1',
        aud: 'client1',
        exp: seconds + 60,
      }),
    }
    value(credentials(world, id(world, p, logins), logins))
    expect(world.sessions[0]?.web?.amr).toEqual([
      'authenticated',
      userPool,
      `${userPool}:CognitoSignIn:u1`,
    ])
  })
})

describe('identities I80, I82: who may act as an identity', () => {
  it('refuses strangers, and links a login to a guest', () => {
    const world = new World()
    const p = pool(world)
    const user = id(world, p, login('u1'))
    const other = id(world, p, login('u2'))
    expect(refusal(credentials(world, 'us-east-1:none'))).toBe(
      "ResourceNotFoundException: Identity 'us-east-1:none' not found.",
    )
    expect(refusal(credentials(world, user))).toBe(
      `NotAuthorizedException: Access to Identity '${user}' is forbidden.`,
    )
    const mismatch =
      "NotAuthorizedException: Logins don't match. Please include at least one valid login for this identity or identity pool."
    expect(refusal(credentials(world, user, login('u2')))).toBe(mismatch)
    expect(refusal(credentials(world, user, login('u3')))).toBe(mismatch)
    const guest = id(world, p)
    value(credentials(world, guest, login('u3')))
    expect(id(world, p, login('u3'))).toBe(guest)
    expect(value(describeIdentity(world.state, { IdentityId: guest }))).toMatchObject({
      Logins: [host],
    })
    expect(other).not.toBe(user)
  })

  it('identities I81: a pool that is not set up says so to the caller, and why to its owner', () => {
    const world = new World()
    const wrong = pool(world, {}, { Roles: { unauthenticated: roleArn('Auth') } })
    const message =
      'InvalidIdentityPoolConfigurationException: Invalid identity pool configuration. Check assigned IAM roles for this pool.'
    expect(refusal(credentials(world, id(world, wrong)))).toBe(message)
    expect(refusal(credentials(world, id(world, wrong, login('u1')), login('u1')))).toBe(message)
    const none = pool(
      world,
      {},
      { Roles: { unauthenticated: roleArn('None'), authenticated: roleArn('Untrusting') } },
    )
    expect(refusal(credentials(world, id(world, none)))).toBe(message)
    expect(refusal(credentials(world, id(world, none, login('u1')), login('u1')))).toBe(message)
    expect(world.refusedRoles.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('trust policy of role Auth does not let'),
      'the pool has no role for authenticated identities',
      `there is no role ${roleArn('None')}`,
      'role Untrusting has no trust policy',
    ])
  })
})

describe('identities I83, I85: the token of the basic flow', () => {
  it('says who, for ten minutes', () => {
    const world = new World()
    const p = pool(world)
    const guest = id(world, p)
    const { Token } = value(getOpenIdToken(world.state, { IdentityId: guest }, world.call)) as {
      Token: string
    }
    expect(claimsOf(Token)).toEqual({
      iss: 'https://cognito-identity.amazonaws.com',
      aud: p,
      sub: guest,
      amr: ['unauthenticated'],
      iat: nowMs / 1000,
      exp: nowMs / 1000 + 600,
    })
  })

  it('is refused where the pool forbids it, or maps roles', () => {
    const world = new World()
    const token = (members: object, given: object = {}): string =>
      refusal(
        getOpenIdToken(
          world.state,
          { IdentityId: id(world, pool(world, members, given)) },
          world.call,
        ),
      )
    expect(token({ AllowClassicFlow: false })).toBe(
      'InvalidParameterException: Basic (classic) flow is not enabled, please use enhanced flow.',
    )
    expect(
      token(
        {},
        { RoleMappings: { [providerArn]: { Type: 'Token', AmbiguousRoleResolution: 'Deny' } } },
      ),
    ).toBe(
      'InvalidParameterException: Basic (classic) flow is not supported with RoleMappings, please use enhanced flow.',
    )
  })
})

describe('identities I80: a guest’s own token', () => {
  const cognito = 'cognito-identity.amazonaws.com'

  it('gives no more than being a guest, and only while one may be one', () => {
    const world = new World()
    const p = pool(world)
    const guest = id(world, p)
    const { Token } = value(getOpenIdToken(world.state, { IdentityId: guest }, world.call)) as {
      Token: string
    }
    expect(refusal(credentials(world, guest, { [cognito]: Token }))).toBe('ok')
    expect(world.sessions[0]).toMatchObject({ principal: 'Guest', policy: guestSessionPolicy })
    expect(refusal(credentials(world, guest, { [cognito]: Token, [host]: 'junk' }))).toMatch(
      /^NotAuthorizedException: Invalid login token/,
    )
    value(credentials(world, guest, login('u1')))
    expect(refusal(credentials(world, guest, { [cognito]: Token }))).toBe(
      `NotAuthorizedException: Access to Identity '${guest}' is forbidden.`,
    )
  })
})

describe('identities I80: a token of Cognito', () => {
  it('is believed until the second in which it expires', () => {
    const world = new World()
    const p = pool(world)
    const guest = id(world, p)
    const { Token } = value(getOpenIdToken(world.state, { IdentityId: guest }, world.call)) as {
      Token: string
    }
    const claims = Buffer.from(Token.split('.')[1] ?? '', 'base64url').toString()
    const { exp } = JSON.parse(claims) as { exp: number }
    const at = (nowMs: number): string => {
      world.call = { ...world.call, nowMs }
      return refusal(credentials(world, guest, { 'cognito-identity.amazonaws.com': Token }))
    }
    expect(at(exp * 1000 - 1)).toBe('ok')
    expect(at(exp * 1000)).toBe(
      `NotAuthorizedException: Invalid login token. Token expired: ${exp} >= ${exp}`,
    )
  })
})

describe('identities I86, I87: developer identities', () => {
  const developer = (
    world: World,
    p: string,
    input: object = {},
  ): ReturnType<typeof getOpenIdTokenForDeveloperIdentity> =>
    getOpenIdTokenForDeveloperIdentity(
      world.state,
      { IdentityPoolId: p, Logins: { dev: 'user-1' }, ...input },
      world.call,
    )

  it('the backend’s token gets credentials, with its tags', () => {
    const world = new World()
    const p = pool(world, { DeveloperProviderName: 'dev' })
    const { IdentityId, Token } = value(developer(world, p, { PrincipalTags: { team: 'red' } }))
    expect(value(developer(world, p)).IdentityId).toBe(IdentityId)
    value(credentials(world, IdentityId, { 'cognito-identity.amazonaws.com': Token }))
    expect(world.sessions[0]).toMatchObject({
      principal: 'Auth',
      tags: { team: 'red' },
      web: { amr: ['authenticated', 'dev', `dev:${p}:user-1`] },
    })
    expect(
      refusal(credentials(world, id(world, p), { 'cognito-identity.amazonaws.com': Token })),
    ).toMatch(/^NotAuthorizedException: Logins don't match/)
    world.call = { ...world.call, nowMs: nowMs + 901_000 }
    expect(
      refusal(credentials(world, IdentityId, { 'cognito-identity.amazonaws.com': Token })),
    ).toMatch(/Token expired: \d+ >= \d+$/)
  })

  it('a user of another identity, and lookups by either id', () => {
    const world = new World()
    const p = pool(world, { DeveloperProviderName: 'dev' })
    const { IdentityId } = value(developer(world, p))
    const guest = id(world, p)
    expect(refusal(developer(world, p, { IdentityId: guest }))).toMatch(
      /^DeveloperUserAlreadyRegisteredException/,
    )
    const found = { IdentityId, DeveloperUserIdentifierList: ['user-1'] }
    expect(value(lookupDeveloperIdentity(world.state, { IdentityPoolId: p, IdentityId }))).toEqual(
      found,
    )
    expect(
      value(
        lookupDeveloperIdentity(world.state, {
          IdentityPoolId: p,
          DeveloperUserIdentifier: 'user-1',
        }),
      ),
    ).toEqual(found)
    expect(
      refusal(
        lookupDeveloperIdentity(world.state, {
          IdentityPoolId: p,
          IdentityId,
          DeveloperUserIdentifier: 'x',
        }),
      ),
    ).toMatch(/^ResourceConflictException/)
    expect(
      refusal(
        lookupDeveloperIdentity(world.state, { IdentityPoolId: p, DeveloperUserIdentifier: 'x' }),
      ),
    ).toMatch(/^ResourceNotFoundException/)
    expect(refusal(developer(world, p, { Logins: { other: 'x' } }))).toMatch(
      /^InvalidParameterException/,
    )
  })

  it('lists and deletes', () => {
    const world = new World()
    const p = pool(world)
    const ids = [id(world, p), id(world, p), id(world, p)].sort()
    const first = value(listIdentities(world.state, { IdentityPoolId: p, MaxResults: 2 })) as {
      Identities: { IdentityId: string }[]
      NextToken: string
    }
    expect(first.Identities.map((one) => one.IdentityId)).toEqual(ids.slice(0, 2))
    expect(
      value(
        listIdentities(world.state, {
          IdentityPoolId: p,
          MaxResults: 2,
          NextToken: first.NextToken,
        }),
      ),
    ).toMatchObject({ Identities: [{ IdentityId: ids[2] }] })
    expect(
      value(deleteIdentities(world.state, { IdentityIdsToDelete: [...ids, 'us-east-1:none'] })),
    ).toEqual({ UnprocessedIdentityIds: [] })
    expect(value(listIdentities(world.state, { IdentityPoolId: p, MaxResults: 2 }))).toMatchObject({
      Identities: [],
    })
  })
})
