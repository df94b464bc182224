/** Runs the tests of a package in a process group of its own, within a time. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestsRun, TestsToRun } from './run-tests.ts'

const PROGRAM = join(import.meta.dirname, 'run-tests.ts')

/** Process groups that are still there. */
const running = new Set<ChildProcess>()

/**
 * What the tests told, or that they did not end within `msMax`, or ended without a word (`lost`, as when a mutant takes all
 * memory). The process group and its temporary folder are gone then.
 */
export async function runTests(
  toRun: TestsToRun,
  { msMax, seed }: { msMax: number; seed: number },
): Promise<TestsRun | 'out of time' | 'lost'> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-mutant-'))
  const child = fork(PROGRAM, [JSON.stringify(toRun)], {
    cwd: toRun.folder,
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...process.env, TMPDIR: folder, MUTATION_SEED: String(seed) },
  })
  running.add(child)
  let outcome: TestsRun | 'out of time' | 'lost' = 'lost'
  child.once('message', (run: TestsRun) => {
    outcome = run
  })
  const timer = setTimeout(() => {
    outcome = 'out of time'
    end(child)
  }, msMax)
  try {
    await once(child, 'exit')
  } finally {
    clearTimeout(timer)
    end(child)
    running.delete(child)
    rmSync(folder, { recursive: true, force: true })
  }
  return outcome
}

/** Ends all process groups that `runTests` started. */
export function endAllTests(): void {
  for (const child of running) end(child)
}

function end({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // The group ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
