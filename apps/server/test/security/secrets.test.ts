/**
 * Secrets of every kind stay where they belong: in none of what the server logs at any level, records of
 * decisions and things, measures, or says to who is refused.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  GetIdCommand,
  GetOpenIdTokenCommand,
} from '@aws-sdk/client-cognito-identity'
import {
  CreateJobCommand,
  CreateKeysAndCertificateCommand,
  CreateProvisioningClaimCommand,
  IoTClient,
} from '@aws-sdk/client-iot'
import {
  StartNextPendingJobExecutionCommand,
  IoTJobsDataPlaneClient,
} from '@aws-sdk/client-iot-jobs-data-plane'
import { GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts'
import {
  connectMqtt,
  createDevice,
  OPEN_POLICY,
  startTestServer,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import mqtt from 'mqtt'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { entryLog } from '../../src/index.ts'
import { presignedUrl, send, signedFetch, signedHeaders } from '../http/signed-fetch.ts'
import { ask, createTemplate } from '../provisioning/provisioning-fixture.ts'

const OPERATOR = {
  accessKeyId: 'AKIASECRETSTEST0',
  secretAccessKey: 'op-Secret/of+the.operator-4711',
}
const ADMIN_TOKEN = 'admin-token-that-nobody-may-read-4711'

let server: TestServer
let folder: string
let device: TestDevice
const logged: string[] = []
/** What was said to those who were refused. */
const refusals: string[] = []
/** By what each is. */
const secrets = new Map<string, string>()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'))
  mkdirSync(join(folder, 'bucket'))
  writeFileSync(join(folder, 'bucket/firmware'), 'firmware')
  server = await startTestServer({
    log: entryLog('trace', (entry) => logged.push(JSON.stringify(entry))),
    firstOperator: OPERATOR,
    adminToken: ADMIN_TOKEN,
    s3Folder: folder,
    reasonStrings: true,
  })
  secrets.set('secret of an access key', OPERATOR.secretAccessKey)
  secrets.set('admin token', ADMIN_TOKEN)
  const iot = operator(IoTClient)
  device = await createDevice(iot, 'T1', { policyDocument: OPEN_POLICY })
  secrets.set('private key of a device', keyBody(device.privateKeyPem))
  await wrongSignatures()
  await adminRequests()
  await temporaryKeys()
  await keysMadeHere(iot)
  await presignedLink(iot)
  await passwords()
  iot.destroy()
})
afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

function operator<C>(Client: new (options: object) => C, credentials: object = OPERATOR): C {
  return new Client({ endpoint: server.httpUrl, region: 'us-east-1', credentials, maxAttempts: 1 })
}

/** Enough of a key to be found, without the line breaks that a log would escape. */
function keyBody(pem: string): string {
  return pem.split('\n').slice(1, -1).join('').slice(4, 60).slice(0, 40)
}

/** Keeps what was answered when it refuses; anything else is a mistake of this test. */
async function refused(
  asking: Promise<{ readonly status: number; readonly text: string }>,
): Promise<void> {
  const { status, text } = await asking
  expect(status).toBeGreaterThanOrEqual(400)
  refusals.push(text)
}

async function wrongSignatures(): Promise<void> {
  const url = '/things/T1'
  const key = { accessKeyId: OPERATOR.accessKeyId, secretAccessKey: 'typed-wrong-4711-secret' }
  secrets.set('secret that was typed wrong', key.secretAccessKey)
  await refused(signedFetch(server.httpUrl, { url, ...key }))
  const { authorization = '', ...headers } = await signedHeaders(server.httpUrl, {
    url,
    ...OPERATOR,
  })
  const signature = /Signature=([0-9a-f]+)/.exec(authorization)?.[1] ?? ''
  secrets.set('signature of an Authorization header', signature)
  // The header is well signed, for another path, cut, and with what no header has.
  await refused(send(server.httpUrl, '/things/T2', { headers: { ...headers, authorization } }))
  const cut = authorization.slice(0, -1)
  await refused(send(server.httpUrl, url, { headers: { ...headers, authorization: cut } }))
  const odd = `Bearer ${signature}`
  await refused(send(server.httpUrl, url, { headers: { ...headers, authorization: odd } }))
  const presigned = await presignedUrl(server.httpUrl, { url, ...OPERATOR })
  secrets.set('presigned signature', new URLSearchParams(presigned).get('X-Amz-Signature') ?? '')
  await refused(send(server.httpUrl, presigned.replace('/things/T1', '/things/T3')))
  const upgrade = await presignedUrl(server.httpUrl, {
    url: '/mqtt',
    service: 'iotdevicegateway',
    ...key,
  })
  secrets.set('signature of a WebSocket', new URLSearchParams(upgrade).get('X-Amz-Signature') ?? '')
  await expect(
    mqtt.connectAsync(`ws://127.0.0.1:${server.httpPort}${upgrade}`, { reconnectPeriod: 0 }, false),
  ).rejects.toThrow()
}

async function adminRequests(): Promise<void> {
  const wrong = `${ADMIN_TOKEN}-typed-wrong`
  secrets.set('admin token that was typed wrong', wrong)
  const authorization = `Bearer ${wrong}`
  await refused(send(server.httpUrl, '/_muster/decisions', { headers: { authorization } }))
  await refused(send(server.httpUrl, `/_muster/decisions?token=${wrong}`))
}

async function temporaryKeys(): Promise<void> {
  const sts = operator(STSClient)
  const { Credentials: made } = await sts.send(new GetSessionTokenCommand({}))
  sts.destroy()
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = made ?? {}
  secrets.set('secret of a session', SecretAccessKey)
  secrets.set('session token', SessionToken)
  const session = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey }
  const url = '/things/T1'
  await refused(signedFetch(server.httpUrl, { url, ...session }))
  const tampered = `${SessionToken.slice(0, -4)}AAAA`
  secrets.set('session token that was changed', tampered)
  await refused(signedFetch(server.httpUrl, { url, ...session, sessionToken: tampered }))
  const cognito = operator(CognitoIdentityClient)
  const { IdentityPoolId } = await cognito.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: 'guests',
      AllowUnauthenticatedIdentities: true,
    }),
  )
  const { IdentityId } = await cognito.send(new GetIdCommand({ IdentityPoolId }))
  const { Token = '' } = await cognito.send(new GetOpenIdTokenCommand({ IdentityId }))
  secrets.set('token of an identity', Token)
  const login = new GetIdCommand({ IdentityPoolId, Logins: { 'nobody.example.com': Token } })
  await expect(cognito.send(login)).rejects.toThrow()
  cognito.destroy()
}

async function keysMadeHere(iot: IoTClient): Promise<void> {
  const made = await iot.send(new CreateKeysAndCertificateCommand({ setAsActive: true }))
  secrets.set('private key that the service made', keyBody(made.keyPair?.PrivateKey ?? ''))
  await createTemplate(server, 'fleet')
  const claim = await iot.send(new CreateProvisioningClaimCommand({ templateName: 'fleet' }))
  secrets.set('private key of a claim', keyBody(claim.keyPair?.PrivateKey ?? ''))
  const client = await connectMqtt(server, device)
  const keys = await ask(client, '$aws/certificates/create/json', {})
  const token = String(keys.body['certificateOwnershipToken'])
  secrets.set('ownership token', token)
  secrets.set('private key by fleet provisioning', keyBody(String(keys.body['privateKey'])))
  const wrong = await ask(client, '$aws/provisioning-templates/fleet/provision/json', {
    certificateOwnershipToken: `${token}x`,
    parameters: { SerialNumber: '1' },
  })
  expect(wrong.accepted).toBe(false)
  refusals.push(JSON.stringify(wrong.body))
  await client.endAsync()
}

async function presignedLink(iot: IoTClient): Promise<void> {
  await iot.send(
    new CreateJobCommand({
      jobId: 'J1',
      targets: [device.thingArn],
      document: '{"from":"${aws:iot:s3-presigned-url:https://s3.amazonaws.com/bucket/firmware}"}',
      presignedUrlConfig: { roleArn: 'arn:aws:iam::123456789012:role/r', expiresInSec: 60 },
    }),
  )
  const jobs = operator(IoTJobsDataPlaneClient)
  const { execution } = await jobs.send(
    new StartNextPendingJobExecutionCommand({ thingName: 'T1' }),
  )
  jobs.destroy()
  const { from } = JSON.parse(execution?.jobDocument ?? '{}') as { readonly from: string }
  const link = new URL(from)
  secrets.set('signature of an S3 link', link.searchParams.get('X-Amz-Signature') ?? '')
  // Of another file, and too late.
  await refused(send(server.httpUrl, `${link.pathname}x${link.search}`))
  await server.admin('POST', 'clock', { advanceSeconds: 100 }).catch(() => {})
  await refused(send(server.httpUrl, `/s3/bucket/none${link.search}`))
}

async function passwords(): Promise<void> {
  const password = 'password-in-a-CONNECT-4711'
  secrets.set('password in CONNECT', password)
  const client = await connectMqtt(server, device, { username: 'user', password })
  await client.endAsync()
  await connectMqtt(server, device, { clientId: '', username: 'user', password }).catch(() => {})
  const stranger = await createDevice(operator(IoTClient), 'T9', { policyDocument: undefined })
  await connectMqtt(server, stranger, { username: 'user', password }).catch(() => {})
}

/** Everything that an operator of the machine can read of what happened. */
async function told(): Promise<ReadonlyMap<string, string>> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` }
  const read = async (path: string): Promise<string> => {
    const { status, text } = await send(server.httpUrl, `/_muster/${path}`, { headers })
    expect([path, status]).toEqual([path, 200])
    return text
  }
  return new Map([
    ['the log', logged.join('\n')],
    ['answers that refuse', refusals.join('\n')],
    ['decisions', await read('decisions?limit=1000')],
    ['the timeline of a thing', await read('things/T1/timeline')],
    ['metrics', await read('metrics')],
    ['health', await read('health')],
  ])
}

it('each kind of secret was used, and something was logged and refused at every turn', async () => {
  for (const [kind, secret] of secrets) expect([kind, secret.length > 15]).toEqual([kind, true])
  expect(secrets.size).toBe(18)
  expect(logged.length).toBeGreaterThan(5)
  expect(refusals.length).toBeGreaterThan(8)
  const { decisions = '' } = Object.fromEntries(await told())
  expect(decisions).toMatch(/signature/i)
})

it('no secret is in the log at any level, in decisions, timelines, metrics or answers that refuse', async () => {
  const found: string[] = []
  for (const [where, text] of await told()) {
    const bare = text.replaceAll(String.raw`\n`, '')
    for (const [kind, secret] of secrets) {
      // As it is, and as a query or JSON writes it.
      for (const form of [secret, encodeURIComponent(secret)]) {
        if (bare.includes(form)) found.push(`${kind} in ${where}`)
      }
    }
  }
  expect(found).toEqual([])
})
