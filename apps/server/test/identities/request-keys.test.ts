import { CognitoIdentityClient, ListIdentityPoolsCommand } from '@aws-sdk/client-cognito-identity'
import { IoTClient, ListThingsCommand } from '@aws-sdk/client-iot'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import type { AwsCredentialIdentity } from '@smithy/types'
import { expect, it } from 'vitest'
import { accessKey, accountId, answer, IdentityWorld, roleArn, user } from './world.ts'
import { WebSocketOperator } from './websocket-operator.ts'

const allowed = (action: string | readonly string[], condition: object): object => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: '*', Condition: condition }],
})

const overTls = { Bool: { 'aws:SecureTransport': 'true' } }
const inTheClear = { Bool: { 'aws:SecureTransport': 'false' } }

const world = new IdentityWorld({
  users: [
    {
      userName: 'tls',
      policies: [allowed(['iot:*', 'cognito-identity:*', 'sts:AssumeRole'], overTls)],
      accessKeys: [accessKey('tls')],
    },
    {
      userName: 'clear',
      policies: [allowed(['iot:*', 'sts:AssumeRole'], inTheClear)],
      accessKeys: [accessKey('clear')],
    },
    {
      userName: 'browser',
      policies: [allowed('iot:*', { StringLike: { 'aws:UserAgent': '*aws-sdk-js/*' } })],
      accessKeys: [accessKey('browser')],
    },
    {
      userName: 'robot',
      policies: [allowed('iot:*', { StringLike: { 'aws:UserAgent': 'robot/*' } })],
      accessKeys: [accessKey('robot')],
    },
  ],
  roles: [
    {
      roleName: 'tls-only',
      trust: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: accountId },
            Action: 'sts:AssumeRole',
            Condition: overTls,
          },
        ],
      },
    },
  ],
})

const settings = (credentials: AwsCredentialIdentity, secure: boolean): object => ({
  credentials,
  region: 'us-east-1',
  maxAttempts: 1,
  endpoint: secure ? `https://localhost:${world.server.alpnPort}` : world.server.httpUrl,
  requestHandler: { httpsAgent: { ca: world.server.caPem } },
})

const listed = (name: string, secure: boolean): Promise<string> =>
  answer(new IoTClient(settings(user(name), secure)).send(new ListThingsCommand({})))

const assumed = (name: string, secure: boolean): Promise<string> =>
  answer(
    new STSClient(settings(user(name), secure)).send(
      new AssumeRoleCommand({ RoleArn: roleArn('tls-only'), RoleSessionName: 's1' }),
    ),
  )

const pools = (secure: boolean): Promise<string> =>
  answer(
    new CognitoIdentityClient(settings(user('tls'), secure)).send(
      new ListIdentityPoolsCommand({ MaxResults: 1 }),
    ),
  )

it('identities I22: aws:SecureTransport tells the listener, on every plane', async () => {
  expect(await listed('tls', true)).toBe('ok')
  expect(await listed('tls', false)).toMatch(/^AccessDeniedException 403/)
  expect(await listed('clear', false)).toBe('ok')
  expect(await listed('clear', true)).toMatch(/^AccessDeniedException 403/)
  expect(await pools(true)).toBe('ok')
  expect(await pools(false)).toMatch(/^AccessDeniedException 400/)
})

it('identities I22, I40: trust and caller of AssumeRole see it', async () => {
  expect(await assumed('tls', true)).toBe('ok')
  expect(await assumed('tls', false)).toMatch(/^AccessDenied 403/)
  expect(await assumed('clear', false)).toMatch(/^AccessDenied 403/)
})

it('identities I22: MQTT over WebSocket is judged by the listener of its upgrade', async () => {
  const connected = async (name: string): Promise<boolean> =>
    (await WebSocketOperator.connect(world.server, user(name), name)).connected
  expect(await connected('clear')).toBe(true)
  expect(await connected('tls')).toBe(false)
})

it('identities I22: aws:UserAgent is the header of the request', async () => {
  expect(await listed('browser', false)).toBe('ok')
  expect(await listed('robot', false)).toMatch(/^AccessDeniedException 403/)
})
