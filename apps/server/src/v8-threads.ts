/**
 * V8's helper threads (collecting garbage, compiling) beside the one thread that serves. On a machine
 * with no core to spare they take turns with it, milliseconds each, and whoever asks meanwhile
 * waits: so they yield.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { setPriority } from 'node:os'

/**
 * How nice they are, of 19. Not at the very end: the serving thread waits at times for what one of
 * them has begun, and that must end soon on a busy machine too.
 */
const niceness = 10
const ownThreads = '/proc/self/task'
const helperName = /V8Worker/

/**
 * Lets the helper threads of this process yield to its serving thread; for a process that does
 * nothing but serve. Where the system does not tell threads by name, as outside Linux, nothing
 * changes.
 *
 * @returns how many threads yield
 */
export function yieldV8Threads(): number {
  let yielding = 0
  for (const thread of threadsOf(ownThreads)) {
    try {
      if (!helperName.test(readFileSync(`${ownThreads}/${thread}/comm`, 'utf8'))) continue
      // A thread's number serves where a process' is asked for.
      setPriority(Number(thread), niceness)
      yielding++
    } catch {
      // Gone meanwhile, or not ours to change: it stays as it was.
    }
  }
  return yielding
}

function threadsOf(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
