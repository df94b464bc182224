/**
 * A server in a process of its own, started as a user starts it: for tests that kill it or look at
 * it from outside.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { killer, startNats } from '@muster/link/testkit'
import { firstLine, GATEWAYS, JOIN_TOKEN, startGateways, underTest } from './cluster.ts'

/** The line that `muster up --json` prints when ready. */
export interface ReadyLine {
  readonly ready: true
  readonly mqttPort: number
  readonly httpsPort: number
  readonly alpnPort: number
  readonly httpPort: number
  readonly caFile: string
}

/** A running `muster up`. */
export interface ServerProcess extends ReadyLine {
  readonly pid: number
  /** Resolves with its exit status when it ends; null when a signal ended it. */
  readonly ended: Promise<number | null>
  /** Sends a signal and resolves when the process is gone. */
  kill(signal: NodeJS.Signals): Promise<void>
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const PORT_FLAGS = ['--mqtt-port', '--https-port', '--alpn-port', '--http-port']

/** How the process is run beside its flags. */
export interface ServerProcessOptions {
  /** What its environment has more. */
  readonly env?: Readonly<Record<string, string>>
}

/**
 * Runs `muster up --json` with `flags` after free ports (a flag given twice counts as given last); as
 * a cluster where that is what is under test.
 *
 * @throws Error with what it wrote when the process ends before it is ready
 */
export async function startServerProcess(
  flags: readonly string[],
  { env = {} }: ServerProcessOptions = {},
): Promise<ServerProcess> {
  const ports = PORT_FLAGS.flatMap((flag) => [flag, '0'])
  switch (underTest()) {
    case 'single':
      return startMuster(['up', ...ports, ...flags], env)
    case 'local-cluster':
      return startMuster(['up', '--gateways', String(GATEWAYS), ...ports, ...flags], env)
    case 'nats-cluster':
      return startNatsCluster([...ports, ...flags], env)
  }
}

/**
 * Runs `muster` with these arguments and `--json`, and with the join token of tests.
 *
 * @throws Error with what it wrote when the process ends before it is ready
 */
export async function startMuster(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['apps/cli/src/main.ts', ...args, '--json'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, MUSTER_JOIN_TOKEN: JOIN_TOKEN, ...env },
  })
  // When its gateways are gone too: they share its standard error.
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const ready = await firstLine<ReadyLine>(child)
  return { ...ready, pid: child.pid ?? 0, ended, kill: killer(child) }
}

/** `kill` ends gateways and NATS too: a server that comes after it finds its ports free. */
async function startNatsCluster(
  flags: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const nats = await startNats()
  const edge = PORT_FLAGS.slice(0, 3)
  const ofEdge = flags.flatMap((flag, at) =>
    edge.includes(flag) ? [flag, flags[at + 1] ?? ''] : [],
  )
  try {
    const core = await startMuster(['core', '--bus', nats.url, ...flags], env)
    const gateways = await startGateways(nats.url, ofEdge)
    const [{ mqttPort, httpsPort, alpnPort } = { mqttPort: 0, httpsPort: 0, alpnPort: 0 }] =
      gateways
    return {
      ...core,
      mqttPort,
      httpsPort,
      alpnPort,
      kill: async (signal) => {
        await core.kill(signal)
        await Promise.all(gateways.map((gateway) => gateway.kill('SIGTERM')))
        await nats.kill('SIGKILL')
      },
    }
  } catch (cause) {
    await nats.kill('SIGKILL')
    throw cause
  }
}

/** Flags that start a server on the ports of an earlier one. */
export function samePorts(server: ReadyLine): string[] {
  const ports = [server.mqttPort, server.httpsPort, server.alpnPort, server.httpPort]
  return PORT_FLAGS.flatMap((flag, index) => [flag, String(ports[index])])
}
