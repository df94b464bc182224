/** The credentials provider on the wire: which listener, which host, which answer. */
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import {
  AttachThingPrincipalCommand,
  CreateRoleAliasCommand,
  CreateThingCommand,
  DescribeEndpointCommand,
  IoTClient,
  ListThingsCommand,
} from '@aws-sdk/client-iot'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import {
  createDevice,
  OPEN_POLICY,
  requestHttps,
  startTestServer,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { handshake } from '../listeners-fixture.ts'

const ROLE = 'arn:aws:iam::123456789012:role/lamp'
const PATH = '/role-aliases/lamp/credentials'

let folder: string
let server: TestServer
let lamp: TestDevice
let credentialsHost: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-role-alias-'))
  const iamFile = join(folder, 'iam.json')
  const allowed = { Effect: 'Allow', Action: 'iot:ListThings', Resource: '*' }
  const policies = [{ Version: '2012-10-17', Statement: [allowed] }]
  const admin = 'arn:aws:iam::aws:policy/AdministratorAccess'
  const accessKeys = [{ accessKeyId: 'test', secretAccessKey: 'test' }]
  const users = [{ userName: 'ops', managedPolicies: [admin], accessKeys }]
  writeFileSync(iamFile, JSON.stringify({ users, roles: [{ roleName: 'lamp', policies }] }))
  server = await startTestServer({ iamFiles: [iamFile], awsEndpointForm: true, clock: 'virtual' })
  lamp = await createDevice(server.iot, 'lamp', { policyDocument: OPEN_POLICY })
  await server.iot.send(new CreateRoleAliasCommand({ roleAlias: 'lamp', roleArn: ROLE }))
  const endpointType = 'iot:CredentialProvider'
  const found = await server.iot.send(new DescribeEndpointCommand({ endpointType }))
  credentialsHost = found.endpointAddress ?? ''
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Given {
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken: string
    readonly expiration: string
  }
}

/** Asks on an open connection, and reads the whole answer. */
function ask(socket: TLSSocket, lines: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    socket.on('data', (bytes: Buffer) => (text += bytes.toString()))
    socket.on('close', () => resolve(text))
    socket.write(`${[...lines, 'connection: close'].join('\r\n')}\r\n\r\n`)
  })
}

describe('neighbours N104: where it is asked', () => {
  it.each([[undefined], [['http/1.1']], [['h2', 'http/1.1']], [['x-amzn-http-ca']]])(
    'on the ALPN port by the host that DescribeEndpoint names, with ALPN %j',
    async (ALPNProtocols) => {
      expect(credentialsHost).toMatch(/^\w+\.credentials\.iot\.us-east-1\.amazonaws\.com$/)
      const socket = await handshake(server, lamp, {
        port: server.alpnPort,
        servername: credentialsHost,
        ...(ALPNProtocols !== undefined && { ALPNProtocols }),
      })
      const answer = await ask(socket, [`GET ${PATH} HTTP/1.1`, `host: ${credentialsHost}`])
      expect(answer).toMatch(/^HTTP\/1.1 200 /)
      expect(answer).toMatch(/^x-amzn-requestid: \S+\r$/im)
      expect(answer).toContain('{"credentials":{"accessKeyId":"ASIA')
    },
  )

  it('on 8443 by its path, and by no other method', async () => {
    expect((await requestHttps(server, lamp, 'GET', PATH)).status).toBe(200)
    expect((await requestHttps(server, lamp, 'POST', PATH, '{}')).status).toBe(404)
  })
})

describe('neighbours N106, N112, identities I66: what is given', () => {
  it('keys that sign for every service here, under the role alone', async () => {
    const { body } = await requestHttps(server, lamp, 'GET', PATH)
    const { credentials } = body as Given
    const { nowMs } = (await (await server.admin('GET', 'clock')).json()) as { nowMs: number }
    expect(Date.parse(credentials.expiration)).toBe(Math.floor(nowMs / 1000) * 1000 + 3_600_000)
    const { accessKeyId, secretAccessKey, sessionToken } = credentials
    const keys = { accessKeyId, secretAccessKey }
    const client = {
      endpoint: server.httpUrl,
      region: 'us-east-1',
      credentials: { ...keys, sessionToken },
    }
    const who = await new STSClient(client).send(new GetCallerIdentityCommand({}))
    const arn = `arn:aws:sts::123456789012:assumed-role/lamp/${lamp.certificateId}`
    expect(who.Arn).toBe(arn)
    const iot = new IoTClient(client)
    expect((await iot.send(new ListThingsCommand({}))).things).toHaveLength(1)
    await expect(iot.send(new CreateThingCommand({ thingName: 'x' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`User: ${arn} is not authorized`) as string,
    })
    const bare = new IoTClient({ ...client, credentials: keys })
    await expect(bare.send(new ListThingsCommand({}))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    })
  })
})

describe('neighbours N107: refusals', () => {
  it('have type, request id and a message', async () => {
    const answer = await requestHttps(server, lamp, 'GET', '/role-aliases/none/credentials')
    expect(answer.status).toBe(404)
    expect(answer.headers).toMatchObject({
      'x-amzn-errortype': 'ResourceNotFoundException',
      'x-amzn-requestid': expect.any(String) as string,
    })
    expect(answer.body).toEqual({ message: 'Role alias does not exist' })
  })

  it('a certificate that is missing or not registered comes before everything', async () => {
    const other = await startTestServer()
    const stranger = await createDevice(other.iot, 'lamp', { policyDocument: OPEN_POLICY })
    await other.close()
    for (const identity of [undefined, stranger]) {
      const answer = await requestHttps(server, identity, 'GET', PATH)
      expect([answer.status, answer.headers['x-amzn-errortype'], answer.body]).toEqual([
        403,
        'AccessDeniedException',
        { message: 'Certificate is invalid on this endpoint' },
      ])
    }
  })

  it('are told to the operator', async () => {
    await requestHttps(server, lamp, 'GET', '/role-aliases/none/credentials')
    const answer = await server.admin('GET', 'decisions?kind=request')
    const { decisions } = (await answer.json()) as { decisions: readonly object[] }
    expect(decisions[0]).toMatchObject({
      action: 'iot:AssumeRoleWithCertificate',
      reason: 'ResourceNotFoundException',
      principalId: lamp.certificateId,
    })
  })

  it('a policy that does not allow it is a denial with its explanation', async () => {
    const policyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'iot:Connect', Resource: '*' }],
    })
    const poor = await createDevice(server.iot, 'poor', { policyDocument })
    const answer = await requestHttps(server, poor, 'GET', PATH)
    expect([answer.status, answer.body]).toEqual([403, { message: 'Access Denied' }])
    const told = await server.admin('GET', 'decisions?kind=policy')
    const { decisions } = (await told.json()) as { decisions: readonly object[] }
    expect(decisions[0]).toMatchObject({
      action: 'iot:AssumeRoleWithCertificate',
      resource: 'arn:aws:iot:us-east-1:123456789012:rolealias/lamp',
      principalId: poor.certificateId,
    })
  })

  it('a thing attached to the certificate besides may be named too', async () => {
    await server.iot.send(new CreateThingCommand({ thingName: 'second' }))
    const { certificateArn: principal } = lamp
    await server.iot.send(new AttachThingPrincipalCommand({ thingName: 'second', principal }))
    const named = (thingName: string): Promise<{ status: number }> =>
      requestHttps(server, lamp, 'GET', PATH, undefined, { 'x-amzn-iot-thingname': thingName })
    expect((await named('second')).status).toBe(200)
    expect((await named('lamp')).status).toBe(200)
    expect((await named('poor')).status).toBe(403)
  })
})
