/** `muster backup`, `restore` and `check` as an operator types them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateThingCommand } from '@aws-sdk/client-iot'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { musterHere } from './muster-here.ts'
import type { Ended } from './muster-process.ts'

let server: TestServer
let cwd: string

beforeAll(async () => {
  server = await startTestServer()
  await server.iot.send(new CreateThingCommand({ thingName: 'T1' }))
  cwd = mkdtempSync(join(tmpdir(), 'data-commands-'))
})
afterAll(async () => {
  await server?.close()
  rmSync(cwd, { recursive: true, force: true })
})

const run = (...flags: string[]): Promise<Ended> =>
  musterHere(flags, { cwd, env: { MUSTER_DATA: server.options.dataDir ?? '' } })

it('a running server is backed up, restored into another folder and checked', async () => {
  expect(await run('check')).toMatchObject({ code: 0 })
  const backup = await run('backup', '--out', 'backup')
  expect(backup).toMatchObject({ code: 0, stderr: '' })
  expect(backup.stdout).toMatch(/^\d+ files, \d+\.\d MB, of a running server: .*\/backup$/m)
  const restored = await run('restore', 'backup', '--data', 'elsewhere')
  expect(restored).toMatchObject({ code: 0, stderr: '' })
  expect(restored.stdout).toMatch(/nothing is wrong$/m)
  const checked = await run('check', 'elsewhere')
  expect(checked).toMatchObject({ code: 0, stderr: '' })
  expect(checked.stdout).toMatch(/: 1 things, 0 jobs, 0 executions\nnothing is wrong\n$/)
})

it('with --json each says what it did as one object', async () => {
  const made = JSON.parse((await run('backup', '--out', 'second', '--json')).stdout) as object
  expect(made).toMatchObject({ folder: join(cwd, 'second'), isOfRunningServer: true })
  const { stdout } = await run('restore', 'second', '--data', 'third', '--json')
  expect(JSON.parse(stdout)).toMatchObject({ folder: join(cwd, 'third'), ok: true, problems: [] })
  rmSync(join(cwd, 'third/authority/ca.key'))
  const checked = await run('check', 'third', '--json')
  expect(checked.code).toBe(1)
  expect(JSON.parse(checked.stdout)).toMatchObject({
    ok: false,
    problems: [{ rule: 'authority', subject: join(cwd, 'third/authority/ca.key') }],
  })
})

it('what is wrong is told a line each, with exit status 1', async () => {
  await run('backup', '--out', 'harmed')
  rmSync(join(cwd, 'harmed/sessions.key'))
  const { code, stdout } = await run('check', 'harmed')
  expect(code).toBe(1)
  expect(stdout).toMatch(/^sessions\.key: it is missing from the backup \[backup-file\]$/m)
  expect(stdout).toMatch(/^2 problems$/m)
  const refused = await run('restore', 'harmed', '--data', 'never')
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toMatch(/^muster: the backup `.*` is not whole: `sessions\.key`/)
})
