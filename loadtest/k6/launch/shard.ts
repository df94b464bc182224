/** One process of k6. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** How it is started. */
export interface ShardProcess {
  readonly program: string
  readonly args: readonly string[]
  /** Beside this process's own. */
  readonly env: Readonly<Record<string, string>>
  /** Asks it to end, as Ctrl-C does: k6 then writes what it has. */
  readonly signal?: AbortSignal | undefined
  /** Told each line of its stderr. */
  readonly say: (line: string) => void
}

/** @returns its exit status; null when a signal ended it */
export async function startShard(start: ShardProcess): Promise<number | null> {
  const { program, args, env, signal, say } = start
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
    // In a group of its own: a terminal's Ctrl-C would reach it beside ours, and k6 takes the second
    // for a wish to lose everything.
    detached: true,
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const end = (): void => void child.kill('SIGINT')
  if (signal?.aborted === true) end()
  signal?.addEventListener('abort', end)
  try {
    if (child.stderr !== null) createInterface({ input: child.stderr }).on('line', say)
    return await ended
  } finally {
    signal?.removeEventListener('abort', end)
  }
}
