/** A NATS server in a process of its own, for tests; Debian's `nats-server` must be installed. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A process of a test. */
export interface TestProcess {
  readonly pid: number
  /** Sends a signal and resolves when the process is gone. */
  kill(signal: NodeJS.Signals): Promise<void>
}

/** A NATS server of a test's own. */
export interface TestNats extends TestProcess {
  /** `nats://127.0.0.1:PORT` */
  readonly url: string
}

/**
 * Starts one on a free port of loopback.
 *
 * @param args - more of its flags: `['-c', FILE]`
 */
export async function startNats(args: readonly string[] = []): Promise<TestNats> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-nats-'))
  const address = args.includes('-p') ? [] : ['-a', '127.0.0.1', '-p', '-1']
  const child = spawn('nats-server', [...address, '--ports_file_dir', folder, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const kill = killer(child)
  try {
    const file = await portsFile(folder, child)
    const { nats } = JSON.parse(readFileSync(file, 'utf8')) as { nats: string[] }
    return { pid: child.pid ?? 0, url: nats[0] ?? '', kill }
  } catch (cause) {
    await kill('SIGKILL')
    throw cause
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const startMs = 20_000

/** Ends a process, and resolves when it and those that it started are gone. */
export function killer(child: ChildProcess): TestProcess['kill'] {
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return async (signal) => {
    child.kill(signal)
    await ended
  }
}

/** Resolves with the file once NATS has written it. */
function portsFile(folder: string, child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const done = (): void => {
      watcher.close()
      clearTimeout(late)
    }
    const look = (): void => {
      const file = readdirSync(folder).find((name) => name.endsWith('.ports'))
      if (file === undefined || readFileSync(join(folder, file)).length === 0) return
      done()
      resolve(join(folder, file))
    }
    const fail = (why: string): void => {
      done()
      reject(new Error(`nats-server ${why}; it is Debian's package of this name: ${said}`))
    }
    const watcher = watch(folder, look)
    const late = setTimeout(() => fail('told no port in time'), startMs)
    child.stderr?.on('data', (bytes: Buffer) => (said = (said + bytes.toString()).slice(-2_000)))
    child.once('error', (cause) => fail(`cannot be started: ${cause.message}`))
    child.once('exit', (code) => fail(`ended with ${code}`))
    look()
  })
}
