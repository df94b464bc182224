/** A folder outside the workspace, and the Node that is used there. */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A hung program is ended, and told as such, before the test's own time is up. */
const timeout = 150_000

/** Variables that say who runs the tests; how to reach a registry is not among them. */
const OF_THE_RUN =
  /^(npm_(package|lifecycle|command|execpath|node_execpath|config_(local_prefix|user_agent))|pnpm_|vitest|node$|node_(options|env|path|v8)|aws_(?!ca)|muster_|init_cwd)/i

/** What a program wrote, and how it ended. */
export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** An empty folder in which programs run on one Node. */
export class Outside {
  readonly folder: string
  readonly #path: string

  private constructor(folder: string, path: string) {
    this.folder = folder
    this.#path = path
  }

  /** @param version - of the `node` package of npm: `22.22` */
  static async on(version: string): Promise<Outside> {
    const asked = ['-y', '-p', `node@${version}`, '--', 'node', '-p', 'process.execPath']
    const { stdout } = await run('npx', asked, { cwd: tmpdir() })
    const path = [dirname(stdout.trim()), process.env['PATH'] ?? ''].join(delimiter)
    return new Outside(mkdtempSync(join(tmpdir(), 'muster-outside-')), path)
  }

  /** Runs a program to its end, whatever that is. */
  async run(program: string, args: readonly string[]): Promise<Ended> {
    const options = { cwd: this.folder, env: this.#environment(), maxBuffer: 1 << 26, timeout }
    try {
      return { code: 0, ...(await run(program, args, options)) }
    } catch (cause) {
      const { code, stdout = '', stderr = '' } = cause as Partial<Ended>
      if (typeof code !== 'number') throw cause
      return { code, stdout, stderr }
    }
  }

  /** Starts a program and waits for its first line on stdout; it ends with {@link remove}. */
  async start(program: string, args: readonly string[]): Promise<string> {
    const child = spawn(program, args, {
      cwd: this.folder,
      env: this.#environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    })
    this.#started.push(child)
    for await (const line of createInterface(child.stdout)) return line
    throw new Error(`${program} ended without a line`)
  }

  /** Ends what was started, and removes the folder. */
  async remove(): Promise<void> {
    for (const child of this.#started) {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      // The group: `npx` is the parent of what it runs.
      if (child.exitCode === null) process.kill(-(child.pid ?? 0), 'SIGTERM')
      else continue
      await ended
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }

  readonly #started: ChildProcess[] = []

  /** Nothing of the workspace's package manager or of the test runner reaches the program. */
  #environment(): NodeJS.ProcessEnv {
    const kept = Object.entries(process.env).filter(([name]) => !OF_THE_RUN.test(name))
    return { ...Object.fromEntries(kept), PATH: this.#path }
  }
}
