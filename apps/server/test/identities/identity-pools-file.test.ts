import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CognitoIdentityClient,
  DescribeIdentityPoolCommand,
  GetIdCommand,
  GetIdentityPoolRolesCommand,
  ListIdentitiesCommand,
  ListIdentityPoolsCommand,
  SetIdentityPoolRolesCommand,
} from '@aws-sdk/client-cognito-identity'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  administrator,
  cognitoTrust,
  nobody,
  oidcProvider,
  providerArn,
  roleArn,
  user,
} from './world.ts'

const iam = {
  users: [administrator],
  oidcProviders: [oidcProvider],
  roles: [
    { roleName: 'Guest', trust: cognitoTrust('unauthenticated') },
    { roleName: 'Auth', trust: cognitoTrust('authenticated') },
  ],
}
const app = { IdentityPoolName: 'app', AllowUnauthenticatedIdentities: true }
const everything = {
  ...app,
  IdentityPoolId: 'us-east-1:11111111-2222-4333-8444-555555555555',
  AllowClassicFlow: true,
  DeveloperProviderName: 'login.example',
  OpenIdConnectProviderARNs: [providerArn],
  IdentityPoolTags: { team: 'fleet' },
  Roles: { unauthenticated: roleArn('Guest'), authenticated: roleArn('Auth') },
  RoleMappings: {
    [providerArn]: {
      Type: 'Rules',
      AmbiguousRoleResolution: 'Deny',
      RulesConfiguration: {
        Rules: [{ Claim: 'g', MatchType: 'Equals', Value: 'x', RoleARN: roleArn('Auth') }],
      },
    },
  },
}

/** A server on a file of pools. */
async function serverWith(document: unknown): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-pools-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'iam.json'), JSON.stringify(iam))
  const pools = typeof document === 'string' ? document : JSON.stringify(document)
  writeFileSync(join(folder, 'pools.json'), pools)
  const files = {
    iamFiles: [join(folder, 'iam.json')],
    identityPoolsFile: join(folder, 'pools.json'),
  }
  return startTestServer(files)
}

function cognito(
  { httpUrl: endpoint }: TestServer,
  credentials = user('admin'),
): CognitoIdentityClient {
  return new CognitoIdentityClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })
}

const poolsOf = async (server: TestServer): Promise<readonly (string | undefined)[]> => {
  const { IdentityPools = [] } = await cognito(server).send(
    new ListIdentityPoolsCommand({ MaxResults: 60 }),
  )
  return IdentityPools.map(({ IdentityPoolId }) => IdentityPoolId)
}

describe('identities I71 to I75: pools of --identity-pools', () => {
  it('have every member that the operations take', async () => {
    const server = await serverWith({ IdentityPools: [everything] })
    onTestFinished(() => server.close())
    const { IdentityPoolId, Roles, RoleMappings, ...members } = everything
    const client = cognito(server)
    expect(await client.send(new DescribeIdentityPoolCommand({ IdentityPoolId }))).toMatchObject({
      IdentityPoolId,
      ...members,
    })
    expect(await client.send(new GetIdentityPoolRolesCommand({ IdentityPoolId }))).toMatchObject({
      Roles,
      RoleMappings,
    })
  })

  it('have an id that stays, through a restart with their identities, through a reset without', async () => {
    let server = await serverWith({ IdentityPools: [app] })
    onTestFinished(() => server.close())
    const pools = await poolsOf(server)
    const [IdentityPoolId] = pools
    expect(IdentityPoolId).toBe('us-east-1:656d2b5f-f1d2-4db7-ad71-0baf208de4a0')
    await cognito(server, nobody).send(new GetIdCommand({ IdentityPoolId }))
    await cognito(server).send(
      new SetIdentityPoolRolesCommand({
        IdentityPoolId,
        Roles: { authenticated: roleArn('Auth') },
      }),
    )
    server = await server.restart()
    const identities = async (): Promise<number | undefined> =>
      (await cognito(server).send(new ListIdentitiesCommand({ IdentityPoolId, MaxResults: 60 })))
        .Identities?.length
    const roles = async (): Promise<unknown> =>
      (await cognito(server).send(new GetIdentityPoolRolesCommand({ IdentityPoolId }))).Roles
    expect(await poolsOf(server)).toEqual(pools)
    expect(await identities()).toBe(1)
    expect(await roles()).toEqual({ authenticated: roleArn('Auth') })
    expect((await server.admin('POST', 'reset')).ok).toBe(true)
    expect(await poolsOf(server)).toEqual(pools)
    expect(await identities()).toBe(0)
    expect(await roles()).toEqual({})
  })

  it.each([
    ['no JSON', '{', /pools\.json: not JSON/],
    ['no object', [], /pools\.json: the file: expected an object/],
    ['another member', { Pools: [] }, /the file: unknown member `Pools`, expected IdentityPools/],
    ['no list', { IdentityPools: {} }, /IdentityPools: expected a list/],
    [
      'a misspelt member',
      { IdentityPools: [app, { ...app, AllowGuests: true }] },
      /IdentityPools\[1\]: unknown member `AllowGuests`, expected IdentityPoolId, /,
    ],
    [
      'a missing member',
      { IdentityPools: [{ IdentityPoolName: 'app' }] },
      /IdentityPools\[0\]\.AllowUnauthenticatedIdentities: must not be null/,
    ],
    [
      'a wrong type',
      { IdentityPools: [{ ...app, AllowUnauthenticatedIdentities: 'yes' }] },
      /IdentityPools\[0\]\.AllowUnauthenticatedIdentities: must be true or false, found `yes`/,
    ],
    [
      'a wrong type deep inside',
      { IdentityPools: [{ ...app, CognitoIdentityProviders: [{ ClientId: 'a b' }] }] },
      /IdentityPools\[0\]\.CognitoIdentityProviders\[0\]\.ClientId: must satisfy .*, found `a b`/,
    ],
    [
      'a misspelt member deep inside',
      { IdentityPools: [{ ...app, CognitoIdentityProviders: [{ Client: 'a' }] }] },
      /IdentityPools\[0\]\.CognitoIdentityProviders\[0\]: unknown member `Client`, expected /,
    ],
    [
      'a rule without its claim',
      {
        IdentityPools: [
          {
            ...app,
            RoleMappings: {
              p: { Type: 'Rules', RulesConfiguration: { Rules: [{ MatchType: 'Equals' }] } },
            },
          },
        ],
      },
      /IdentityPools\[0\]\.RoleMappings\.p\.RulesConfiguration\.Rules\[0\]\.Claim: must not be null/,
    ],
    [
      'a role that is not declared',
      { IdentityPools: [{ ...app, Roles: { authenticated: roleArn('Nobody') } }] },
      /IdentityPools\[0\]: Role '.*role\/Nobody' is not declared/,
    ],
    [
      'an id of another region',
      {
        IdentityPools: [
          { ...everything, IdentityPoolId: 'eu-west-1:11111111-2222-4333-8444-555555555555' },
        ],
      },
      /IdentityPools\[0\]\.IdentityPoolId: expected `us-east-1:` and a UUID/,
    ],
    [
      'a name twice',
      { IdentityPools: [app, app] },
      /IdentityPools\[1\]: has the id of IdentityPools\[0\]/,
    ],
  ])('fault: %s', async (_, document, message) => {
    await expect(serverWith(document)).rejects.toThrow(message)
  })
})
