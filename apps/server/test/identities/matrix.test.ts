/**
 * The page's table (identities I109): who may, by each plane and protocol, judged by which policies.
 * Every identity is given rights on `yes` and none on `no`; `matrix.json` says what comes of it.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CreateIdentityPoolCommand,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  GetOpenIdTokenCommand,
  SetIdentityPoolRolesCommand,
} from '@aws-sdk/client-cognito-identity'
import { AttachPolicyCommand, CreatePolicyCommand, DescribeThingCommand } from '@aws-sdk/client-iot'
import { GetThingShadowCommand, PublishCommand } from '@aws-sdk/client-iot-data-plane'
import { GetPendingJobExecutionsCommand } from '@aws-sdk/client-iot-jobs-data-plane'
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts'
import { connectMqtt, createDevice, requestHttps, type TestDevice } from '@muster/server/testkit'
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
  IdentityWorld,
  idToken,
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

const columns = [
  'controlPlane',
  'jobsData',
  'publish',
  'shadows',
  'webSocket',
  'certificate',
] as const
type Column = (typeof columns)[number]
type Row = { readonly identity: string } & Readonly<Record<Column, string>>
const { rows } = JSON.parse(readFileSync(join(import.meta.dirname, 'matrix.json'), 'utf8')) as {
  rows: readonly Row[]
}

/** Rights on `yes`, on every plane. */
const rights = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['iot:DescribeThing', 'iot:GetThingShadow', 'iotjobsdata:*'],
      Resource: iotArn('thing/yes'),
    },
    { Effect: 'Allow', Action: 'iot:Publish', Resource: iotArn('topic/yes') },
    { Effect: 'Allow', Action: 'iot:Connect', Resource: iotArn('client/yes') },
  ],
}
const everything = document('Allow', ['iot:*', 'iotjobsdata:*', 'sts:*'])
const boundary = `arn:aws:iam::${accountId}:policy/boundary`
const keyed = (userName: string, members: object): object => ({
  userName,
  accessKeys: [accessKey(userName)],
  ...members,
})
const iam = {
  root: { accessKeys: [accessKey('root')] },
  policies: [{ policyName: 'boundary', document: rights }],
  groups: [{ groupName: 'g', policies: [rights] }],
  users: [
    administrator,
    keyed('plain', { policies: [rights] }),
    keyed('member', { groups: ['g'] }),
    keyed('bounded', { policies: [everything], permissionsBoundary: boundary }),
    keyed('wide', { policies: [everything] }),
  ],
  oidcProviders: [oidcProvider],
  roles: [
    { roleName: 'narrow', trust: trust({ AWS: accountId }, 'sts:AssumeRole'), policies: [rights] },
    {
      roleName: 'wide',
      trust: trust({ AWS: accountId }, 'sts:AssumeRole'),
      policies: [everything],
    },
    {
      roleName: 'web',
      trust: webTrust,
      policies: [rights],
    },
    { roleName: 'cognito', trust: cognitoTrust(), policies: [rights] },
    {
      roleName: 'cognitoWide',
      trust: cognitoTrust(),
      // Wide where the IoT policy limits, so that it is seen to.
      policies: [rights, document('Allow', ['iot:Publish', 'iot:GetThingShadow', 'iot:Connect'])],
    },
  ],
}

const world = new IdentityWorld(iam)
let device: TestDevice
beforeAll(async () => {
  const policyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      ...rights.Statement,
      { Effect: 'Allow', Action: 'iot:Publish', Resource: iotArn('topic/$aws/things/yes/jobs/*') },
    ],
  })
  device = await createDevice(world.iot(user('admin')), 'yes', { policyDocument })
})

const Policy = JSON.stringify(rights)
const assume = async (role: string, more: object = {}): Promise<AwsCredentialIdentity> => {
  const command = new AssumeRoleCommand({ RoleArn: roleArn(role), RoleSessionName: 's1', ...more })
  return session((await world.sts(user('wide')).send(command)).Credentials)
}
const federate = async (more: object = {}): Promise<AwsCredentialIdentity> => {
  const command = new GetFederationTokenCommand({ Name: 'fred', ...more })
  return session((await world.sts(user('wide')).send(command)).Credentials)
}
const web = async (RoleArn: string, WebIdentityToken: string): Promise<AwsCredentialIdentity> => {
  const command = new AssumeRoleWithWebIdentityCommand({
    RoleArn,
    RoleSessionName: 's1',
    WebIdentityToken,
  })
  return session((await world.sts(nobody).send(command)).Credentials)
}

async function pool(role: string): Promise<string> {
  const admin = world.cognito(user('admin'))
  const { IdentityPoolId = '' } = await admin.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: 'p',
      AllowUnauthenticatedIdentities: true,
      OpenIdConnectProviderARNs: [providerArn],
    }),
  )
  const Roles = { authenticated: roleArn(role), unauthenticated: roleArn(role) }
  await admin.send(new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles }))
  return IdentityPoolId
}

async function cognito(role: string, loggedIn: boolean): Promise<AwsCredentialIdentity> {
  const Logins = loggedIn ? { [issuer]: idToken(role) } : undefined
  const client = world.cognito(nobody)
  const { IdentityId = '' } = await client.send(
    new GetIdCommand({ IdentityPoolId: await pool(role), Logins }),
  )
  if (role === 'cognitoWide') {
    const admin = world.iot(user('admin'))
    await admin.send(new CreatePolicyCommand({ policyName: 'identity', policyDocument: Policy }))
    await admin.send(new AttachPolicyCommand({ policyName: 'identity', target: IdentityId }))
  }
  const { Credentials } = await client.send(
    new GetCredentialsForIdentityCommand({ IdentityId, Logins }),
  )
  return session(Credentials)
}

async function basicGuest(): Promise<AwsCredentialIdentity> {
  const client = world.cognito(nobody)
  const { IdentityId } = await client.send(
    new GetIdCommand({ IdentityPoolId: await pool('cognito') }),
  )
  const { Token = '' } = await client.send(new GetOpenIdTokenCommand({ IdentityId }))
  return web(roleArn('cognito'), Token)
}

async function altered(): Promise<AwsCredentialIdentity> {
  const keys = await assume('narrow')
  const { sessionToken = '' } = keys
  return {
    ...keys,
    sessionToken: sessionToken.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
  }
}

const makers: Readonly<Record<string, () => Promise<AwsCredentialIdentity>>> = {
  'IAM user': () => Promise.resolve(user('plain')),
  'IAM user through a group': () => Promise.resolve(user('member')),
  'IAM user with a boundary': () => Promise.resolve(user('bounded')),
  'user session (GetSessionToken)': async () =>
    session((await world.sts(user('plain')).send(new GetSessionTokenCommand({}))).Credentials),
  'role session (AssumeRole)': () => assume('narrow'),
  'role session with a session policy': () => assume('wide', { Policy }),
  'federated user with a policy': () => federate({ Policy }),
  'federated user without a policy': () => federate(),
  'web identity (OIDC)': () => web(roleArn('web'), idToken('u1')),
  'Cognito guest, enhanced flow': () => cognito('cognito', false),
  'Cognito guest, basic flow': basicGuest,
  'Cognito authenticated, no IoT policy': () => cognito('cognito', true),
  'Cognito authenticated, IoT policy': () => cognito('cognitoWide', true),
  root: () => Promise.resolve(user('root')),
  'expired session': async () => {
    const keys = await assume('narrow')
    await world.server.advance(3601)
    return keys
  },
  'altered token': altered,
  'no credentials': () => Promise.resolve(nobody),
  'X.509 device': () => Promise.resolve(nobody),
}

/** What a call came to: allowed, or the table's letter of its refusal. */
function letter(said: string): string {
  if (said === 'ok' || said.startsWith('ResourceNotFoundException')) return 'allowed'
  if (said.startsWith('AccessDeniedException 403: User: ')) return 'a'
  if (said.startsWith('ForbiddenException 403')) return 'f'
  return /^(?:UnrecognizedClient|ExpiredToken)Exception 403/.test(said) ? 't' : said
}

async function webSocket(keys: AwsCredentialIdentity, name: string): Promise<string> {
  try {
    const operator = await WebSocketOperator.connect(world.server, keys, name)
    return operator.connected && (await operator.publish(name)) ? 'allowed' : 'm'
  } catch (cause) {
    return (cause as Error).message === '403' ? 't' : String(cause)
  }
}

/** Without a certificate the listeners of devices serve nobody, whoever signs. */
async function withoutCertificate(): Promise<string> {
  const https = await requestHttps(world.server, undefined, 'POST', '/topics/yes').then(
    ({ status }) => status,
    () => 'refused',
  )
  return https === 'refused' || https === 401 || https === 403 ? 'u' : String(https)
}

async function byCertificate(name: string): Promise<string> {
  const { status } = await requestHttps(world.server, device, 'POST', `/topics/${name}?qos=1`)
  const mqtt = await connectMqtt(world.server, device, { clientId: name, reconnectPeriod: 0 }).then(
    async (client) => {
      await client.endAsync(true)
      return 'allowed'
    },
    () => 'm',
  )
  return `${mqtt} and ${status === 200 ? 'allowed' : status === 403 ? 'f' : status}`
}

const calls: Readonly<
  Record<Column, (keys: AwsCredentialIdentity, name: string, row: Row) => Promise<string>>
> = {
  controlPlane: async (keys, thingName) =>
    letter(await answer(world.iot(keys).send(new DescribeThingCommand({ thingName })))),
  jobsData: async (keys, thingName) =>
    letter(
      await answer(world.jobsData(keys).send(new GetPendingJobExecutionsCommand({ thingName }))),
    ),
  publish: async (keys, topic) =>
    letter(await answer(world.data(keys).send(new PublishCommand({ topic })))),
  shadows: async (keys, thingName) =>
    letter(await answer(world.data(keys).send(new GetThingShadowCommand({ thingName })))),
  webSocket,
  certificate: (_, name, { identity }) =>
    identity === 'X.509 device' ? byCertificate(name) : withoutCertificate(),
}

/** What a cell says of `yes` and of `no`. */
function expected(cell: string): readonly [yes: string, no: string] {
  const [policies = '', refusal = ''] = cell.split('; ')
  if (policies === 'everything') return ['allowed', 'allowed']
  if (policies === 'nothing') return [refusal, refusal]
  return [refusal === 'm and f' ? 'allowed and allowed' : 'allowed', refusal]
}

describe('identities I91, I109: the table of who may, by which policies', () => {
  it('has a row for every kind', () => {
    expect(rows.map(({ identity }) => identity)).toEqual(Object.keys(makers))
  })

  it.each(rows)('$identity', async (row) => {
    const make = makers[row.identity]
    const keys = await make?.()
    const seen: Record<string, readonly string[]> = {}
    for (const column of columns) {
      const call = calls[column]
      seen[column] = [await call(keys ?? nobody, 'yes', row), await call(keys ?? nobody, 'no', row)]
    }
    expect(seen).toEqual(
      Object.fromEntries(columns.map((column) => [column, expected(row[column])])),
    )
  })
})
