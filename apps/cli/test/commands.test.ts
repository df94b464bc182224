/** `muster` as a shell runs it: what it refuses before it starts anything, and how it stops. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect, it } from 'vitest'
import { openDataFolder } from '../../server/src/data-folder.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const FREE_PORTS = ['--mqtt-port', '--https-port', '--alpn-port', '--http-port'].flatMap((flag) => [
  flag,
  '0',
])

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command to its end; SIGINT goes out when a line on stderr matches `interruptAt`. */
async function muster(
  flags: readonly string[],
  more: { readonly env?: Record<string, string>; readonly interruptAt?: RegExp } = {},
): Promise<Ended> {
  const { MUSTER_ACCESS_KEY_ID: _id, MUSTER_SECRET_ACCESS_KEY: _secret, ...env } = process.env
  const main = join(import.meta.dirname, '../src/main.ts')
  const child = spawn(process.execPath, [main, ...flags], { env: { ...env, ...more.env } })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()))
  const code = new Promise<number | null>((resolve) => child.once('close', resolve))
  for await (const line of createInterface({ input: child.stderr })) {
    stderr += `${line}\n`
    if (more.interruptAt?.test(line) === true) child.kill('SIGINT')
  }
  return { code: await code, stdout, stderr }
}

it('start refuses a virtual clock, on which its rollout would never move', async () => {
  const { code, stderr } = await muster(['start', '--once', '--clock', 'virtual'])
  expect(code).toBe(1)
  expect(stderr).toContain('a virtual clock stands still')
})

it('start with --iam asks for the key of one of its users, then works with it', async () => {
  const iam = join(folder, 'iam.json')
  const policies = [{ Version: '2012-10-17', Statement: [allowAll] }]
  const accessKeys = [{ accessKeyId: 'AKIAOPS', secretAccessKey: 'secret' }]
  writeFileSync(iam, JSON.stringify({ users: [{ userName: 'ops', policies, accessKeys }] }))
  const data = join(folder, 'iam')
  const flags = ['start', '--once', '--json', '--devices', '1', '--iam', iam, '--data', data]
  const without = await muster([...flags, ...FREE_PORTS])
  expect(without.code).toBe(1)
  expect(without.stderr).toContain('set MUSTER_ACCESS_KEY_ID and MUSTER_SECRET_ACCESS_KEY')
  const half = await muster([...flags, ...FREE_PORTS], { env: { MUSTER_ACCESS_KEY_ID: 'AKIAOPS' } })
  expect(half.stderr).toContain('set both')
  const env = { MUSTER_ACCESS_KEY_ID: 'AKIAOPS', MUSTER_SECRET_ACCESS_KEY: 'secret' }
  const given = await muster([...flags, ...FREE_PORTS], { env })
  expect(given.code, given.stderr).toBe(0)
  expect(JSON.parse(given.stdout)).toMatchObject({ connected: 1, succeeded: 1 })
})

it('start works bound to one address that is not localhost', async () => {
  const data = join(folder, 'bind')
  const flags = ['start', '--once', '--json', '--devices', '3', '--bind', '127.0.0.2']
  const { code, stdout, stderr } = await muster([...flags, '--data', data, ...FREE_PORTS])
  expect(code, stderr).toBe(0)
  expect(stderr).toContain('console: http://127.0.0.2:')
  expect(JSON.parse(stdout)).toMatchObject({ connected: 3 })
})

it('Ctrl-C during the rollout ends the run, says so and frees the data folder', async () => {
  const data = join(folder, 'interrupted')
  const { code, stdout, stderr } = await muster(
    ['start', '--devices', '60', '--data', data, ...FREE_PORTS],
    { interruptAt: /rollout,/ },
  )
  expect(stderr).toContain('interrupted before the rollout ended')
  expect([code, stdout]).toEqual([130, ''])
  openDataFolder(data).release()
})

it('env prints the key of the environment, and refuses half of one', async () => {
  const env = { MUSTER_ACCESS_KEY_ID: 'ID', MUSTER_SECRET_ACCESS_KEY: "it's" }
  const { stdout } = await muster(['env', '--http-port', '4567'], { env })
  expect(stdout).toContain("export AWS_ENDPOINT_URL='http://localhost:4567'\n")
  expect(stdout).toContain(String.raw`export AWS_SECRET_ACCESS_KEY='it'\''s'`)
  const half = await muster(['env'], { env: { MUSTER_SECRET_ACCESS_KEY: 'x' } })
  expect([half.code, half.stdout]).toEqual([1, ''])
})

it('verify refuses a scenario that its file does not have, instead of passing none', async () => {
  const file = join(folder, 'scenarios.json')
  writeFileSync(file, '{"scenarios":[]}')
  const ca = join(folder, 'ca.pem')
  writeFileSync(ca, '')
  const flags = ['verify', 'jobs', '--scenarios', file, '--ca', ca]
  const { code, stderr } = await muster([...flags, '--only', 'S99'])
  expect([code, stderr]).toEqual([1, `muster: ${file}: no scenario S99\n`])
})

it('a mistaken flag is named, with what was expected', async () => {
  const level = await muster(['up', '--log-level', 'loud'])
  expect(level.stderr).toContain('expected silent, error, warn, info, debug')
  const region = await muster(['up', '--region', ''])
  expect([level.code, region.code]).toEqual([1, 1])
})

const allowAll = { Effect: 'Allow', Action: '*', Resource: '*' }
