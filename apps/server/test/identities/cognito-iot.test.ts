import {
  CreateIdentityPoolCommand,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  SetIdentityPoolRolesCommand,
} from '@aws-sdk/client-cognito-identity'
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreatePolicyCommand,
  CreateThingCommand,
  DetachPolicyCommand,
  GetEffectivePoliciesCommand,
  ListAttachedPoliciesCommand,
  ListTargetsForPolicyCommand,
  ListThingsCommand,
  TestAuthorizationCommand,
} from '@aws-sdk/client-iot'
import {
  GetThingShadowCommand,
  ListNamedShadowsForThingCommand,
  PublishCommand,
  UpdateThingShadowCommand,
} from '@aws-sdk/client-iot-data-plane'
import { GetPendingJobExecutionsCommand } from '@aws-sdk/client-iot-jobs-data-plane'
import type { AwsCredentialIdentity } from '@smithy/types'
import { beforeEach, describe, expect, it } from 'vitest'
import { WebSocketOperator } from './websocket-operator.ts'
import {
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
  user,
} from './world.ts'

const iam = {
  users: [administrator],
  oidcProviders: [oidcProvider],
  roles: [
    {
      roleName: 'Guest',
      trust: cognitoTrust('unauthenticated'),
      policies: [
        {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: 'iot:Connect',
              Resource: iotArn('client/${cognito-identity.amazonaws.com:sub}'),
            },
            { Effect: 'Allow', Action: 'iot:Publish', Resource: iotArn('topic/role/*') },
          ],
        },
      ],
    },
    {
      roleName: 'Auth',
      trust: cognitoTrust('authenticated'),
      policies: [
        document('Allow', ['iot:Connect', 'iot:List*', 'iot:GetThingShadow', 'iotjobsdata:*']),
        document('Allow', 'iot:Publish', [
          iotArn('topic/role/*'),
          iotArn('topic/both/*'),
          iotArn('topic/T1/*'),
        ]),
      ],
    },
  ],
}

const world = new IdentityWorld(iam)
let poolId: string
beforeEach(async () => {
  await world.server.admin('POST', 'reset')
  const cognito = world.cognito(user('admin'))
  const made = await cognito.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: 'p',
      AllowUnauthenticatedIdentities: true,
      OpenIdConnectProviderARNs: [providerArn],
    }),
  )
  poolId = made.IdentityPoolId ?? ''
  const Roles = { unauthenticated: roleArn('Guest'), authenticated: roleArn('Auth') }
  await cognito.send(new SetIdentityPoolRolesCommand({ IdentityPoolId: poolId, Roles }))
})

interface Somebody {
  readonly identityId: string
  readonly keys: AwsCredentialIdentity
}

async function identity(Logins?: Record<string, string>): Promise<Somebody> {
  const cognito = world.cognito(nobody)
  const { IdentityId = '' } = await cognito.send(
    new GetIdCommand({ IdentityPoolId: poolId, Logins }),
  )
  const { Credentials } = await cognito.send(
    new GetCredentialsForIdentityCommand({ IdentityId, Logins }),
  )
  return { identityId: IdentityId, keys: session(Credentials) }
}
const loggedIn = (): Promise<Somebody> => identity({ [issuer]: idToken('u1') })

async function attach(policyName: string, statement: object, target: string): Promise<void> {
  const admin = world.iot(user('admin'))
  const policyDocument = JSON.stringify(statement)
  await admin.send(new CreatePolicyCommand({ policyName, policyDocument }))
  await admin.send(new AttachPolicyCommand({ policyName, target }))
}

const publish = (keys: AwsCredentialIdentity, topic: string): Promise<string> =>
  answer(world.data(keys).send(new PublishCommand({ topic })))

describe('identities I93: an authenticated identity', () => {
  it('needs both for the seven actions, its role alone for the rest', async () => {
    const { identityId, keys } = await loggedIn()
    expect(await publish(keys, 'role/a')).toMatch(/^ForbiddenException 403/)
    expect(await answer(world.iot(keys).send(new ListThingsCommand({})))).toBe('ok')
    const pending = new GetPendingJobExecutionsCommand({ thingName: 't' })
    expect(await answer(world.jobsData(keys).send(pending))).toMatch(/^ResourceNotFoundException/)
    await attach(
      'p',
      document('Allow', 'iot:Publish', [iotArn('topic/both/*'), iotArn('topic/iot/*')]),
      identityId,
    )
    expect(await publish(keys, 'both/a')).toBe('ok')
    expect(await publish(keys, 'role/a')).toMatch(/^ForbiddenException/)
    expect(await publish(keys, 'iot/a')).toMatch(/^ForbiddenException/)
  })

  it('neighbours N13: shadows are among the seven, the list of their names is not', async () => {
    const { identityId, keys } = await loggedIn()
    const data = world.data(keys)
    const payload = Buffer.from('{"state":{}}')
    const update = new UpdateThingShadowCommand({ thingName: 'T', payload })
    const get = new GetThingShadowCommand({ thingName: 'T' })
    await world.data(user('admin')).send(update)
    expect(await answer(data.send(get))).toMatch(/^ForbiddenException 403/)
    const list = new ListNamedShadowsForThingCommand({ thingName: 'T' })
    expect(await answer(data.send(list))).toBe('ok')
    const both = ['iot:GetThingShadow', 'iot:UpdateThingShadow']
    await attach('p', document('Allow', both, iotArn('thing/T')), identityId)
    expect(await answer(data.send(get))).toBe('ok')
    expect(await answer(data.send(update))).toMatch(/^ForbiddenException 403/)
    const named = new GetThingShadowCommand({ thingName: 'T', shadowName: 's' })
    expect(await answer(data.send(named))).toMatch(/^ForbiddenException 403/)
  })

  it('a Deny in the IoT policy refuses', async () => {
    const { identityId, keys } = await loggedIn()
    await attach('p', document('Allow', 'iot:Publish'), identityId)
    expect(await publish(keys, 'role/a')).toBe('ok')
    await attach('d', document('Deny', 'iot:Publish', iotArn('topic/role/*')), identityId)
    expect(await publish(keys, 'role/a')).toMatch(/^ForbiddenException/)
  })

  it('identities I92: IoT policies of a guest are not looked at', async () => {
    const { identityId, keys } = await identity()
    await attach('d', document('Deny', 'iot:Publish'), identityId)
    expect(await publish(keys, 'role/a')).toBe('ok')
  })
})

describe('identities I94, I95, I98, I99: policies of an identity', () => {
  it('are attached, listed, effective and tested', async () => {
    const admin = world.iot(user('admin'))
    const { identityId } = await loggedIn()
    await attach('p', document('Allow', 'iot:Publish', iotArn('topic/both/*')), identityId)
    await admin.send(new AttachPolicyCommand({ policyName: 'p', target: identityId }))
    expect(
      (await admin.send(new ListAttachedPoliciesCommand({ target: identityId }))).policies,
    ).toMatchObject([{ policyName: 'p' }])
    expect(
      (await admin.send(new ListTargetsForPolicyCommand({ policyName: 'p' }))).targets,
    ).toEqual([identityId])
    expect(
      (await admin.send(new GetEffectivePoliciesCommand({ principal: identityId })))
        .effectivePolicies,
    ).toMatchObject([{ policyName: 'p' }])
    expect(
      (await admin.send(new GetEffectivePoliciesCommand({ cognitoIdentityPoolId: poolId })))
        .effectivePolicies,
    ).toEqual([])
    const test = async (resource: string, principal?: string): Promise<unknown> => {
      const { authResults } = await admin.send(
        new TestAuthorizationCommand({
          cognitoIdentityPoolId: poolId,
          principal,
          authInfos: [{ actionType: 'PUBLISH', resources: [iotArn(resource)] }],
        }),
      )
      return authResults?.[0]?.authDecision
    }
    expect(await test('topic/both/a', identityId)).toBe('ALLOWED')
    expect(await test('topic/role/a', identityId)).toBe('IMPLICIT_DENY')
    expect(await test('topic/role/a')).toBe('ALLOWED')
    expect(await test('topic/both/a')).toBe('IMPLICIT_DENY')
    const unknown = new TestAuthorizationCommand({
      cognitoIdentityPoolId: 'us-east-1:none',
      authInfos: [{ actionType: 'PUBLISH', resources: ['a'] }],
    })
    expect(await answer(admin.send(unknown))).toMatch(/^ResourceNotFoundException/)
  })
})

describe('identities I96, I97, I101 to I106: over WebSocket', () => {
  it('a guest connects under its own identity id only', async () => {
    const { identityId, keys } = await identity()
    const own = await WebSocketOperator.connect(world.server, keys, identityId)
    expect(own.connected).toBe(true)
    expect(await own.publish('role/a')).toBe(true)
    expect(await own.publish('other/a')).toBe(false)
    expect((await WebSocketOperator.connect(world.server, keys, 'another')).connected).toBe(false)
  })

  it('identities I100: an identity without IoT policy is refused, and told what is missing', async () => {
    const { identityId, keys } = await loggedIn()
    expect((await WebSocketOperator.connect(world.server, keys, 'c1')).connected).toBe(false)
    expect(await world.newestRefusal('action=iot:Connect')).toMatchObject({
      principalKind: 'cognito-auth',
      cognitoIdentityId: identityId,
      principal: `arn:aws:sts::${accountId}:assumed-role/Auth/CognitoIdentityCredentials`,
      summary:
        `iot:Connect on ${iotArn('client/c1')} is denied to authenticated Cognito identity ` +
        `${identityId}: the role allows it, but no IoT policy is attached to the Cognito identity ` +
        `${identityId}, which needs both`,
      hint: `aws iot attach-policy --policy-name POLICY --target ${identityId}`,
    })
    // The very line mends it.
    await attach('mends', document('Allow', 'iot:*'), identityId)
    expect((await WebSocketOperator.connect(world.server, keys, 'c1')).connected).toBe(true)
  })

  it('thing variables count for the thing of the client id; changes count at the next packet', async () => {
    const admin = world.iot(user('admin'))
    const { identityId, keys } = await loggedIn()
    await admin.send(new CreateThingCommand({ thingName: 'T1' }))
    await admin.send(new AttachThingPrincipalCommand({ thingName: 'T1', principal: identityId }))
    const variable = iotArn('topic/${iot:Connection.Thing.ThingName}/up')
    await attach(
      'p',
      {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 'iot:Connect', Resource: '*' },
          { Effect: 'Allow', Action: 'iot:Publish', Resource: variable },
        ],
      },
      identityId,
    )
    const own = await WebSocketOperator.connect(world.server, keys, 'T1')
    expect(await own.publish('T1/up')).toBe(true)
    const other = await WebSocketOperator.connect(world.server, keys, 'other')
    expect(await other.publish('T1/up')).toBe(false)
    await admin.send(new DetachPolicyCommand({ policyName: 'p', target: identityId }))
    expect(await own.publish('T1/up')).toBe(false)
  })

  it('identities I104: an open connection outlives its keys, a new one does not open', async () => {
    const { identityId, keys } = await identity()
    const own = await WebSocketOperator.connect(world.server, keys, identityId)
    await world.server.advance(3601)
    expect(await own.publish('role/a')).toBe(true)
    await expect(WebSocketOperator.connect(world.server, keys, identityId)).rejects.toThrow('403')
  })

  it.each(['after', 'inside'] as const)(
    'identities I102: the token %s the signature',
    async (token) => {
      const { identityId, keys } = await identity()
      expect(
        (await WebSocketOperator.connect(world.server, keys, identityId, token)).connected,
      ).toBe(true)
    },
  )

  it('identities I105: a reset denies everything', async () => {
    const { identityId, keys } = await identity()
    const own = await WebSocketOperator.connect(world.server, keys, identityId)
    await world.server.admin('POST', 'reset')
    expect(await own.publish('role/a')).toBe(false)
  })
})
