/** Fuzzes one target in a thread, and ends it when it hangs. */
import { Worker } from 'node:worker_threads'
import type { Fault } from './fault.ts'
import type { FuzzBounds } from './fuzzer.ts'
import type { Target } from './target.ts'
import { Watched } from './watched.ts'

/** What the thread is told. */
export interface FuzzOrder {
  readonly target: Target
  readonly bounds: FuzzBounds
  /** Whether to write the corpus anew. */
  readonly keep: boolean
  readonly shared: SharedArrayBuffer
}

/** What came of a target. */
export interface FuzzResult {
  readonly target: string
  readonly executions: number
  readonly seconds: number
  /** Inputs that there were, and with those that reached something new. */
  readonly known: number
  readonly corpus: number
  readonly blocksReached: number
  /** Of the modules that were loaded. */
  readonly blocks: number
  readonly faults: readonly Fault[]
}

const LOOK_EVERY_MS = 500
/** One input has so long; others may need the machine too. */
const HANG_MS = 30_000
const MEMORY_MIB = 1024

/** Runs a target to its bounds, or to the input that it does not survive. */
export async function fuzzTarget(
  target: Target,
  bounds: FuzzBounds,
  keep: boolean,
): Promise<FuzzResult> {
  const shared = Watched.memory(target.bytesMax)
  const watched = new Watched(shared)
  const order: FuzzOrder = { target, bounds, keep, shared }
  const worker = new Worker(new URL('fuzz-worker.ts', import.meta.url), {
    workerData: order,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MIB },
  })
  const ended = (kind: 'hung' | 'memory', message: string): FuzzResult => ({
    target: target.name,
    executions: watched.count,
    seconds: 0,
    known: 0,
    corpus: 0,
    blocksReached: 0,
    blocks: 0,
    faults: [{ kind, message, cause: kind, input: watched.input }],
  })
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<FuzzResult>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', (cause: NodeJS.ErrnoException) => {
        if (cause.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve(ended('memory', cause.message))
        else reject(cause)
      })
      let [seen, sinceMs] = [0, performance.now()]
      timer = setInterval(() => {
        const { count } = watched
        if (count !== seen || count === 0) [seen, sinceMs] = [count, performance.now()]
        else if (performance.now() - sinceMs > HANG_MS) {
          resolve(ended('hung', `no end after ${HANG_MS / 1000} s`))
        }
      }, LOOK_EVERY_MS)
    })
  } finally {
    clearInterval(timer)
    await worker.terminate()
  }
}
