/**
 * V8's helper threads (collecting garbage, compiling) beside the one thread that serves. On a machine
 * with no core to spare they take turns with it, milliseconds each, and whoever asks meanwhile
 * waits: so they yield.
 */
import { setPriority } from 'node:os'
import { threadsNamed } from './platform.ts'

/**
 * How nice they are, of 19. Not at the very end: the serving thread waits at times for what one of
 * them has begun, and that must end soon on a busy machine too.
 */
const niceness = 10
const helperName = /V8Worker/

/**
 * Lets the helper threads that this process has now yield to its main thread; for the process that
 * serves to call, since it changes more than a server within it. Where the system does not tell
 * threads by name, as outside Linux, nothing changes. Never throws.
 */
export function yieldV8Threads(): void {
  for (const thread of threadsNamed(helperName)) {
    try {
      // A thread's number serves where a process' is asked for.
      setPriority(thread, niceness)
    } catch {
      // Gone meanwhile, or not ours to change: it stays as it was.
    }
  }
}
