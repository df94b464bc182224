/**
 * `MUSTER_UNDER_TEST=cluster`: what the kit starts is a core with two gateways, so that every test that
 * speaks over sockets holds them to what the single process does. The link is local;
 * `MUSTER_TEST_LINK=nats` has the gateways join over a NATS server of their own (Debian's
 * `nats-server`).
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { killer, type TestProcess } from '@muster/link/testkit'

/** How what is tested runs. */
export type UnderTest = 'single' | 'local-cluster' | 'nats-cluster'

/** How many gateways a cluster has. */
export const GATEWAYS = 2
/** What they show their core. */
export const JOIN_TOKEN = 'join-token-of-tests'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** @throws Error for a value that is none of those above */
export function underTest(): UnderTest {
  const { MUSTER_UNDER_TEST: asked = '', MUSTER_TEST_LINK: link = 'local' } = process.env
  if (asked === '' || asked === 'single') return 'single'
  if (asked === 'cluster' && link === 'local') return 'local-cluster'
  if (asked === 'cluster' && link === 'nats') return 'nats-cluster'
  throw new Error(
    `expected MUSTER_UNDER_TEST=single or cluster, and MUSTER_TEST_LINK=local or nats; ` +
      `found \`${asked}\`, \`${link}\``,
  )
}

/** A gateway that is ready. */
export interface TestGateway extends TestProcess {
  readonly mqttPort: number
  readonly httpsPort: number
  readonly alpnPort: number
  readonly healthPort: number
  readonly name: string
  /** Resolves with its exit status when it ends; null when a signal ended it. */
  readonly ended: Promise<number | null>
}

/** Runs `muster gateway`; `flags` come after free ports (a flag given twice counts as given last). */
export async function startGateway(url: string, flags: readonly string[]): Promise<TestGateway> {
  const ports = ['--mqtt-port', '--https-port', '--alpn-port'].flatMap((flag) => [flag, '0'])
  const args = ['apps/cli/src/main.ts', 'gateway', '--bus', url, '--json', ...ports, ...flags]
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { MUSTER_JOIN_TOKEN: JOIN_TOKEN, ...process.env },
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const ready = await firstLine<Omit<TestGateway, keyof TestProcess | 'ended'>>(child)
  return { ...ready, pid: child.pid ?? 0, ended, kill: killer(child) }
}

/** {@link GATEWAYS} of them on the same ports. */
export async function startGateways(url: string, flags: readonly string[]): Promise<TestGateway[]> {
  const shared = [...flags, '--share-ports', '--drain-seconds', '0']
  const first = await startGateway(url, shared)
  const { mqttPort, httpsPort, alpnPort } = first
  const same = ['--mqtt-port', mqttPort, '--https-port', httpsPort, '--alpn-port', alpnPort]
  const others = Array.from({ length: GATEWAYS - 1 }, () =>
    startGateway(url, [...shared, ...same.map(String)]),
  )
  return [first, ...(await Promise.all(others))]
}

/**
 * The first line of JSON that a process writes.
 *
 * @throws Error with what it wrote when it ends before
 */
export async function firstLine<T>(child: ChildProcess): Promise<T> {
  const { stdout, stderr } = child
  if (stdout === null || stderr === null) throw new TypeError('a process that is not listened to')
  let said = ''
  stderr.on('data', (bytes: Buffer) => (said = (said + bytes.toString()).slice(-4_000)))
  for await (const line of createInterface({ input: stdout })) return JSON.parse(line) as T
  throw new Error(`a process ended before it was ready: ${said}`)
}
