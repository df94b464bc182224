/** `muster device`: one device in one command, and what happens when it cannot be finished. */
import { X509Certificate, createPrivateKey } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import {
  DescribeCertificateCommand,
  DescribeJobExecutionCommand,
  DescribeThingCommand,
  ListCertificatesCommand,
  ListPoliciesCommand,
  ListThingsCommand,
} from '@aws-sdk/client-iot'
import { connectMqtt, requestHttps, type TestServer } from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { amazonRoots } from '../src/device/amazon-roots.ts'
import { deviceBench } from './device-fixture.ts'
import { muster, startMuster } from './muster-process.ts'

interface Created {
  readonly thingName: string
  readonly thingArn: string
  readonly certificateId: string
  readonly certificateArn: string
  readonly files: Readonly<Record<string, string>>
}

/** What an account has: names of things and policies, statuses of certificates. */
async function account({ iot }: TestServer): Promise<object> {
  const { things = [] } = await iot.send(new ListThingsCommand())
  const { certificates = [] } = await iot.send(new ListCertificatesCommand())
  const { policies = [] } = await iot.send(new ListPoliciesCommand())
  return {
    things: things.map(({ thingName }) => thingName),
    certificates: certificates.map(({ status }) => status),
    policies: policies.map(({ policyName }) => policyName),
  }
}

const NOTHING = { things: [], certificates: [], policies: [] }

it('create makes thing, key, certificate and policy, and files that only their user reads', async () => {
  const { server, cwd, device } = await deviceBench()
  const { code, stdout, stderr } = await device(['create', 'lamp', '--json'])
  expect([code, stderr]).toEqual([0, ''])
  const created = JSON.parse(stdout) as Created
  const { mqttPort, httpsPort, alpnPort } = server
  expect(created).toMatchObject({
    thingName: 'lamp',
    thingArn: 'arn:aws:iot:us-east-1:123456789012:thing/lamp',
    policyName: 'muster-device',
    endpoint: { host: 'localhost', mqttPort, httpsPort, alpnPort },
    files: {
      folder: 'lamp',
      certificate: 'lamp/device.pem',
      privateKey: 'lamp/device.key',
      ca: 'lamp/ca.pem',
    },
  })
  const read = (file: string): string => readFileSync(join(cwd, 'lamp', file), 'utf8')
  const certificate = new X509Certificate(read('device.pem'))
  const key = createPrivateKey(read('device.key'))
  expect(certificate.checkPrivateKey(key)).toBe(true)
  expect([key.asymmetricKeyType, certificate.subject]).toEqual(['ec', 'CN=lamp'])
  expect(read('ca.pem')).toBe(server.caPem)
  expect(statSync(join(cwd, 'lamp')).mode & 0o777).toBe(0o700)
  expect(statSync(join(cwd, 'lamp/device.key')).mode & 0o777).toBe(0o600)
  expect(await account(server)).toEqual({
    things: ['lamp'],
    certificates: ['ACTIVE'],
    policies: ['muster-device'],
  })
  // The second device shares the policy.
  expect((await device(['create', 'lamp-2'])).code).toBe(0)
  expect(await account(server)).toMatchObject({ policies: ['muster-device'] })
})

it('what create prints works as it is pasted: MQTT.js and both device SDKs', async () => {
  const { server, device, paste, createJob } = await deviceBench({ clock: 'system' })
  const { stdout } = await device(['create', 'lamp'])
  await createJob('j1', 'lamp')
  expect(await paste(stdout, 'MQTT.js')).toMatch(/start-next\/accepted .*"jobId":"j1"/)
  const asked = new DescribeJobExecutionCommand({ jobId: 'j1', thingName: 'lamp' })
  expect((await server.iot.send(asked)).execution?.status).toBe('IN_PROGRESS')
  expect(await paste(stdout, 'AWS IoT Device SDK v2')).toBe('connected\n')
  expect(await paste(stdout, 'AWS IoT Device SDK v1')).toBe('connected\n')
})

it('a device may work on its own jobs over HTTPS, and on nothing else', async () => {
  const { server, cwd, device } = await deviceBench()
  for (const name of ['lamp', 'other']) await device(['create', name])
  const identity = {
    certificatePem: readFileSync(join(cwd, 'lamp/device.pem'), 'utf8'),
    privateKeyPem: readFileSync(join(cwd, 'lamp/device.key'), 'utf8'),
  }
  const status = async (path: string): Promise<number> =>
    (await requestHttps(server, identity, 'GET', path)).status
  expect([await status('/things/lamp/jobs'), await status('/things/other/jobs')]).toEqual([
    200, 403,
  ])
})

it('--trace shows each step as it goes over the wire, without the key', async () => {
  const { device } = await deviceBench()
  const { stderr } = await device(['create', 'lamp', '--trace'])
  const steps = stderr.split('\n').filter((line) => line.startsWith('→'))
  expect(steps.map((line) => line.split('  ')[1])).toEqual([
    'ListThings',
    'CreateThing',
    'CreateCertificateFromCsr',
    'ListPolicies',
    'CreatePolicy',
    'AttachPolicy',
    'AttachThingPrincipal',
  ])
  expect(stderr).toMatch(
    /→ PUT http:\/\/127\.0\.0\.1:\d+\/things\/lamp\/principals {2}AttachThingP/,
  )
  expect(stderr).toContain('  {"certificateSigningRequest":"-----BEGIN CERTIFICATE REQUEST-----')
  expect(stderr).toContain('← 200 {"thingName":"lamp"')
  expect(stderr).not.toContain('PRIVATE KEY')
})

it('that create looks whether the name is taken is told as nobody’s refusal', async () => {
  const { server, device } = await deviceBench()
  expect((await device(['create', 'lamp'])).code).toBe(0)
  const { decisions } = (await (await server.admin('GET', 'decisions')).json()) as {
    readonly decisions: readonly object[]
  }
  expect(decisions).toEqual([])
})

it('what cannot be made is refused before anything is', async () => {
  const { server, cwd, device } = await deviceBench()
  mkdirSync(join(cwd, 'full'))
  writeFileSync(join(cwd, 'full/notes'), '')
  writeFileSync(join(cwd, 'file'), '')
  writeFileSync(join(cwd, 'bad.json'), '{"Version":"2012-10-17"}')
  const refused = async (...flags: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await device(flags)
    expect([code, stdout]).toEqual([1, ''])
    return stderr
  }
  expect(await refused('create', 'full')).toBe(
    'muster: folder `full` is not empty (`notes` is in it): give another with --out\n',
  )
  expect(await refused('create', 'lamp', '--out', 'file')).toContain('`file` is no folder')
  expect(await refused('create', 'lamp', '--policy', 'bad.json')).toContain('bad.json: ')
  expect(await refused('create', 'lamp', '--policy', 'absent.json')).toContain('absent.json')
  expect(await refused('create', 'a lamp')).toContain('expected 1 to 64 letters, digits')
  expect(await refused('rotate', 'lamp')).toContain('ResourceNotFoundException')
  expect(await account(server)).toEqual(NOTHING)
  expect(readdirSync(cwd).sort()).toEqual(['bad.json', 'file', 'full', 'node_modules'])

  expect((await device(['create', 'lamp'])).code).toBe(0)
  expect(await refused('create', 'lamp', '--out', 'again')).toContain(
    'there is a thing `lamp` already: `muster device rotate lamp` gives it a new certificate',
  )
  expect(existsSync(join(cwd, 'again'))).toBe(false)
})

function iamFile(folder: string, ...denied: readonly string[]): string {
  const file = join(folder, 'iam.json')
  const Statement = [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    { Effect: 'Deny', Action: denied, Resource: '*' },
  ]
  const policies = [{ Version: '2012-10-17', Statement }]
  const accessKeys = [{ accessKeyId: 'AKIAOPS', secretAccessKey: 'secret' }]
  const all = [{ Version: '2012-10-17', Statement: Statement.slice(0, 1) }]
  const test = [{ accessKeyId: 'test', secretAccessKey: 'test' }]
  const users = [
    { userName: 'ops', policies, accessKeys },
    { userName: 'test', policies: all, accessKeys: test },
  ]
  writeFileSync(file, JSON.stringify({ users }))
  return file
}

const OPS = { MUSTER_ACCESS_KEY_ID: 'AKIAOPS', MUSTER_SECRET_ACCESS_KEY: 'secret' }

it('a step that fails takes the others back, and says what it could not', async () => {
  const folder = (await deviceBench()).cwd
  const { server, cwd, device } = await deviceBench({
    iamFiles: [iamFile(folder, 'iot:AttachThingPrincipal')],
  })
  const cleaned = await device(['create', 'lamp', '--out', 'a/b'], OPS)
  expect([cleaned.code, cleaned.stdout]).toEqual([1, ''])
  expect(cleaned.stderr).toMatch(/AttachThingPrincipal failed: .*; nothing of `lamp` is left\n$/)
  expect(await account(server)).toEqual(NOTHING)
  expect(readdirSync(cwd)).toEqual(['node_modules'])

  const stuck = await deviceBench({
    iamFiles: [iamFile(folder, 'iot:AttachThingPrincipal', 'iot:DeleteThing')],
  })
  const left = await stuck.device(['create', 'lamp'], OPS)
  expect(left.stderr).toMatch(
    /; could not take back: thing lamp; try `muster device delete lamp` later\n$/,
  )
  expect(await account(stuck.server)).toEqual({ ...NOTHING, things: ['lamp'] })
})

/** A way to the server on which what `holds` matches waits until it is let go. */
async function gate(
  httpPort: number,
  holds: RegExp,
  reached: () => Promise<void>,
): Promise<{ readonly port: number; close(): void }> {
  const sockets = new Set<Socket>()
  const listener = createServer((client) => {
    const onward = connect(httpPort, '127.0.0.1')
    for (const socket of [client, onward]) sockets.add(socket.on('error', () => {}))
    onward.pipe(client)
    client.on('data', (bytes: Buffer) => {
      const wait = holds.test(bytes.toString('latin1')) ? reached() : Promise.resolve()
      void wait.then(() => onward.write(bytes))
    })
  }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const close = (): void => {
    listener.close()
    for (const socket of sockets) socket.destroy()
  }
  return { port: (listener.address() as AddressInfo).port, close }
}

it('Ctrl-C in the middle takes everything back', async () => {
  const { server, cwd } = await deviceBench()
  const held = await gate(server.httpPort, /^POST \/certificates/, async () => {
    child.kill('SIGINT')
    // The server's answer to another client comes after the signal.
    await account(server)
  })
  onTestFinished(() => held.close())
  const flags = ['device', 'create', 'lamp', '--http-port', String(held.port), '--out', 'lamp']
  const child = startMuster(flags, { cwd, env: { MUSTER_DATA: 'nowhere' } })
  let said = ''
  child.stderr?.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  expect([code, said]).toEqual([1, 'muster: interrupted; nothing of `lamp` is left\n'])
  expect(await account(server)).toEqual(NOTHING)
  expect(readdirSync(cwd)).toEqual(['node_modules'])
})

it('list, rotate, revoke and delete: the old certificate goes when the new one is in its file', async () => {
  const { server, cwd, device } = await deviceBench({ clock: 'system' })
  const first = JSON.parse((await device(['create', 'lamp', '--json'])).stdout) as Created
  const identity = (): Parameters<typeof connectMqtt>[1] => ({
    thingName: 'lamp',
    certificatePem: readFileSync(join(cwd, 'lamp/device.pem'), 'utf8'),
    privateKeyPem: readFileSync(join(cwd, 'lamp/device.key'), 'utf8'),
  })
  const listed = await device(['list'])
  expect(listed.stdout).toBe(`lamp  ${first.certificateId}  ACTIVE  muster-device\n`)

  const rotated = await device(['rotate', 'lamp', '--json'])
  const second = JSON.parse(rotated.stdout) as Created & { oldCertificateIds: readonly string[] }
  expect(second.oldCertificateIds).toEqual([first.certificateId])
  const gone = new DescribeCertificateCommand({ certificateId: first.certificateId })
  await expect(server.iot.send(gone)).rejects.toThrow('does not exist')
  const client = await connectMqtt(server, identity(), { clientId: 'lamp' })
  const cut = new Promise((resolve) => client.once('close', () => resolve(undefined)))
  await device(['rotate', 'lamp', '--keep-old'])
  expect((await device(['list'])).stdout.match(/ACTIVE/g)).toHaveLength(2)

  expect((await device(['revoke', 'lamp'])).stdout).toContain(second.certificateId)
  await cut
  await client.endAsync(true)
  expect((await device(['list', '--json'])).stdout).toContain('"status":"REVOKED"')

  const removed = await device(['delete', 'lamp'])
  expect(removed.stdout).toMatch(
    /^deleted: thing lamp, certificate .*, certificate .*, files in lamp\n$/,
  )
  expect(await account(server)).toEqual({ ...NOTHING, policies: ['muster-device'] })
  expect(existsSync(join(cwd, 'lamp'))).toBe(false)
})

it('a policy of its own is made, refused when its name is taken, and removed with the device', async () => {
  const { server, cwd, device } = await deviceBench()
  const document = (topic: string): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'iot:Publish',
          Resource: `arn:aws:iot:us-east-1:123456789012:topic/${topic}`,
        },
      ],
    })
  writeFileSync(join(cwd, 'policy.json'), document('a'))
  expect((await device(['create', 'lamp', '--policy', 'policy.json'])).code).toBe(0)
  expect(await account(server)).toMatchObject({ policies: ['lamp'] })
  // Files that are another device's are not touched.
  await device(['create', 'other'])
  expect((await device(['rotate', 'other', '--out', 'lamp'])).stderr).toContain(
    'give another --out',
  )
  await device(['delete', 'other', '--out', 'lamp'])
  expect(existsSync(join(cwd, 'lamp/device.key'))).toBe(true)
  expect((await device(['delete', 'lamp'])).stdout).toContain('policy lamp, files in lamp')
  expect(await account(server)).toEqual({ ...NOTHING, policies: ['muster-device'] })
  // A policy's name has no colon: these two would share one.
  expect((await device(['create', 'lamp:', '--policy', 'policy.json'])).code).toBe(0)
  writeFileSync(join(cwd, 'policy.json'), document('b'))
  const clash = await device(['create', 'lamp-', '--policy', 'policy.json'])
  expect(clash.stderr).toContain('there is a policy `lamp-` already, and its document is another')
  expect(await account(server)).toMatchObject({ things: ['lamp:'], certificates: ['ACTIVE'] })
})

it('another server is named by its endpoints; its devices need to be told their authority', async () => {
  const { server, device } = await deviceBench()
  const { httpPort, mqttPort, caFile } = server
  const env = {
    MUSTER_DATA: 'nowhere',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  }
  const elsewhere = ['--endpoint', `http://127.0.0.1:${httpPort}`]
  const untold = await device(['create', 'lamp', ...elsewhere], env)
  expect(untold.stderr).toContain('give --ca FILE: the authority that devices of this server trust')
  expect((await device(['list', ...elsewhere], env)).stdout).toBe('')
  const told = ['--ca', caFile, '--json']
  const { stdout, stderr } = await device(['create', 'lamp', ...elsewhere, ...told], env)
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toMatchObject({
    endpoint: { host: 'localhost', mqttPort, alpnPort: 443 },
  })
  await server.iot.send(new DescribeThingCommand({ thingName: 'lamp' }))
  // Of one on this machine the HTTP port is enough.
  const here = ['create', 'lamp-2', '--http-port', String(httpPort), '--json']
  const near = JSON.parse((await device(here, { MUSTER_DATA: 'nowhere' })).stdout) as object
  expect(near).toMatchObject({ endpoint: { host: 'localhost', mqttPort, alpnPort: 9443 } })
})

it('files lie in the data folder where no other is given, and are found there again', async () => {
  const { server, cwd } = await deviceBench()
  const data = server.options.dataDir ?? ''
  const device = (...flags: readonly string[]): ReturnType<typeof muster> =>
    muster(['device', ...flags], { cwd, env: { MUSTER_DATA: data } })
  const created = JSON.parse((await device('create', 'lamp', '--json')).stdout) as Created
  expect(created.files['privateKey']).toBe(join(data, 'devices/lamp/device.key'))
  const key = readFileSync(created.files['privateKey'] ?? '', 'utf8')
  await device('rotate', 'lamp')
  expect(readFileSync(created.files['privateKey'] ?? '', 'utf8')).not.toBe(key)
  expect((await device('delete', 'lamp')).stdout).toContain(`files in ${data}`)
  expect(existsSync(join(data, 'devices/lamp'))).toBe(false)
})

it('devices of AWS trust Amazon’s roots', () => {
  const [first = ''] = amazonRoots().split(/(?<=-----END CERTIFICATE-----)/)
  expect(new X509Certificate(first).subject).toContain('CN=Amazon Root CA 1')
})
