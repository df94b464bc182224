/** SIGTERM to a core or a gateway that waits: for NATS, for another core, for its database. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startMuster } from '@muster/server/testkit'
import { startNats, type TestNats } from '@muster/link/testkit'
import { startPostgres, type PostgresCluster } from '@muster/store/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url))

let postgres: PostgresCluster
let nats: TestNats
let folder: string
/** Where nobody listens. */
let nowhere: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-waiting-'))
  writeFileSync(join(folder, 'store.key'), 'k'.repeat(64))
  ;[postgres, nats] = await Promise.all([startPostgres(), startNats()])
  const closed = createServer()
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
  nowhere = `nats://127.0.0.1:${(closed.address() as AddressInfo).port}`
  await new Promise((resolve) => closed.close(resolve))
})
afterAll(async () => {
  await nats.kill('SIGKILL')
  await postgres.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs `muster`, sends SIGTERM once it said that, and tells how it ended. */
async function stoppedOnce(
  said: RegExp,
  args: readonly string[],
  before: () => Promise<void> = () => Promise.resolve(),
): Promise<{ readonly status: number | null; readonly errors: string }> {
  const child = spawn(process.execPath, ['apps/cli/src/main.ts', ...args, '--json'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, MUSTER_JOIN_TOKEN: 'a join token of a test' },
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  let errors = ''
  const waits = new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (bytes: Buffer) => {
      errors += bytes.toString()
      if (said.test(errors)) resolve()
    })
    child.once('close', () => reject(new Error(`it ended: ${errors}`)))
  })
  await waits
  await before()
  child.kill('SIGTERM')
  return { status: await ended, errors }
}

function core(name: string, bus: string, ...more: string[]): string[] {
  return ['core', '--bus', bus, '--data', join(folder, name), '--http-port', '0', ...more]
}

function store(url: string): string[] {
  return ['--store', url, '--store-key-file', join(folder, 'store.key')]
}

it('a gateway that waits for NATS ends at once, as a shell expects of SIGTERM', async () => {
  const ports = ['--mqtt-port', '0', '--https-port', '0', '--alpn-port', '0', '--health-port', '0']
  const args = ['gateway', '--bus', nowhere, ...ports]
  const { status, errors } = await stoppedOnce(/does not answer yet/, args)
  expect([status, errors.split('\n').length]).toEqual([0, 2])
})

it('a core that waits for NATS gives its database back: the next one leads without waiting', async () => {
  const url = await postgres.newDatabase()
  const args = core('alone', nowhere, ...store(url))
  const { status, errors } = await stoppedOnce(/does not answer yet/, args)
  expect([status, errors]).toEqual([143, expect.not.stringMatching(/Error|\n\s+at /)])
  expect(await postgres.query(url, 'SELECT released FROM muster.leader')).toEqual([
    { released: true },
  ])
})

it('a core that waits for another one ends with SIGTERM, also while PostgreSQL is away', async () => {
  const url = await postgres.newDatabase()
  const leader = await startMuster(core('leader', nats.url, ...store(url)))
  const waiting = core('waiting', nats.url, ...store(url))
  const first = await stoppedOnce(/another core leads/, waiting)
  expect([first.status, first.errors]).toEqual([143, expect.not.stringMatching(/muster: /)])
  const second = await stoppedOnce(/another core leads/, waiting, async () => {
    await postgres.kill()
  })
  expect(second.status).toBe(143)
  await leader.kill('SIGKILL')
  await postgres.start()
})
