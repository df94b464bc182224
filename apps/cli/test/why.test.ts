/** `muster why`: what was refused, to whom, and what would mend it. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import {
  CreateJobCommand,
  CreateThingCommand,
  DeleteThingCommand,
  DescribeThingCommand,
  DetachThingPrincipalCommand,
  ListThingPrincipalsCommand,
} from '@aws-sdk/client-iot'
import { connectMqtt, createDevice, startTestServer, type TestServer } from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { refusalText } from '../src/why/refusal.ts'
import { musterHere } from './muster-here.ts'
import { startMuster, type Ended } from './muster-process.ts'

async function lampRefused(server: TestServer, topic: string): Promise<void> {
  const device = await createDevice(server.iot, `lamp-${topic}`)
  const client = await connectMqtt(server, device)
  const cut = new Promise<void>((resolve) => client.once('close', () => resolve()))
  client.publish(topic, 'x')
  await cut
  await client.endAsync(true)
}

async function server(options: object = {}): Promise<TestServer> {
  const started = await startTestServer(options)
  onTestFinished(() => started.close())
  return started
}

const why = (on: TestServer, ...flags: readonly string[]): Promise<Ended> =>
  musterHere(['why', ...flags], { cwd: '.', env: { MUSTER_DATA: on.options.dataDir ?? '' } })

it('says who was refused what, why, and what would mend it, the newest last', async () => {
  const on = await server()
  expect((await why(on)).stdout).toBe('nothing was refused\n')
  await lampRefused(on, 'a')
  await lampRefused(on, 'b')
  const { code, stdout } = await why(on)
  expect(code).toBe(0)
  const [first, second] = stdout.split(/^(?=\d{4}-)/m)
  expect(first).toMatch(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}iot:Publish \S+ {2}lamp-a, certificate [0-9a-f]{12}…, 127\.0\.0\.1\n {2}iot:Publish on arn:aws:iot:us-east-1:123456789012:topic\/a is denied: .*\n {2}hint: .*\n {2}every clause: muster policy explain 1\n$/,
  )
  expect(second).toContain('lamp-b')

  const one = await why(on, 'lamp-a')
  const verdict = 'NOTHING_TARGETS_IT  no job targets lamp-a or a group that it is in\n  next: '
  expect(one.stdout.startsWith(verdict)).toBe(true)
  expect(one.stdout.endsWith(`\n${first}`)).toBe(true)
  expect((await why(on, '--client', 'lamp-b')).stdout).toBe(second)
  expect((await why(on, '--limit', '1')).stdout).toBe(second)
  expect((await why(on, '--client', 'lamp-c')).stdout).toBe('nothing was refused to lamp-c\n')
  const last = await why(on, '--last')
  expect(last.stdout).toContain('lamp-b')
  expect(last.stdout).toContain('no match: Allow of ')
  expect(JSON.parse((await why(on, 'lamp-a', '--json')).stdout)).toMatchObject({
    thingName: 'lamp-a',
    reason: 'NOTHING_TARGETS_IT',
    isWell: false,
    decisions: [{ thingName: 'lamp-a', action: 'iot:Publish' }],
  })
  const explained = await why(on, '--last', '--json')
  expect(JSON.parse(explained.stdout)).toMatchObject({
    decisions: [{ clientId: 'lamp-b', explanation: { decision: 'implicitDeny' } }],
  })
  expect((await why(on, 'lamp-c')).stdout).toContain('NO_SUCH_THING  there is no thing lamp-c\n')
})

it('what an operator was refused about a thing is not the thing’s', async () => {
  const on = await server()
  await expect(on.iot.send(new DescribeThingCommand({ thingName: 'lamp-a' }))).rejects.toThrow()
  expect((await why(on)).stdout).toContain('iot:DescribeThing ResourceNotFoundException')
  expect((await why(on, 'lamp-a')).stdout).not.toContain('iot:DescribeThing')
})

it('that it looks for a thing that is not there is told as nobody’s refusal', async () => {
  const on = await server()
  const absent = 'NO_SUCH_THING  there is no thing lamp-c\n'
  expect((await why(on, 'lamp-c')).stdout).toContain(absent)
  expect((await why(on)).stdout).toBe('nothing was refused\n')
  // Its name is known by what was refused under it.
  await lampRefused(on, 'c')
  const removed = { thingName: 'lamp-c' }
  const { principals = [] } = await on.iot.send(new ListThingPrincipalsCommand(removed))
  for (const principal of principals) {
    await on.iot.send(new DetachThingPrincipalCommand({ ...removed, principal }))
  }
  await on.iot.send(new DeleteThingCommand(removed))
  const before = (await why(on)).stdout
  expect((await why(on, 'lamp-c')).stdout).toContain(absent)
  expect((await why(on)).stdout).toBe(before)
  expect(before).not.toContain('iot:DescribeThing')
})

it('the verdict on a thing is about the job that is asked about, and its denial is explained', async () => {
  const on = await server()
  const device = await createDevice(on.iot, 'shut', { policyDocument: undefined })
  const job = { targets: [device.thingArn], document: '{}' }
  await on.iot.send(new CreateJobCommand({ jobId: 'one', ...job }))
  await on.advance(0)
  await expect(connectMqtt(on, device)).rejects.toThrow()
  const { code, stdout } = await why(on, 'shut', '--job', 'one')
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(
      /^DENIED {2}shut was denied iot:Connect on \S+ at .*\n {2}next: .*\n {2}every clause: muster policy explain 1\n/,
    ),
  ])
  const other = JSON.parse((await why(on, 'shut', '--job', 'two', '--json')).stdout) as object
  expect(other).toMatchObject({ reason: 'NOTHING_TARGETS_IT', jobId: 'two' })
})

it('an operator who may not look gets the refusals all the same, and is told why no verdict', async () => {
  const on = await server()
  await on.iot.send(new CreateThingCommand({ thingName: 'lamp' }))
  const nobody = { MUSTER_ACCESS_KEY_ID: 'test', MUSTER_SECRET_ACCESS_KEY: 'other' }
  const env = { MUSTER_DATA: on.options.dataDir ?? '', ...nobody }
  const { code, stdout, stderr } = await musterHere(['why', 'lamp'], { cwd: '.', env })
  expect([code, stdout]).toEqual([0, 'nothing was refused to lamp\n'])
  expect(stderr).toMatch(/^no verdict on lamp: .*; set MUSTER_ACCESS_KEY_ID/)
})

it('a device that is attached to no thing is found by its client ID', async () => {
  const on = await server()
  const device = await createDevice(on.iot, 'stray', { attached: false })
  await expect(connectMqtt(on, device)).rejects.toThrow()
  expect((await why(on, 'stray')).stdout).toContain('iot:Connect')
})

it('--follow tells each refusal as it happens, and ends when the server does', async () => {
  const on = await startTestServer()
  const child = startMuster(['why', '--follow', '--json'], {
    env: { MUSTER_DATA: on.options.dataDir ?? '' },
  })
  onTestFinished(() => void child.kill())
  const closed = once(child, 'close')
  let said = ''
  const listening = new Promise<void>((resolve) => {
    child.stderr?.on('data', (bytes: Buffer) => {
      said += bytes.toString()
      if (said.includes('listening')) resolve()
    })
  })
  await listening
  const lines = createInterface({ input: child.stdout ?? process.stdin })
  const first = once(lines, 'line')
  await lampRefused(on, 'a')
  expect(JSON.parse(String((await first)[0]))).toMatchObject({ thingName: 'lamp-a' })
  await on.close()
  expect([(await closed)[0], said]).toEqual([
    1,
    'listening; Ctrl-C ends it\nmuster: the server is gone\n',
  ])
})

async function closedPort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  listener.close()
  await once(listener, 'close')
  return port
}

it('where no server answers, or it asks for its token, it says so', async () => {
  const port = await closedPort()
  const none = await musterHere(['why', '--http-port', String(port)], { cwd: '.', env: {} })
  expect([none.code, none.stderr]).toEqual([
    1,
    `muster: no server answers at http://localhost:${port} (ECONNREFUSED): \`muster up\`\n`,
  ])
  const on = await server({ adminToken: 'secret' })
  const untold = await why(on)
  expect(untold.code).toBe(1)
  expect(untold.stderr).toMatch(/token/i)
  // That the first was not told is in the log, too.
  const told = await why(on, '--admin-token', 'secret')
  expect(told.stdout).toContain('HTTP UnauthorizedException')
})

it('names a signed principal as docs/identities.md shows it', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/identities.md'), 'utf8')
  const [, shown = ''] = /^```text\n(.*?)^```$/ms.exec(page) ?? []
  const [, summary = '', hint = ''] = /^ {2}(.*)\n {2}hint: (.*)\n/m.exec(shown) ?? []
  const refusal = {
    id: '1',
    atMs: Date.parse('2026-01-31T12:00:00Z'),
    firstAtMs: 0,
    count: 1,
    kind: 'policy',
    action: 'iot:Connect',
    reason: 'AUTHORIZATION_FAILED',
    clientId: 'app',
    thingName: null,
    principalId: 'ASIAEXAMPLE',
    principal: 'arn:aws:sts::123456789012:assumed-role/auth/CognitoIdentityCredentials',
    principalKind: 'cognito-auth',
    cognitoIdentityId: 'us-east-1:1b2c…',
    sourceIp: '127.0.0.1',
    summary,
    hint,
  } as const
  const plain = new PassThrough() as unknown as NodeJS.WriteStream
  expect(stripVTControlCharacters(refusalText(refusal, plain))).toBe(shown)
  expect(summary).toMatch(
    /^iot:Connect on \S+ is denied to authenticated Cognito identity us-east-1:/,
  )
  const user = {
    ...refusal,
    principalKind: 'user',
    cognitoIdentityId: null,
    principal: 'arn:aws:iam::123456789012:user/ann',
  } as const
  expect(refusalText(user, plain)).toContain('app, IAM user arn:aws:iam::123456789012:user/ann, ')
})
