import { describe, expect, it } from 'vitest'
import {
  assumeRoleWithWebIdentity,
  identityKeys,
  type AssumeRoleWithWebIdentityInput,
} from '../src/index.ts'
import { accountId, accountOf, document, trust } from './account.ts'
import { IdentityProvider, verifySignature } from './identity-provider.ts'
import { StsFixture, nowMs } from './sts-fixture.ts'

const provider = new IdentityProvider()
const elliptic = new IdentityProvider('ES256', 'k2')
const stranger = new IdentityProvider()
const host = 'idp.example.com/realm'
const providerArn = `arn:aws:iam::${accountId}:oidc-provider/${host}`
const roleArn = `arn:aws:iam::${accountId}:role/web`
const nowSeconds = Math.floor(nowMs / 1000)
const claims = {
  iss: `https://${host}`,
  sub: 'u1',
  aud: 'app1',
  iat: nowSeconds,
  exp: nowSeconds + 60,
}

function world(
  condition?: object,
  actions: readonly string[] = ['sts:AssumeRoleWithWebIdentity'],
): StsFixture {
  return new StsFixture(
    accountOf({
      oidcProviders: [
        {
          url: `https://${host}`,
          clientIds: ['app1', 'azp1'],
          jwks: { keys: [provider.jwk, elliptic.jwk] },
        },
      ],
      roles: [
        {
          roleName: 'web',
          trust: trust({ Federated: providerArn }, actions, condition),
          policies: [document('Allow', 'iot:*')],
        },
      ],
    }),
  )
}

function assume(
  fixture: StsFixture,
  token: string,
  input: Partial<AssumeRoleWithWebIdentityInput> = {},
): ReturnType<typeof assumeRoleWithWebIdentity> {
  const { iam } = fixture
  const tokens = {
    nowMs,
    verify: verifySignature,
    issuerOf: (issuer: string) => {
      const declared = iam.oidcProviders.get(issuer)
      return (
        declared && {
          issuer,
          provider: declared.arn,
          keys: declared.keys,
          clientIds: declared.clientIds,
        }
      )
    },
  }
  const call = { ...fixture.call(fixture.root()), tokens }
  return assumeRoleWithWebIdentity(call, {
    RoleArn: roleArn,
    RoleSessionName: 's1',
    WebIdentityToken: token,
    ...input,
  })
}

describe('identities I56, I57: checks of the token, in order', () => {
  it.each([
    [
      'no JWT',
      'nonsense',
      'InvalidIdentityToken',
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    ],
    [
      'an issuer that is not declared',
      provider.token({ ...claims, iss: 'https://other' }),
      'InvalidIdentityToken',
      'No OpenIDConnect provider found in your account for https://other',
    ],
    [
      'no audience',
      provider.token({ ...claims, aud: undefined }),
      'InvalidIdentityToken',
      'Missing a required claim: aud',
    ],
    [
      'no subject',
      provider.token({ ...claims, sub: undefined }),
      'InvalidIdentityToken',
      'Missing a required claim: sub',
    ],
    [
      'a subject that no session token holds',
      provider.token({ ...claims, sub: 'x'.repeat(256) }),
      'InvalidIdentityToken',
      /more than 255 characters/,
    ],
    [
      'a key of a stranger',
      stranger.token(claims),
      'InvalidIdentityToken',
      "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    ],
    [
      'an unknown key id',
      provider.token(claims, { kid: 'other' }),
      'InvalidIdentityToken',
      "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    ],
    [
      'no signature',
      provider.token(claims, { alg: 'none' }),
      'InvalidIdentityToken',
      /^Couldn't retrieve/,
    ],
    [
      'HMAC with the public key',
      provider.token(claims, { alg: 'HS256' }),
      'InvalidIdentityToken',
      /^Couldn't retrieve/,
    ],
    [
      'expired',
      provider.token({ ...claims, exp: nowSeconds }),
      'ExpiredTokenException',
      `Token expired: current date/time ${nowSeconds} must be before the expiration date/time ${nowSeconds}`,
    ],
    [
      'issued more than 5 minutes ahead',
      provider.token({ ...claims, iat: nowSeconds + 301 }),
      'InvalidIdentityToken',
      /not valid yet/,
    ],
    [
      'another audience',
      provider.token({ ...claims, aud: 'other' }),
      'InvalidIdentityToken',
      'Incorrect token audience',
    ],
    [
      'another authorized party',
      provider.token({ ...claims, azp: 'other' }),
      'InvalidIdentityToken',
      'Incorrect token audience',
    ],
  ])('%s', (_, token, code, message) => {
    const outcome = assume(world(), token)
    expect(outcome).toMatchObject({ ok: false, error: { code } })
    const said = outcome.ok ? '' : outcome.error.message
    if (typeof message === 'string') expect(said).toBe(message)
    else expect(said).toMatch(message)
  })

  it.each([provider, elliptic])('takes RSA and EC keys', (signer) => {
    expect(assume(world(), signer.token(claims)).ok).toBe(true)
  })
})

describe('identities I58: the trust', () => {
  it('looks at audience and subject', () => {
    const condition = { StringEquals: { [`${host}:aud`]: 'app1', [`${host}:sub`]: 'u1' } }
    expect(assume(world(condition), provider.token(claims)).ok).toBe(true)
    expect(assume(world(condition), provider.token({ ...claims, sub: 'u2' }))).toMatchObject({
      ok: false,
      error: {
        code: 'AccessDenied',
        message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
      },
    })
  })

  it('a role that does not exist is refused alike', () => {
    expect(assume(world(), provider.token(claims), { RoleArn: `${roleArn}x` })).toMatchObject({
      error: { message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity' },
    })
  })

  it('identities I21: with azp, aud is azp and oaud the audience', () => {
    const fixture = world()
    expect(assume(fixture, provider.token({ ...claims, azp: 'azp1', amr: ['pwd'] })).ok).toBe(true)
    expect(identityKeys(fixture.newest())).toMatchObject({
      [`${host}:aud`]: 'azp1',
      [`${host}:oaud`]: 'app1',
      [`${host}:sub`]: 'u1',
      [`${host}:amr`]: ['pwd'],
      'aws:FederatedProvider': providerArn,
    })
  })
})

describe('identities I59, I60', () => {
  const tagged = {
    ...claims,
    'https://aws.amazon.com/tags': {
      principal_tags: { team: ['red'] },
      transitive_tag_keys: ['team'],
    },
    'https://aws.amazon.com/source_identity': 'ann',
  }

  it('tags and source identity of the token need their actions in the trust', () => {
    expect(assume(world(), provider.token(tagged)).ok).toBe(false)
    const fixture = world(undefined, [
      'sts:AssumeRoleWithWebIdentity',
      'sts:TagSession',
      'sts:SetSourceIdentity',
    ])
    const outcome = assume(fixture, provider.token(tagged))
    expect(outcome).toMatchObject({
      ok: true,
      value: {
        SubjectFromWebIdentityToken: 'u1',
        Audience: 'app1',
        Provider: providerArn,
        SourceIdentity: 'ann',
      },
    })
    expect(fixture.sessions[0]).toMatchObject({
      tags: { team: 'red' },
      transitiveTagKeys: ['team'],
      sourceIdentity: 'ann',
    })
  })

  it('ProviderId is for access tokens', () => {
    expect(assume(world(), provider.token(claims), { ProviderId: 'www.amazon.com' })).toMatchObject(
      { error: { code: 'ValidationError' } },
    )
  })
})

it('identities I22: a trust that asks how the request came is told', () => {
  const token = provider.token(claims)
  const may = (condition: object): boolean => assume(world(condition), token).ok
  expect(may({ Bool: { 'aws:SecureTransport': 'true', 'aws:ViaAWSService': 'false' } })).toBe(true)
  expect(may({ Bool: { 'aws:SecureTransport': 'false' } })).toBe(false)
  expect(may({ StringLike: { 'aws:UserAgent': 'aws-cli/*' } })).toBe(true)
  expect(may({ StringEquals: { 'aws:RequestedRegion': 'us-east-1' } })).toBe(true)
})
