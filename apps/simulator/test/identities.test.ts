/**
 * Keys and certificates: private on disk, used again, found in the forms people have them in.
 */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ListCertificatesCommand, ListThingPrincipalsCommand } from '@aws-sdk/client-iot'
import { IdentityFolder } from '@muster/fleet'
import { createDevice, startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadScenario, simulate, type Scenario, type Summary } from '../src/index.ts'
import { endpointsOf } from './endpoints-of.ts'

let server: TestServer
let folder: string

beforeAll(async () => {
  server = await startTestServer({ clock: 'x60' })
  folder = mkdtempSync(join(tmpdir(), 'muster-identities-'))
})

afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

const scenario: Scenario = {
  name: 'identities',
  groups: [{ name: 'a', thingType: 'lamp', attributes: { site: 'north' } }, { name: 'b' }],
}

const run = async (more: Partial<Parameters<typeof simulate>[0]> = {}): Promise<Summary> =>
  await simulate({ ...endpointsOf(server), scenario, devices: 6, identityFolder: folder, ...more })

const certificates = async (): Promise<number> => {
  const { certificates = [] } = await server.iot.send(
    new ListCertificatesCommand({ pageSize: 250 }),
  )
  return certificates.length
}

it('a second run uses the keys and certificates of the first', async () => {
  expect(await run()).toMatchObject({ ok: true, certificatesMade: 6 })
  expect(await certificates()).toBe(6)
  expect(await run()).toMatchObject({ ok: true, certificatesMade: 0 })
  expect(await run({ devices: 8 })).toMatchObject({ ok: true, certificatesMade: 2 })
  expect(await certificates()).toBe(8)
})

it('only the owner can read them', () => {
  const [account = ''] = readdirSync(folder)
  expect(statSync(join(folder, account)).mode & 0o777).toBe(0o700)
  for (const file of readdirSync(join(folder, account))) {
    expect(statSync(join(folder, account, file)).mode & 0o777).toBe(0o600)
  }
})

it('certificates that the server has forgotten are made anew', async () => {
  await server.admin('POST', 'reset')
  expect(await run()).toMatchObject({ ok: true, certificatesMade: 6 })
})

it('provisioning by claim: each device has its own certificate, the claim is taken back', async () => {
  const summary = await simulate({
    ...endpointsOf(server),
    scenario: loadScenario('onboarding-demo'),
    devices: 5,
    identityFolder: folder,
  })
  expect(summary).toMatchObject({ ok: true, certificatesMade: 5, succeeded: 5 })
  const owners = new Set<string>()
  for (let index = 0; index < 5; index++) {
    const { principals } = await server.iot.send(
      new ListThingPrincipalsCommand({ thingName: `onboarding-demo-0000${index}` }),
    )
    for (const principal of principals ?? []) owners.add(principal)
  }
  expect(owners.size).toBe(5)
  const { certificates } = await server.iot.send(new ListCertificatesCommand({ pageSize: 250 }))
  expect(certificates?.filter(({ status }) => status === 'REVOKED')).toHaveLength(1)
})

it('shards share one fleet and one job', async () => {
  const shared = {
    scenario: {
      ...scenario,
      name: 'shards',
      phases: [
        { connect: {} },
        { job: { document: { operation: 'x' } } },
        { await: { what: 'job' as const, timeoutSeconds: 30 } },
      ],
      assertions: [
        { metric: 'connected' as const, equals: 'planned' },
        { metric: 'succeeded' as const, equals: 'planned' },
      ],
    },
    devices: 7,
    runId: 'together',
  }
  const [first, second] = await Promise.all([
    run({ ...shared, shard: { index: 0, count: 2 } }),
    run({ ...shared, shard: { index: 1, count: 2 } }),
  ])
  expect(first).toMatchObject({ shard: '0/2', devices: 4, connected: 4, jobStatus: 'COMPLETED' })
  expect(second).toMatchObject({ shard: '1/2', devices: 3, connected: 3, jobStatus: 'COMPLETED' })
  expect(first.jobId).toBe(second.jobId)
  // Both judge the job by the whole fleet, and their connections by their own part of it.
  for (const shard of [first, second]) {
    expect(shard).toMatchObject({ ok: true, succeeded: 7, jobTargets: 7, fleetDevices: 7 })
  }
})

it('certificates from a folder: its things are the fleet, and none is made', async () => {
  const own = mkdtempSync(join(tmpdir(), 'muster-certificates-'))
  for (const thingName of ['pump-a', 'pump-b']) {
    const { certificatePem, privateKeyPem } = await createDevice(server.iot, thingName)
    writeFileSync(join(own, `${thingName}.cert.pem`), certificatePem)
    writeFileSync(join(own, `${thingName}.private.key`), privateKeyPem)
  }
  const before = await certificates()
  const summary = await run({
    certificateFolder: own,
    devices: 10,
    scenario: {
      name: 'given',
      groups: [{ name: 'all' }],
      phases: [
        { connect: {} },
        { job: { document: { operation: 'x' } } },
        { await: { what: 'job', timeoutSeconds: 20 } },
      ],
    },
  })
  expect(summary).toMatchObject({ ok: true, devices: 2, succeeded: 2, certificatesMade: 0 })
  expect(await certificates()).toBe(before)
  rmSync(own, { recursive: true, force: true })
})

it.each([
  ['.private.key', '.cert.pem'],
  ['.key', '.crt'],
  ['-private.pem.key', '-certificate.pem.crt'],
])('reads a pair `THING%s`, `THING%s`', (keyEnding, certificateEnding) => {
  const own = new IdentityFolder(join(folder, 'pairs'))
  const key = '-----BEGIN EC PRIVATE KEY-----\nAA==\n-----END EC PRIVATE KEY-----\n'
  const certificate = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n'
  const name = `thing${keyEnding.length}`
  writeFileSync(join(own.path, name + keyEnding), key)
  writeFileSync(join(own.path, name + certificateEnding), certificate + certificate)
  expect(own.load(name)).toEqual({ privateKeyPem: key, certificatePem: certificate + certificate })
})

it('says which file is missing, and what it lacks', () => {
  const own = new IdentityFolder(join(folder, 'broken'))
  expect(() => own.load('nobody')).toThrow(/nobody\.pem: no such file/)
  writeFileSync(join(own.path, 'half.pem'), 'hello')
  expect(() => own.load('half')).toThrow(/half\.pem: no private key in PEM/)
})
