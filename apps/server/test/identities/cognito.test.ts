import {
  CreateIdentityPoolCommand,
  DescribeIdentityPoolCommand,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  GetOpenIdTokenCommand,
  ListIdentityPoolsCommand,
  SetIdentityPoolRolesCommand,
  UnlinkIdentityCommand,
} from '@aws-sdk/client-cognito-identity'
import { ListThingsCommand } from '@aws-sdk/client-iot'
import { PublishCommand } from '@aws-sdk/client-iot-data-plane'
import { GetPendingJobExecutionsCommand } from '@aws-sdk/client-iot-jobs-data-plane'
import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts'
import {
  fromCognitoIdentity,
  fromCognitoIdentityPool,
  fromTemporaryCredentials,
  fromWebToken,
} from '@aws-sdk/credential-providers'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  accessKey,
  accountId,
  administrator,
  answer,
  cognitoTrust,
  document,
  IdentityWorld,
  idToken,
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

const guestRights = document('Allow', ['iot:ListThings', 'iot:Publish', 'iotjobsdata:*'])
const iam = {
  users: [
    administrator,
    {
      userName: 'pools',
      policies: [document('Allow', 'cognito-identity:*')],
      accessKeys: [accessKey('pools')],
    },
    { userName: 'bob', accessKeys: [accessKey('bob')] },
  ],
  oidcProviders: [oidcProvider],
  roles: [
    { roleName: 'Guest', trust: cognitoTrust('unauthenticated'), policies: [guestRights] },
    { roleName: 'Auth', trust: cognitoTrust('authenticated'), policies: [document('Allow', '*')] },
    {
      roleName: 'Web',
      trust: webTrust,
      policies: [document('Allow', 'iot:ListThings')],
    },
    {
      roleName: 'Ops',
      trust: trust({ AWS: accountId }, 'sts:AssumeRole'),
      policies: [document('Allow', 'iot:ListThings')],
    },
  ],
}

const world = new IdentityWorld(iam)
beforeEach(async () => {
  await world.server.admin('POST', 'reset')
})

async function pool(members: object = {}): Promise<string> {
  const cognito = world.cognito(user('admin'))
  const { IdentityPoolId = '' } = await cognito.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: 'p',
      AllowUnauthenticatedIdentities: true,
      OpenIdConnectProviderARNs: [providerArn],
      ...members,
    }),
  )
  const Roles = { unauthenticated: roleArn('Guest'), authenticated: roleArn('Auth') }
  await cognito.send(new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles }))
  return IdentityPoolId
}

describe('identities I67 to I74: pools over the wire', () => {
  it('identities I69: judged by IAM on the pool, and each role is passed', async () => {
    const IdentityPoolId = await pool()
    const bob = world.cognito(user('bob'))
    expect(await answer(bob.send(new ListIdentityPoolsCommand({ MaxResults: 1 })))).toBe(
      `AccessDeniedException 400: User: arn:aws:iam::${accountId}:user/bob is not authorized to perform: cognito-identity:ListIdentityPools on resource: * because no identity-based policy allows the cognito-identity:ListIdentityPools action`,
    )
    const set = new SetIdentityPoolRolesCommand({
      IdentityPoolId,
      Roles: { unauthenticated: roleArn('Guest') },
    })
    expect(await answer(world.cognito(user('pools')).send(set))).toMatch(
      /not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role\/Guest/,
    )
  })

  it('identities I68: errors by name and status, constraints in lower camel case', async () => {
    const admin = world.cognito(user('admin'))
    const missing = new DescribeIdentityPoolCommand({ IdentityPoolId: 'us-east-1:1234' })
    expect(await answer(admin.send(missing))).toBe(
      "ResourceNotFoundException 400: IdentityPool 'us-east-1:1234' not found.",
    )
    expect(await answer(admin.send(new ListIdentityPoolsCommand({ MaxResults: 61 })))).toMatch(
      /^InvalidParameterException 400: 1 validation error detected: Value '61' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 60/,
    )
    expect(
      await answer(world.cognito({ ...user('admin'), secretAccessKey: 'x' }).send(missing)),
    ).toMatch(/^InvalidSignatureException 400/)
    expect(
      await answer(world.cognito({ ...user('admin'), sessionToken: 'x' }).send(missing)),
    ).toMatch(/^UnrecognizedClientException 400/)
    const response = await fetch(world.server.httpUrl, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSCognitoIdentityService.Nonsense' },
    })
    expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([
      400,
      'UnknownOperationException:',
    ])
  })

  it('identities I70: what is absent names itself', async () => {
    const command = new UnlinkIdentityCommand({
      IdentityId: 'us-east-1:1',
      Logins: {},
      LoginsToRemove: [],
    })
    expect(await answer(world.cognito(nobody).send(command))).toMatch(
      /501: UnlinkIdentity is not implemented here/,
    )
  })

  it('identities I64, I72: pools and identities outlive a restart', async () => {
    const IdentityPoolId = await pool()
    const Logins = { [issuer]: idToken('u1') }
    const known = await world.cognito(nobody).send(new GetIdCommand({ IdentityPoolId, Logins }))
    await world.restart()
    const again = await world.cognito(nobody).send(new GetIdCommand({ IdentityPoolId, Logins }))
    expect(again.IdentityId).toBe(known.IdentityId)
  })
})

describe('identities I79, I88, I92: a guest', () => {
  it('is judged by its role, cut by Cognito: no jobs data plane', async () => {
    const IdentityPoolId = await pool()
    const cognito = world.cognito(nobody)
    const { IdentityId } = await cognito.send(new GetIdCommand({ IdentityPoolId }))
    const { Credentials } = await cognito.send(new GetCredentialsForIdentityCommand({ IdentityId }))
    const guest = session(Credentials)
    expect(await answer(world.iot(guest).send(new ListThingsCommand({})))).toBe('ok')
    expect(await answer(world.data(guest).send(new PublishCommand({ topic: 'a' })))).toBe('ok')
    const pending = new GetPendingJobExecutionsCommand({ thingName: 't' })
    expect(await answer(world.jobsData(guest).send(pending))).toMatch(/^ForbiddenException 403/)
  })

  it('identities I85: by the basic flow its role is not cut', async () => {
    const IdentityPoolId = await pool()
    const cognito = world.cognito(nobody)
    const { IdentityId } = await cognito.send(new GetIdCommand({ IdentityPoolId }))
    const { Token = '' } = await cognito.send(new GetOpenIdTokenCommand({ IdentityId }))
    const assumed = await world.sts(nobody).send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: roleArn('Guest'),
        RoleSessionName: 's1',
        WebIdentityToken: Token,
      }),
    )
    expect(assumed).toMatchObject({
      Provider: 'cognito-identity.amazonaws.com',
      Audience: IdentityPoolId,
    })
    const pending = new GetPendingJobExecutionsCommand({ thingName: 't' })
    expect(await answer(world.jobsData(session(assumed.Credentials)).send(pending))).toMatch(
      /^ResourceNotFoundException 404/,
    )
  })
})

it('identities I64: a token of Cognito’s dies with a reset', async () => {
  const cognito = world.cognito(nobody)
  const { IdentityId } = await cognito.send(new GetIdCommand({ IdentityPoolId: await pool() }))
  const { Token = '' } = await cognito.send(new GetOpenIdTokenCommand({ IdentityId }))
  const assume = new AssumeRoleWithWebIdentityCommand({
    RoleArn: roleArn('Guest'),
    RoleSessionName: 's1',
    WebIdentityToken: Token,
  })
  expect(await answer(world.sts(nobody).send(assume))).toBe('ok')
  await world.server.admin('POST', 'reset')
  expect(await answer(world.sts(nobody).send(assume))).toMatch(/^InvalidIdentityToken/)
})

it('identities I83: Cognito’s tokens can be verified by others', async () => {
  const keys = (await (await fetch(`${world.server.httpUrl}/.well-known/jwks_uri`)).json()) as {
    keys: object[]
  }
  expect(keys.keys[0]).toMatchObject({ kty: 'RSA', kid: 'us-east-1-1' })
  expect(keys.keys[0]).not.toHaveProperty('d')
  const configuration = await fetch(`${world.server.httpUrl}/.well-known/openid-configuration`)
  expect(await configuration.json()).toMatchObject({
    issuer: 'https://cognito-identity.amazonaws.com',
  })
})

describe('identities I107: unmodified credential providers of the AWS SDK', () => {
  const list = (credentials: ReturnType<typeof fromTemporaryCredentials>): Promise<string> =>
    answer(credentials({}).then((keys) => world.iot(keys).send(new ListThingsCommand({}))))

  it('fromTemporaryCredentials', async () => {
    const clientConfig = { endpoint: world.server.httpUrl, region: 'us-east-1' }
    const params = { RoleArn: roleArn('Ops'), RoleSessionName: 's1' }
    expect(
      await list(
        fromTemporaryCredentials({ masterCredentials: user('admin'), params, clientConfig }),
      ),
    ).toBe('ok')
  })

  it('fromWebToken', async () => {
    const clientConfig = { endpoint: world.server.httpUrl, region: 'us-east-1' }
    const provider = fromWebToken({
      roleArn: roleArn('Web'),
      webIdentityToken: idToken('u1'),
      clientConfig,
    })
    expect(await list(provider)).toBe('ok')
  })

  it('fromCognitoIdentityPool and fromCognitoIdentity', async () => {
    const identityPoolId = await pool()
    const clientConfig = { endpoint: world.server.httpUrl, region: 'us-east-1' }
    expect(await list(fromCognitoIdentityPool({ identityPoolId, clientConfig }))).toBe('ok')
    const logins = { [issuer]: idToken('u1') }
    const { IdentityId: identityId = '' } = await world
      .cognito(nobody)
      .send(new GetIdCommand({ IdentityPoolId: identityPoolId, Logins: logins }))
    expect(await list(fromCognitoIdentity({ identityId, logins, clientConfig }))).toBe('ok')
  })
})
