/**
 * V8's helper threads (collecting garbage, compiling) beside the one thread that serves. On a machine
 * with no core to spare they take turns with it, milliseconds each, and whoever asks meanwhile
 * waits: so they yield. Where other programs crowd the machine they yield to all of those too, and the serving
 * thread, which waits at times for what one of them has begun, stood still for half a minute with a heap of
 * 50,000 devices: so there they do not.
 */
import { availableParallelism, getPriority, loadavg, setPriority } from 'node:os'
import { threadsNamed } from './platform.ts'

/**
 * How nice they are, of 19. Not at the very end: the serving thread waits for them.
 */
const niceness = 10
/** The same of who may not take it back. */
const nicenessForGood = 4
const helperName = /V8Worker/
/** Threads that want to run, for each that can, above which a machine is crowded. */
const crowdedLoad = 2
const lookEveryMs = 5_000

/**
 * How much nicer than the thread that serves helper threads should be.
 *
 * @param load - threads that want to run, over a minute
 * @param processors - threads that can run at once
 * @param isForGood - whoever sets it may not take it back, as who is not root
 */
export function helperNiceness(load: number, processors: number, isForGood: boolean): number {
  if (load > crowdedLoad * processors) return 0
  return isForGood ? nicenessForGood : niceness
}

/**
 * Lets the helper threads that this process has now yield to its main thread, as long as the machine is not
 * crowded; for the process that serves to call, since it changes more than a server within it. Where the
 * system does not tell threads by name, as outside Linux, nothing changes. Never throws.
 */
export function yieldV8Threads(): void {
  const isForGood = process.getuid?.() !== 0
  const own = getPriority()
  let now = 0
  const look = (): void => {
    const [load = 0] = loadavg()
    const wanted = helperNiceness(load, availableParallelism(), isForGood)
    if (wanted === now || (isForGood && wanted < now)) return
    now = wanted
    for (const thread of threadsNamed(helperName)) setNiceness(thread, Math.min(own + wanted, 19))
  }
  look()
  setInterval(look, lookEveryMs).unref()
}

function setNiceness(thread: number, wanted: number): void {
  try {
    // A thread's number serves where a process' is asked for.
    setPriority(thread, wanted)
  } catch {
    // Gone meanwhile, or not ours to change: it stays as it was.
  }
}
