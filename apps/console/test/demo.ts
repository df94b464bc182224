/** `muster start` as a shell runs it: the server and fleet of the story, the tour and the measurements. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { buildConsole } from '../build.ts'

const MAIN = join(import.meta.dirname, '../../cli/src/main.ts')
const ports = ['mqtt', 'https', 'alpn', 'http'].flatMap((name) => [`--${name}-port`, '0'])

/** A running `muster start`, in a folder of its own. */
export interface Demo {
  /** `http://localhost:PORT`: the console is below `/console/`, the operator is `test`. */
  readonly origin: string
  /** What `start --json` said of its first rollout. */
  readonly summary: { readonly connected: number; readonly jobId: string }
  /** Ends it as Ctrl-C does, and removes its folder. */
  stop(): Promise<void>
}

/**
 * Starts a fleet on an accelerated clock, and waits until its first rollout is over.
 *
 * Rejects when it ends before.
 */
export async function startDemo(devices: number): Promise<Demo> {
  await buildConsole()
  const folder = await mkdtemp(join(tmpdir(), 'muster-demo-'))
  const { MUSTER_ACCESS_KEY_ID: _id, MUSTER_SECRET_ACCESS_KEY: _secret, ...env } = process.env
  const flags = ['start', '--json', '--devices', String(devices), '--data', folder, ...ports]
  const child = spawn(process.execPath, [MAIN, ...flags], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGINT')
      await once(child, 'close')
    }
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const [said, told] = await Promise.all([
      firstLine(child.stdout, /^\{/),
      firstLine(child.stderr, /^console: \S+/),
    ])
    const { origin } = new URL(told.split(' ')[1] ?? '')
    return { origin, summary: JSON.parse(said) as Demo['summary'], stop }
  } catch (cause) {
    await stop()
    throw cause
  }
}

/** The first line that matches; the rest is read and dropped, so that nobody waits for a reader. */
function firstLine(stream: NodeJS.ReadableStream, wanted: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface({ input: stream })
      .on('line', (line) => void (wanted.test(line) && resolve(line)))
      .once('close', () => reject(new Error(`it ended without a line like ${wanted.source}`)))
  })
}
