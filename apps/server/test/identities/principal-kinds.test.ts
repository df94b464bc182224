import {
  CreateIdentityPoolCommand,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  SetIdentityPoolRolesCommand,
} from '@aws-sdk/client-cognito-identity'
import { CreateThingCommand, DescribeThingCommand } from '@aws-sdk/client-iot'
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts'
import { createDevice, requestHttps } from '@muster/server/testkit'
import type { AwsCredentialIdentity } from '@smithy/types'
import { beforeAll, describe, expect, it } from 'vitest'
import { WebSocketOperator } from './websocket-operator.ts'
import {
  accessKey,
  accountId,
  administrator,
  answer,
  cognitoTrust,
  document,
  idToken,
  IdentityWorld,
  iotArn,
  issuer,
  nobody,
  oidcProvider,
  providerArn,
  roleArn,
  session,
  trust,
  user,
  webTrust,
} from './world.ts'

const nothing = [document('Allow', 'iot:Connect')]
const world = new IdentityWorld({
  root: { accessKeys: [accessKey('root')] },
  users: [
    administrator,
    {
      userName: 'ann',
      policies: [document('Allow', ['iot:Connect', 'sts:*'])],
      accessKeys: [accessKey('ann')],
    },
    {
      userName: 'bound',
      managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
      permissionsBoundary: 'arn:aws:iam::aws:policy/AWSIoTDataAccess',
      accessKeys: [accessKey('bound')],
    },
  ],
  oidcProviders: [oidcProvider],
  roles: [
    { roleName: 'ops', trust: trust({ AWS: accountId }, 'sts:AssumeRole'), policies: nothing },
    { roleName: 'closed', trust: trust({ AWS: '999999999999' }, 'sts:AssumeRole') },
    { roleName: 'web', trust: webTrust, policies: nothing },
    { roleName: 'guest', trust: cognitoTrust('unauthenticated'), policies: nothing },
    { roleName: 'auth', trust: cognitoTrust('authenticated'), policies: nothing },
  ],
})

interface Somebody {
  readonly keys: AwsCredentialIdentity
  /** As sentences name it. */
  readonly name: string
  readonly cognitoIdentityId?: string
}

let poolId = ''
beforeAll(async () => {
  const admin = world.cognito(user('admin'))
  const pool = await admin.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: 'app',
      AllowUnauthenticatedIdentities: true,
      OpenIdConnectProviderARNs: [providerArn],
    }),
  )
  poolId = pool.IdentityPoolId ?? ''
  const Roles = { unauthenticated: roleArn('guest'), authenticated: roleArn('auth') }
  await admin.send(new SetIdentityPoolRolesCommand({ IdentityPoolId: poolId, Roles }))
})

async function cognito(Logins?: Record<string, string>): Promise<Somebody> {
  const client = world.cognito(nobody)
  const { IdentityId = '' } = await client.send(
    new GetIdCommand({ IdentityPoolId: poolId, Logins }),
  )
  const { Credentials } = await client.send(
    new GetCredentialsForIdentityCommand({ IdentityId, Logins }),
  )
  return { keys: session(Credentials), name: IdentityId, cognitoIdentityId: IdentityId }
}

const sts = (arn: string): string => `arn:aws:sts::${accountId}:${arn}`
const people: readonly (readonly [string, string, () => Promise<Somebody>])[] = [
  [
    'user',
    'IAM user',
    async () => ({ keys: user('ann'), name: `arn:aws:iam::${accountId}:user/ann` }),
  ],
  [
    'user-session',
    'session of IAM user',
    async () => ({
      keys: session(
        (await world.sts(user('ann')).send(new GetSessionTokenCommand({}))).Credentials,
      ),
      name: `arn:aws:iam::${accountId}:user/ann`,
    }),
  ],
  [
    'federated',
    'federated user',
    async () => ({
      keys: session(
        (await world.sts(user('ann')).send(new GetFederationTokenCommand({ Name: 'fred' })))
          .Credentials,
      ),
      name: sts('federated-user/fred'),
    }),
  ],
  [
    'role-session',
    'role session',
    async () => ({
      keys: session(
        (
          await world
            .sts(user('ann'))
            .send(new AssumeRoleCommand({ RoleArn: roleArn('ops'), RoleSessionName: 's1' }))
        ).Credentials,
      ),
      name: sts('assumed-role/ops/s1'),
    }),
  ],
  [
    'web-session',
    'web identity',
    async () => ({
      keys: session(
        (
          await world.sts(nobody).send(
            new AssumeRoleWithWebIdentityCommand({
              RoleArn: roleArn('web'),
              RoleSessionName: 's1',
              WebIdentityToken: idToken('u1'),
            }),
          )
        ).Credentials,
      ),
      name: sts('assumed-role/web/s1'),
    }),
  ],
  ['cognito-guest', 'Cognito guest', () => cognito()],
  ['cognito-auth', 'authenticated Cognito identity', () => cognito({ [issuer]: idToken('u1') })],
]

describe.each(people)('identities I28: a refusal of a %s', (principalKind, words, somebody) => {
  it('names the kind in a member and in its sentence, on both planes', async () => {
    const { keys, name, cognitoIdentityId = null } = await somebody()
    const refused = answer(world.iot(keys).send(new CreateThingCommand({ thingName: 't' })))
    expect(await refused).toMatch(/^AccessDeniedException 403/)
    const whose = { principalKind, cognitoIdentityId, principalId: keys.accessKeyId }
    const query = `principalKind=${principalKind}&principalId=${encodeURIComponent(name)}`
    expect(await world.newestRefusal(query)).toMatchObject({
      ...whose,
      kind: 'policy',
      summary: expect.stringContaining(
        `iot:CreateThing on ${iotArn('thing/t')} is denied to ${words} ${name}: `,
      ),
    })
    const operator = await WebSocketOperator.connect(world.server, keys, 'c')
    const action = operator.connected ? 'iot:Publish' : 'iot:Connect'
    if (operator.connected) expect(await operator.publish('a')).toBe(false)
    expect(await world.newestRefusal(`${query}&action=${action}`)).toMatchObject({
      ...whose,
      protocol: 'mqtt',
      summary: expect.stringContaining(` is denied to ${words} ${name}: `),
    })
  })
})

it('identities I28: the layer that refused stands in the sentence', async () => {
  const keys = user('bound')
  await answer(world.iot(keys).send(new CreateThingCommand({ thingName: 't' })))
  expect(await world.newestRefusal('principalKind=user')).toMatchObject({
    summary: expect.stringMatching(
      /is denied to IAM user \S+\/bound: .*; the permissions boundary refuses it$/,
    ),
  })
})

it('identities I28, I42: what STS refuses is told with who asked', async () => {
  const assume = (name: string, role: string): Promise<string> =>
    answer(
      world
        .sts(user(name))
        .send(new AssumeRoleCommand({ RoleArn: roleArn(role), RoleSessionName: 's1' })),
    )
  expect(await assume('ann', 'closed')).toMatch(/^AccessDenied 403/)
  expect(await world.newestRefusal('action=sts:AssumeRole')).toMatchObject({
    kind: 'request',
    reason: 'AccessDenied',
    principalKind: 'user',
    principal: `arn:aws:iam::${accountId}:user/ann`,
    hint: expect.stringContaining('trust policy'),
  })
  await assume('root', 'ops')
  expect(await world.newestRefusal('principalKind=root')).toMatchObject({
    summary: 'AccessDenied: Roles may not be assumed by root accounts.',
  })
})

it('what identity pools and a token are refused for says what would mend it', async () => {
  const client = world.cognito(nobody)
  const command = new AssumeRoleWithWebIdentityCommand({
    RoleArn: roleArn('web'),
    RoleSessionName: 's1',
    WebIdentityToken: 'nonsense',
  })
  expect(await answer(world.sts(nobody).send(command))).toMatch(/^InvalidIdentityToken/)
  expect(await world.newestRefusal('reason=InvalidIdentityToken')).toMatchObject({
    action: 'sts:AssumeRoleWithWebIdentity',
    principalKind: null,
    hint: expect.stringContaining('oidcProviders'),
  })
  const IdentityPoolId = 'us-east-1:00000000-0000-4000-8000-000000000000'
  await answer(client.send(new GetIdCommand({ IdentityPoolId })))
  expect(await world.newestRefusal('action=cognito-identity:GetId')).toMatchObject({
    reason: 'ResourceNotFoundException',
  })
  const foreign = { 'other.example.com': idToken('u1') }
  await answer(client.send(new GetIdCommand({ IdentityPoolId: poolId, Logins: foreign })))
  expect(await world.newestRefusal('reason=NotAuthorizedException')).toMatchObject({
    hint: expect.stringContaining('log in by a provider of the pool'),
  })
})

it('a refused request and a refused packet name the kind too', async () => {
  const { keys, cognitoIdentityId } = await cognito()
  const describeNothing = new DescribeThingCommand({ thingName: 'nothing' })
  expect(await answer(world.iot(user('admin')).send(describeNothing))).toMatch(/^ResourceNotFound/)
  expect(await world.newestRefusal('action=iot:DescribeThing&kind=request')).toMatchObject({
    principalKind: 'user',
    principal: `arn:aws:iam::${accountId}:user/admin`,
  })
  const first = await WebSocketOperator.connect(world.server, keys, cognitoIdentityId ?? '')
  expect(first.connected).toBe(true)
  await WebSocketOperator.connect(world.server, keys, cognitoIdentityId ?? '')
  expect(await world.newestRefusal('kind=mqtt')).toMatchObject({
    reason: 'DUPLICATE_CLIENTID',
    principalKind: 'cognito-guest',
  })
})

it('a device’s is that of a certificate', async () => {
  const device = await createDevice(world.iot(user('admin')), 'lamp')
  await requestHttps(world.server, device, 'POST', '/topics/x', 'x')
  expect(await world.newestRefusal('principalKind=certificate')).toMatchObject({
    principalId: device.certificateId,
    cognitoIdentityId: null,
    action: 'iot:Publish',
  })
})
