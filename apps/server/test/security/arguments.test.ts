/** What every user of the machine sees: the arguments of processes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServerProcess } from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'

const SECRETS = {
  MUSTER_ACCESS_KEY_ID: 'AKIAARGUMENTSTEST',
  MUSTER_SECRET_ACCESS_KEY: 'secret-of-the-arguments-test-4711',
  MUSTER_ADMIN_TOKEN: 'admin-token-of-the-arguments-test-4711',
}

/** Arguments of a process and of those that it started. */
function argumentsOf(pid: string): string[] {
  const own = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  const threads = readdirSync(`/proc/${pid}/task`)
  const children = threads.flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  )
  return [own, ...children.flatMap(argumentsOf)]
}

it.skipIf(process.platform !== 'linux')(
  'a server that takes its secrets from the environment shows none of them to `ps`',
  async () => {
    const data = mkdtempSync(join(tmpdir(), 'arguments-'))
    onTestFinished(() => rmSync(data, { recursive: true, force: true }))
    const server = await startServerProcess(['--data', data], { env: SECRETS })
    onTestFinished(() => server.kill('SIGTERM'))
    const seen = argumentsOf(String(server.pid)).join('\n')
    expect(seen).toMatch(/ up .* --json /)
    for (const secret of Object.values(SECRETS)) expect(seen).not.toContain(secret)
    // They were taken all the same.
    const decisions = `http://127.0.0.1:${server.httpPort}/_muster/decisions`
    expect((await fetch(decisions)).status).toBe(401)
    const authorization = `Bearer ${SECRETS.MUSTER_ADMIN_TOKEN}`
    expect((await fetch(decisions, { headers: { authorization } })).status).toBe(200)
  },
)
