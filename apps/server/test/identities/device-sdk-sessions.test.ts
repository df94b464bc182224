/** The device SDKs for JavaScript over WebSocket, by keys that STS gave out and that end. */
import { once } from 'node:events'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import type { AwsCredentialIdentity } from '@smithy/types'
import awsIot from 'aws-iot-device-sdk'
import { expect, it, onTestFinished } from 'vitest'
import { connect5 } from '../compatibility/device-sdk-v2-connections.ts'
import {
  accessKey,
  accountId,
  document,
  IdentityWorld,
  roleArn,
  session,
  trust,
  user,
} from './world.ts'

const world = new IdentityWorld({
  users: [
    {
      userName: 'ann',
      policies: [document('Allow', 'sts:AssumeRole')],
      accessKeys: [accessKey('ann')],
    },
  ],
  roles: [
    {
      roleName: 'ops',
      trust: trust({ AWS: accountId }, 'sts:AssumeRole'),
      policies: [document('Allow', ['iot:Connect', 'iot:Publish'])],
    },
  ],
})

const assume = async (): Promise<AwsCredentialIdentity> => {
  const command = new AssumeRoleCommand({ RoleArn: roleArn('ops'), RoleSessionName: 'device' })
  return session((await world.sts(user('ann')).send(command)).Credentials)
}

it('identities I104: v1 stays connected when its keys end, and connects again by new ones', async () => {
  const keys = await assume()
  const client = new awsIot.device({
    protocol: 'wss',
    host: 'localhost',
    port: world.server.alpnPort,
    region: 'us-east-1',
    clientId: 'ops',
    accessKeyId: keys.accessKeyId,
    secretKey: keys.secretAccessKey,
    sessionToken: keys.sessionToken ?? '',
    websocketOptions: { ca: world.server.caPem },
    baseReconnectTimeMs: 50,
    maximumReconnectTimeMs: 50,
  })
  client.on('error', () => {})
  onTestFinished(() => new Promise((resolve) => client.end(true, resolve)))
  await once(client, 'connect')
  await world.server.advance(3601)
  await new Promise<void>((resolve, reject) =>
    client.publish('a', 'hello', { qos: 1 }, (error) => (error ? reject(error) : resolve())),
  )
  const closed = once(client, 'close')
  client.simulateNetworkFailure()
  await closed
  // Its next attempt comes with the keys that ended.
  await once(client, 'close')
  expect(await world.newestRefusal('kind=signature')).toMatchObject({
    action: 'iot:Connect',
    reason: 'ExpiredTokenException',
    principalId: keys.accessKeyId,
  })
  const next = await assume()
  client.updateWebSocketCredentials(
    next.accessKeyId,
    next.secretAccessKey,
    next.sessionToken ?? '',
    new Date(),
  )
  await once(client, 'connect')
})

it('identities I104: v2 does not connect by keys that ended', async () => {
  const keys = await assume()
  const dial = {
    server: world.server,
    identity: { thingName: 'other', certificatePem: '', privateKeyPem: '' },
    way: 'WebSocket with SigV4',
  } as const
  const { connack } = await connect5({ ...dial, credentials: keys })
  expect(connack.reasonCode).toBe(0)
  await world.server.advance(3601)
  await expect(connect5({ ...dial, credentials: keys })).rejects.toThrow('not connected')
  const { connack: again } = await connect5({ ...dial, credentials: await assume() })
  expect(again.reasonCode).toBe(0)
})
