/**
 * A server in a process of its own, started as a user starts it: for tests that kill it or look at
 * it from outside.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

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
 * Runs `muster up --json` with `flags` after free ports (a flag given twice counts as given last).
 *
 * @throws Error with what it wrote when the process ends before it is ready
 */
export async function startServerProcess(
  flags: readonly string[],
  { env = {} }: ServerProcessOptions = {},
): Promise<ServerProcess> {
  const ports = PORT_FLAGS.flatMap((flag) => [flag, '0'])
  const child = spawn(
    process.execPath,
    ['apps/cli/src/main.ts', 'up', '--json', ...ports, ...flags],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
  )
  let said = ''
  child.stderr.on('data', (bytes: Buffer) => (said = (said + bytes.toString()).slice(-4_000)))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  for await (const line of createInterface({ input: child.stdout })) {
    const ready = JSON.parse(line) as ReadyLine
    return {
      ...ready,
      pid: child.pid ?? 0,
      ended,
      kill: async (signal) => {
        child.kill(signal)
        await ended
      },
    }
  }
  await ended
  throw new Error(`the server ended before it was ready: ${said}`)
}

/** Flags that start a server on the ports of an earlier one. */
export function samePorts(server: ReadyLine): string[] {
  const ports = [server.mqttPort, server.httpsPort, server.alpnPort, server.httpPort]
  return PORT_FLAGS.flatMap((flag, index) => [flag, String(ports[index])])
}
