/** A command that takes this process's place at the terminal for a while. */
import { spawn, type ChildProcess } from 'node:child_process'
import { constants } from 'node:os'

/** What a shell answers when it finds no such command, and when it may not run it. */
const NOT_FOUND = 127
const NOT_EXECUTABLE = 126

/** Signals that are meant for the command. */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const

/** Those that a terminal sends to every process on it: a second one would end the command at once. */
const FROM_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT']

/** Takes the signals of this process, from before the command runs until all is cleaned up. */
export class SignalRelay {
  #child: ChildProcess | undefined
  #received: NodeJS.Signals | undefined
  #over = false

  constructor() {
    for (const signal of FORWARDED) process.on(signal, this.#on)
  }

  /** The exit status for a signal that came before there was a command; undefined: none came. */
  get earlyStatus(): number | undefined {
    return this.#received === undefined ? undefined : statusOf(this.#received)
  }

  /** From now on signals go to the command. */
  to(child: ChildProcess): void {
    this.#child = child
  }

  /** The command is gone: a signal now ends this process, whatever it still cleans up. */
  over(): void {
    this.#child = undefined
    this.#over = true
  }

  /** Gives the signals back. */
  release(): void {
    for (const signal of FORWARDED) process.off(signal, this.#on)
  }

  readonly #on = (signal: NodeJS.Signals): void => {
    if (this.#over) process.exit(statusOf(signal))
    if (this.#child === undefined) this.#received ??= signal
    else if (!(process.stdin.isTTY && FROM_TERMINAL.includes(signal))) this.#child.kill(signal)
  }
}

/**
 * Runs a command with this process's stdin, stdout and stderr.
 *
 * @returns its exit status, as a shell would tell it
 */
export function runChild(
  [file = '', ...parameters]: readonly string[],
  env: NodeJS.ProcessEnv,
  signals: SignalRelay,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(file, parameters, { env, stdio: 'inherit' })
    signals.to(child)
    const end = (status: number): void => {
      signals.over()
      resolve(status)
    }
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const missing = cause.code === 'ENOENT'
      const why = missing ? 'there is no such command' : cause.message
      process.stderr.write(`muster: cannot run \`${file}\`: ${why}\n`)
      end(missing ? NOT_FOUND : NOT_EXECUTABLE)
    })
    child.once('exit', (code, signal) => end(code ?? statusOf(signal ?? 'SIGKILL')))
  })
}

/** As a shell tells that a signal ended a command. */
function statusOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}
