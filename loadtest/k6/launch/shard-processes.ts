/** The processes of k6 of one run. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

/** How one is started. */
export interface ShardStart {
  readonly program: string
  readonly args: readonly string[]
  /** Beside this process's own. */
  readonly env: Readonly<Record<string, string>>
  /** Told each line of its stderr. */
  readonly say: (line: string) => void
}

/** As a shell says of a program that it cannot start. */
const NOT_STARTED = 127

/** They end when they are asked to, and at the latest with this process. */
export class ShardProcesses {
  readonly #running = new Set<ChildProcess>()
  readonly #signal: AbortSignal | undefined
  /** Ctrl-C, to which k6 writes what it has. */
  readonly #ask = (): void => this.#killAll('SIGINT')
  readonly #end = (): void => this.#killAll('SIGKILL')

  /** @param signal - asks them to end */
  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal
    signal?.addEventListener('abort', this.#ask)
    process.once('exit', this.#end)
  }

  /** Runs one to its end. Returns its exit status; null when a signal ended it. */
  async run({ program, args, env, say }: ShardStart): Promise<number | null> {
    const child = spawn(program, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...env },
      // In a group of its own: a terminal's Ctrl-C would reach it beside ours, and k6 takes the second
      // for a wish to lose everything.
      detached: true,
    })
    this.#running.add(child)
    createInterface({ input: child.stderr }).on('line', say)
    if (this.#signal?.aborted === true) child.kill('SIGINT')
    const code = await new Promise<number | null>((resolve) => {
      child.once('close', resolve)
      child.once('error', (cause) => {
        say(cause.message)
        resolve(NOT_STARTED)
      })
    })
    this.#running.delete(child)
    return code
  }

  /** None is left. */
  close(): void {
    this.#end()
    this.#signal?.removeEventListener('abort', this.#ask)
    process.removeListener('exit', this.#end)
  }

  #killAll(signal: NodeJS.Signals): void {
    for (const child of this.#running) child.kill(signal)
  }
}
