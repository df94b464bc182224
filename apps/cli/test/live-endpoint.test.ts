/** Who signs what `--live` reads, and what is said of a server that is not there or knows no such key. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mendKeys } from '@muster/fleet/control'
import { createDevice, startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { musterHere } from './muster-here.ts'
import type { Ended } from './muster-process.ts'

const policyDocument = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: 'iot:Connect',
      Resource: 'arn:aws:iot:us-east-1:123456789012:client/${iot:Connection.Thing.ThingName}',
    },
  ],
})
const commands: readonly (readonly string[])[] = [
  ['policy', 'audit'],
  ['policy', 'prove'],
  ['policy', 'diff', 'policy.json', 'policy.json'],
  ['rehearse', '--job', 'job.json', '--seeds', '1', '--sensitivity', 'off'],
]

let cwd: string
let server: TestServer
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'muster-live-'))
  writeFileSync(join(cwd, 'policy.json'), policyDocument)
  writeFileSync(join(cwd, 'job.json'), '{}')
  server = await startTestServer()
  await createDevice(server.iot, 'lamp', { policyDocument })
})
afterAll(async () => {
  await server.close()
  rmSync(cwd, { recursive: true })
})

const live = (
  command: readonly string[],
  httpPort: number,
  env: Readonly<Record<string, string>>,
): Promise<Ended> => musterHere([...command, '--live', '--http-port', `${httpPort}`], { cwd, env })

it('of another server, says where keys are looked for', async () => {
  const nothing = join(cwd, 'no-such-file')
  const env = {
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: nothing,
    AWS_SHARED_CREDENTIALS_FILE: nothing,
  }
  const flags = ['policy', 'prove', '--live', '--endpoint', 'https://server.example']
  const { stderr } = await musterHere(flags, { cwd, env })
  expect(stderr).toContain(`: ${mendKeys('CredentialsProviderError')}\n`)
  const staging = await musterHere([...flags, '--profile', 'staging'], { cwd, env })
  expect(staging.stderr).toContain(`: ${mendKeys('CredentialsProviderError', 'staging')}\n`)
  // A fleet's commands say the same.
  const fleet = await musterHere(['device', 'list', ...flags.slice(3)], { cwd, env })
  expect(fleet.stderr).toContain(`; ${mendKeys('CredentialsProviderError')}\n`)
})

describe.each(commands)('%s %s --live', (...command) => {
  it('signs as the operator of the server here, whatever keys of AWS there are', async () => {
    const env = { AWS_ACCESS_KEY_ID: 'AKIAELSEWHERE', AWS_SECRET_ACCESS_KEY: 'of-an-account' }
    const { code, stderr } = await live(command, server.httpPort, env)
    expect(stderr).not.toMatch(/security token|access key/)
    expect(code).toBe(0)
  })

  it('names the key that the server does not know, and what to set', async () => {
    const env = { MUSTER_ACCESS_KEY_ID: 'AKIANOBODY', MUSTER_SECRET_ACCESS_KEY: 'x' }
    const { code, stderr } = await live(command, server.httpPort, env)
    expect(stderr).toContain(
      'muster: the server knows no access key AKIANOBODY: set MUSTER_ACCESS_KEY_ID',
    )
    expect(code).toBeGreaterThan(0)
  })

  it('says where no server answers, and what starts one', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    taken.close()
    await once(taken, 'close')
    const { stderr } = await live(command, port, {})
    expect(stderr).toContain(
      `muster: no server answers at http://localhost:${port} (ECONNREFUSED): \`muster up\`\n`,
    )
  })
})
