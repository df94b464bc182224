/**
 * What a start leaves behind: source texts, parsed modules and a young generation grown to hold them.
 * V8 gives them back only when it is short of memory, which a server that nobody asks never is.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** When it is looked for a quiet moment: once so long after the start, then after twice that, and so on. */
const FIRST_LOOK_MS = 2000
const LOOKS = 7

/**
 * Gives memory back once, in the first seconds that nobody is connected: the one long pause, a tenth
 * of a second, that must meet no client. For the process that serves to call when it is ready, since
 * it is the process' memory and not a server's. Does not keep the process alive.
 */
export function giveBackMemory(of: ProcessMemory = thisProcess): void {
  lookAgain(of, LOOKS, FIRST_LOOK_MS)
}

/** A process whose memory is given back. */
export interface ProcessMemory {
  /** Whether a pause would meet somebody. */
  isAnyoneConnected(): boolean
  /** Pauses the process. */
  collect(): void
}

const thisProcess: ProcessMemory = {
  isAnyoneConnected: () => process.getActiveResourcesInfo().includes('TCPSocketWrap'),
  collect: collectEverything,
}

function lookAgain(memory: ProcessMemory, looks: number, afterMs: number): void {
  if (looks === 0) return
  setTimeout(() => {
    if (memory.isAnyoneConnected()) lookAgain(memory, looks - 1, afterMs * 2)
    else memory.collect()
  }, afterMs).unref()
}

function collectEverything(): void {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as NodeJS.GCFunction
  setFlagsFromString('--no-expose-gc')
  gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
