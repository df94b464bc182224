/**
 * moto's server and ministack, each in a Python environment of the benchmark's own, made with the first
 * run; at these versions.
 */
import { execFileSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, reachable } from '../gateway/free-port.ts'
import { start } from '../gateway/processes.ts'

/** A server of the control plane. */
export interface ControlPeer {
  readonly name: string
  readonly child: ChildProcess
  readonly port: number
}

const environments = join(import.meta.dirname, '../node_modules/.cache/peers')
const startSeconds = 60

const peers = [
  {
    name: 'moto',
    needs: 'moto[server]==5.2.5',
    command: (port: number) => ['moto_server', '-H', '127.0.0.1', '-p', String(port)],
    env: () => ({}),
  },
  {
    name: 'ministack',
    needs: 'ministack==1.5.33',
    command: () => ['ministack'],
    env: (port: number) => ({
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      MINISTACK_ACCOUNT_ID: '123456789012',
    }),
  },
] as const

/**
 * Starts on core 0 what can be installed; says of the others that they are not measured.
 *
 * @param wanted - names; all where nothing is said
 */
export async function startPeers(
  started: (peer: ControlPeer) => void,
  wanted: readonly string[] = peers.map(({ name }) => name),
): Promise<void> {
  for (const { command, env, name, needs } of peers) {
    if (!wanted.includes(name)) continue
    const folder = join(environments, needs.replaceAll(/[^a-z0-9.]+/g, '-'))
    try {
      install(folder, needs)
      const port = await freePort()
      const [program = '', ...args] = command(port)
      const python = join(folder, 'bin/python')
      const child = start(
        0,
        [python, join(folder, 'bin', program), ...args],
        false,
        env(port),
        true,
      )
      started({ name, child, port })
      await reachable(port, name, startSeconds)
    } catch (cause) {
      process.stderr.write(`${name}: not measured: ${String(cause)}\n`)
    }
  }
}

function install(folder: string, needs: string): void {
  if (existsSync(join(folder, 'installed'))) return
  rmSync(folder, { recursive: true, force: true })
  execFileSync('/usr/bin/python3', ['-m', 'venv', folder], { stdio: 'ignore' })
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', needs]
  execFileSync(join(folder, 'bin/python'), pip, { stdio: ['ignore', 'ignore', 'pipe'] })
  mkdirSync(join(folder, 'installed'))
}
