/** MQTT over WebSocket with temporary credentials, whose token each SDK sends in its own way. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import awsIot from 'aws-iot-device-sdk'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { connect311, connect5 } from './device-sdk-v2-connections.ts'

const credentials = {
  accessKeyId: 'ASIATEMPORARY',
  secretAccessKey: 'secret/with+signs',
  sessionToken: 'IQoJb3JpZ2lu/X2Vj+EXAMPLE==',
}
const users = [
  {
    userName: 'watcher',
    policies: [
      {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'iot:*', Resource: '*' }],
      },
    ],
    accessKeys: [credentials],
  },
]
const folder = mkdtempSync(join(tmpdir(), 'muster-temporary-'))
const iamFile = join(folder, 'iam.json')
let server: TestServer
beforeAll(async () => {
  writeFileSync(iamFile, JSON.stringify({ users }))
  server = await startTestServer({ iamFiles: [iamFile] })
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

const identity = { thingName: 'watcher', certificatePem: '', privateKeyPem: '' }

it('gateway G126: aws-iot-device-sdk-v2 with a session token', async () => {
  const dial = { server, identity, way: 'WebSocket with SigV4', credentials } as const
  expect(await connect311(dial)).toBeDefined()
  const { connack } = await connect5({ ...dial, identity: { ...identity, thingName: 'other' } })
  expect(connack.reasonCode).toBe(0)
  const forged = { ...credentials, sessionToken: 'another' }
  await expect(connect5({ ...dial, credentials: forged })).rejects.toThrow('not connected')
})

it('gateway G126: aws-iot-device-sdk v1 with a session token', async () => {
  const client = new awsIot.device({
    host: 'localhost',
    port: server.alpnPort,
    clientId: 'first',
    protocol: 'wss',
    region: 'us-east-1',
    accessKeyId: credentials.accessKeyId,
    secretKey: credentials.secretAccessKey,
    sessionToken: credentials.sessionToken,
    websocketOptions: { ca: server.caPem },
  })
  onTestFinished(() => new Promise((resolve) => client.end(true, resolve)))
  await once(client, 'connect')
})

it('gateway G129: the AWS SDK with a session token', async () => {
  const sts = new STSClient({ endpoint: server.httpUrl, region: 'us-east-1', credentials })
  onTestFinished(() => sts.destroy())
  const caller = await sts.send(new GetCallerIdentityCommand({}))
  expect(caller.Arn).toBe('arn:aws:iam::123456789012:user/watcher')
})
