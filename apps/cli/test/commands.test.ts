/** `muster` as a shell runs it: what it refuses before it starts anything, and how it stops. */
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openDataFolder } from '../../server/src/data-folder.ts'
import { musterHere } from './muster-here.ts'
import { FREE_PORTS, muster, startMuster } from './muster-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('start refuses a virtual clock, on which its rollout would never move', async () => {
  const flags = ['start', '--once', '--clock', 'virtual']
  const { code, stderr } = await musterHere(flags, { cwd: folder, env: {} })
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
  const here = { cwd: folder, env: {} }
  const without = await musterHere([...flags, ...FREE_PORTS], here)
  expect(without.code).toBe(1)
  expect(without.stderr).toContain('set MUSTER_ACCESS_KEY_ID and MUSTER_SECRET_ACCESS_KEY')
  const one = { ...here, env: { MUSTER_ACCESS_KEY_ID: 'AKIAOPS' } }
  const half = await musterHere([...flags, ...FREE_PORTS], one)
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

it('up on the data of a faster clock says that its jobs lie in the future', async () => {
  const data = join(folder, 'faster')
  const start = ['start', '--once', '--devices', '1', '--clock', 'x1000', '--data', data]
  expect((await muster([...start, ...FREE_PORTS])).code).toBe(0)
  const up = startMuster(['up', '--json', '--data', data, ...FREE_PORTS])
  let said = ''
  up.stderr?.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const ended = once(up, 'close')
  if (up.stdout !== null) await once(up.stdout, 'data')
  up.kill('SIGTERM')
  await ended
  expect(said).toMatch(
    /an earlier run .* stood at \d{4}-.*Z: jobs and timers of that run lie in the/,
  )
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
  const data = join(folder, 'never-made')
  const clock = await muster(['up', '--clock', 'x0', '--data', data])
  expect(clock.stderr).toContain('clock `x0` is not `system`, `virtual` or `xN`')
  const iam = await muster(['up', '--iam', join(folder, 'absent.json'), '--data', data])
  expect(iam.stderr).toContain('absent.json')
  expect([clock.code, iam.code, existsSync(data)]).toEqual([1, 1, false])
})

const allowAll = { Effect: 'Allow', Action: '*', Resource: '*' }
