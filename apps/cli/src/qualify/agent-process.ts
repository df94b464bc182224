/** The agent: a command in a shell, ended with everything that it started. */
import { spawn, type ChildProcess } from 'node:child_process'
import { undoAtExit } from './left-behind.ts'

/** Names in braces, and what they stand for. */
export type CommandValues = Readonly<
  Record<'thing' | 'cert' | 'key' | 'ca' | 'host' | 'mqttPort' | 'httpsPort', string>
>

const NAMES: readonly string[] = ['thing', 'cert', 'key', 'ca', 'host', 'mqttPort', 'httpsPort']
/** As much of what the agent says last as a report shows. */
const OUTPUT_MAX = 4000

/**
 * Checks a command before anything is started.
 *
 * @throws Error that names a placeholder that there is not, or what no agent can do without
 */
export function checkCommand(command: string): void {
  for (const [, name = ''] of command.matchAll(/\{(\w+)\}/g)) {
    if (!NAMES.includes(name)) {
      throw new Error(
        `--agent: there is no {${name}}: expected ${NAMES.map((one) => `{${one}}`).join(' ')}`,
      )
    }
  }
  if (!command.includes('{mqttPort}') && !command.includes('{httpsPort}')) {
    throw new Error(
      '--agent: expected {mqttPort} or {httpsPort} in the command: the service has ports of its own',
    )
  }
}

function fill(command: string, values: CommandValues): string {
  return command.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    NAMES.includes(name) ? quote(values[name as keyof CommandValues]) : whole,
  )
}

function quote(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

export class AgentProcess {
  readonly #child: ChildProcess
  #output = ''
  #killed = false
  readonly #forget: () => void

  /**
   * @param temporary - the folder for its temporary files: who is killed cannot remove them
   * @param ended - told when it ends by itself, with its status or signal
   */
  constructor(
    command: string,
    values: CommandValues,
    temporary: string,
    ended: (how: string) => void,
  ) {
    const isPosix = process.platform !== 'win32'
    this.#child = spawn(fill(command, values), {
      shell: true,
      // A group of its own, so that what the shell starts ends with it.
      detached: isPosix,
      env: { ...process.env, TMPDIR: temporary, TMP: temporary, TEMP: temporary },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (text: Buffer) => {
        this.#output = (this.#output + text.toString()).slice(-OUTPUT_MAX)
      })
    }
    this.#forget = undoAtExit(() => this.#killGroup())
    this.#child.once('error', (cause) => ended(cause.message))
    this.#child.once('exit', (code, signal) => {
      if (!this.#killed) ended(signal ?? `status ${code}`)
    })
  }

  /** What it said last, both streams. */
  get output(): string {
    return this.#output
  }

  /** It ended by itself, as what went wrong does, and nothing that it started goes on in its place. */
  get hasFailed(): boolean {
    const { exitCode, pid, signalCode } = this.#child
    if (pid === undefined) return true
    if (exitCode === 0 || (exitCode === null && signalCode === null)) return false
    if (process.platform === 'win32') return true
    try {
      process.kill(-pid, 0)
      return false
    } catch {
      return true
    }
  }

  /** Ends it as a power cut would, and resolves when it is gone. */
  async kill(): Promise<void> {
    this.#killed = true
    const { exitCode, pid, signalCode } = this.#child
    if (pid === undefined) return
    const gone =
      exitCode !== null || signalCode !== null
        ? Promise.resolve()
        : new Promise<void>((resolve) => this.#child.once('exit', () => resolve()))
    this.#killGroup()
    await gone
    this.#forget()
  }

  #killGroup(): void {
    const { pid } = this.#child
    if (pid === undefined) return
    try {
      // Also where the shell is gone: what it started may not be.
      if (process.platform === 'win32') this.#child.kill('SIGKILL')
      else process.kill(-pid, 'SIGKILL')
    } catch {
      // Nothing of the group is left.
    }
  }
}
