/** Programs that others made, run as their users run them. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'

/** How a program ended. */
export interface Ended {
  /** Its command line, without folders. */
  readonly line: string
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A program that is not there, or could not ask: nothing can be said of the account. */
export class NotTried extends Error {
  override readonly name = 'NotTried'
}

/** A program that was answered otherwise than it should have been. */
export class Answered extends Error {
  override readonly name = 'Answered'
  readonly ended: Ended

  constructor(message: string, ended: Ended) {
    super(message)
    this.ended = ended
  }
}

/** How programs are run. */
export interface ProgramOptions {
  /** Folder of the run: files by name. */
  readonly cwd: string
  readonly signal: AbortSignal
  /** How long one is tried again, milliseconds: what was written is not everywhere at once. */
  readonly patienceMs: number
}

/** What the AWS CLI says when the account was not asked, or may not be. */
const NOT_ASKED =
  /AccessDenied|ExpiredToken|InvalidClientTokenId|UnrecognizedClient|Unable to locate credentials|Could not connect|could not be found/
const RETRY_MS = 250

/** Programs of one run. */
export class ClientPrograms {
  readonly #options: ProgramOptions

  constructor(options: ProgramOptions) {
    this.#options = options
  }

  /**
   * Runs a program to its end.
   *
   * @throws NotTried when there is no such program or the run is to stop
   */
  async run(program: string, args: readonly string[]): Promise<Ended> {
    const child = this.start(program, args)
    let stdout = ''
    let stderr = ''
    child.stdout?.on('data', (bytes: Buffer) => (stdout += bytes.toString()))
    child.stderr?.on('data', (bytes: Buffer) => (stderr += bytes.toString()))
    const code = await endOf(child, program)
    this.#options.signal.throwIfAborted()
    return { line: lineOf(program, args), code, stdout: stdout.trim(), stderr: stderr.trim() }
  }

  /**
   * Runs it again until it ends well and what it says fits, or patience ends.
   *
   * @throws Answered when it never does, NotTried when it could not ask
   */
  async until(
    program: string,
    args: readonly string[],
    fits: (stdout: string) => string | undefined = () => undefined,
  ): Promise<string> {
    const untilMs = performance.now() + this.#options.patienceMs
    for (;;) {
      const ended = await this.run(program, args)
      const why = ended.code === 0 ? fits(ended.stdout) : `it ended with ${ended.code}`
      if (why === undefined) return ended.stdout
      if (NOT_ASKED.test(ended.stderr)) throw new NotTried(ended.stderr)
      if (performance.now() >= untilMs) throw new Answered(why, ended)
      await wait(RETRY_MS)
    }
  }

  /** @throws NotTried naming the first that is not there */
  async need(programs: readonly string[]): Promise<void> {
    for (const program of programs) await this.run(program, ['--version'])
  }

  /** Starts one that stays. */
  start(program: string, args: readonly string[]): ChildProcess {
    const { cwd, signal } = this.#options
    const env = { ...process.env, AWS_PAGER: '' }
    const child = spawn(program, args, { cwd, signal, env, stdio: ['ignore', 'pipe', 'pipe'] })
    // One that cannot start, or is stopped, is seen by its end.
    return child.on('error', () => {})
  }
}

/** What a program says, line by line. */
export class Lines {
  readonly #lines: AsyncIterator<string>

  constructor({ stdout }: ChildProcess) {
    if (stdout === null) throw new TypeError('its output is not read')
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]()
  }

  /** Reads on until a line fits. @returns whether one did before the program ended */
  async until(fits: RegExp): Promise<boolean> {
    for (;;) {
      const { done, value } = await this.#lines.next()
      if (done === true) return false
      if (fits.test(value)) return true
    }
  }
}

async function endOf(child: ChildProcess, program: string): Promise<number | null> {
  return await new Promise((resolve, reject) => {
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === 'ENOENT' ? 'is not installed' : `could not be run: ${cause.message}`
      reject(new NotTried(`${program} ${why}`))
    })
    child.once('close', resolve)
  })
}

function lineOf(program: string, args: readonly string[]): string {
  const quoted = (word: string): string => (/[\s'"{}]/.test(word) ? `'${word}'` : word)
  return [program.split('/').at(-1) ?? program, ...args.map(quoted)].join(' ')
}
