/** `muster` as a shell runs it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The program. */
export const MAIN: string = join(import.meta.dirname, '../src/main.ts')

/** Flags of a server on free ports. */
export const FREE_PORTS: readonly string[] = [
  '--mqtt-port',
  '--https-port',
  '--alpn-port',
  '--http-port',
].flatMap((flag) => [flag, '0'])

/** How a command ended, and what it said. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface More {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Flags of Node itself. */
  readonly nodeFlags?: readonly string[]
  /** Default: nothing to read. */
  readonly stdin?: 'pipe'
  /** SIGINT goes out when the first line on stderr matches: a second one ends a process at once. */
  readonly interruptAt?: RegExp
  /** Told of each line on stderr. */
  readonly onLine?: (line: string) => void
}

/** Runs a command to its end. */
export async function muster(flags: readonly string[], more: More = {}): Promise<Ended> {
  const child = startMuster(flags, more)
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (bytes: Buffer) => (stdout += bytes.toString()))
  const code = new Promise<number | null>((resolve) => child.once('close', resolve))
  let interrupts = more.interruptAt !== undefined
  if (child.stderr !== null) {
    for await (const line of createInterface({ input: child.stderr })) {
      stderr += `${line}\n`
      more.onLine?.(line)
      if (interrupts && more.interruptAt?.test(line) === true) {
        interrupts = false
        child.kill('SIGINT')
      }
    }
  }
  return { code: await code, stdout, stderr }
}

/** Starts a command in an environment that names no operator and no data folder. */
export function startMuster(flags: readonly string[], more: More = {}): ChildProcess {
  const {
    MUSTER_ACCESS_KEY_ID: _id,
    MUSTER_SECRET_ACCESS_KEY: _secret,
    MUSTER_DATA: _data,
    ...env
  } = process.env
  return spawn(process.execPath, [...(more.nodeFlags ?? []), MAIN, ...flags], {
    env: { ...env, ...more.env },
    ...(more.cwd !== undefined && { cwd: more.cwd }),
    stdio: [more.stdin ?? 'ignore', 'pipe', 'pipe'],
  })
}
