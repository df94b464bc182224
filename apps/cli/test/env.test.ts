/** `muster env`: the server of the data folder, found while it runs and only then. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServerProcess } from '@muster/server/testkit'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { muster } from './muster-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-env-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('env prints the key of the environment, and refuses half of one', async () => {
  const env = { MUSTER_ACCESS_KEY_ID: 'ID', MUSTER_SECRET_ACCESS_KEY: "it's" }
  const { stdout, stderr } = await muster(['env', '--http-port', '4567'], { env })
  expect(stdout).toContain("export AWS_ENDPOINT_URL='http://localhost:4567'\n")
  expect(stdout).toContain(String.raw`export AWS_SECRET_ACCESS_KEY='it'\''s'`)
  expect(stderr).toBe('')
  const half = await muster(['env'], { env: { MUSTER_SECRET_ACCESS_KEY: 'x' } })
  expect([half.code, half.stdout]).toEqual([1, ''])
})

it('env finds the ports and region of the running server; flags win; a stopped one is not found', async () => {
  const data = join(folder, 'data')
  const server = await startServerProcess(['--data', data, '--region', 'eu-west-1'])
  const { stdout, stderr } = await muster(['env', '--data', data])
  expect(stderr).toBe('')
  for (const line of [
    `AWS_ENDPOINT_URL='http://localhost:${server.httpPort}'`,
    `AWS_REGION='eu-west-1'`,
    `MUSTER_CA='${server.caFile}'`,
    `MUSTER_MQTT_PORT='${server.mqttPort}'`,
    `MUSTER_HTTPS_PORT='${server.httpsPort}'`,
    `MUSTER_ALPN_PORT='${server.alpnPort}'`,
    `MUSTER_HTTP_PORT='${server.httpPort}'`,
  ]) {
    expect(stdout).toContain(`export ${line}\n`)
  }
  const byVariable = await muster(['env'], { cwd: folder, env: { MUSTER_DATA: data } })
  expect(byVariable.stdout).toBe(stdout)
  const other = await muster(['env', '--data', data, '--http-port', '1', '--region', 'us-west-2'])
  expect(other.stdout).toContain("AWS_ENDPOINT_URL='http://localhost:1'")
  expect(other.stdout).toContain("AWS_REGION='us-west-2'")
  expect(other.stdout).not.toContain('MUSTER_')

  await server.kill('SIGKILL')
  expect(readFileSync(join(data, 'server.json'), 'utf8')).toContain(String(server.httpPort))
  const killed = await muster(['env', '--data', data])
  expect(killed.stdout).toContain("AWS_ENDPOINT_URL='http://localhost:4566'")
  expect(killed.stderr).toBe(
    `muster: no server runs on the data folder \`${data}\`: these are the default ports\n`,
  )
})

it('identities I38: --role gives the keys of a role, or says why not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-env-role-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const iam = join(folder, 'iam.json')
  const trust = (AWS: string): object => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' }],
  })
  writeFileSync(
    iam,
    JSON.stringify({
      users: [
        {
          userName: 'ops',
          managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
          accessKeys: [{ accessKeyId: 'AKIAOPS', secretAccessKey: 'secret' }],
        },
      ],
      roles: [
        { roleName: 'open', trust: trust('123456789012') },
        { roleName: 'closed', trust: trust('999999999999') },
        {
          roleName: 'outside',
          trust: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { AWS: '123456789012' },
                Action: 'sts:AssumeRole',
                Condition: { StringEquals: { 'sts:ExternalId': 'wednesday' } },
              },
            ],
          },
        },
      ],
    }),
  )
  const data = join(folder, 'data')
  const server = await startServerProcess(['--data', data, '--iam', iam])
  onTestFinished(() => server.kill('SIGKILL'))
  const env = { MUSTER_ACCESS_KEY_ID: 'AKIAOPS', MUSTER_SECRET_ACCESS_KEY: 'secret' }
  const role = (name: string): string[] => [
    'env',
    '--data',
    data,
    '--role',
    `arn:aws:iam::123456789012:role/${name}`,
  ]
  const { stdout } = await muster(role('open'), { env })
  expect(stdout).toMatch(/^export AWS_ACCESS_KEY_ID='ASIA[A-Z2-7]{16}'$/m)
  expect(stdout).toMatch(/^export AWS_SESSION_TOKEN='.+'$/m)
  expect(stdout).not.toMatch(/unset .*AWS_SESSION_TOKEN/)
  const outside = await muster([...role('outside'), '--external-id', 'wednesday'], { env })
  expect(outside.stdout).toMatch(/^export AWS_SESSION_TOKEN=/m)
  const closed = await muster(role('closed'), { env })
  expect(closed.code).toBe(1)
  expect(closed.stderr).toContain('is not authorized to perform: sts:AssumeRole on resource')
  const stranger = await muster(role('open'))
  expect(stranger.code).toBe(1)
  expect(stranger.stderr).toContain(
    'the server knows no access key test: set MUSTER_ACCESS_KEY_ID and MUSTER_SECRET_ACCESS_KEY',
  )
  const roleless = await muster(['env', '--data', data, '--external-id', 'wednesday'], { env })
  expect([roleless.code, roleless.stdout]).toEqual([1, ''])
  expect(roleless.stderr).toContain('--external-id is for a role: give --role ARN')
})
