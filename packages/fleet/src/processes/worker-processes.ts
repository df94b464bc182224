/**
 * Processes that share the work of a run, seen from their parent. Each is told how to begin, then
 * given orders, and sends what it has counted every so often.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { getCompileCacheDir } from 'node:module'
import type { FromWorker, ToWorker } from './worker-messages.ts'

interface Waiter {
  /** Undefined: the beginning. */
  readonly order: string | undefined
  readonly worker: number
  readonly resolve: () => void
}

/** An order by its name; what else it says is its own affair. */
export interface Order {
  readonly type: string
}

/** Starts workers, tells them what to do, and keeps what they sent last. */
export class WorkerProcesses<Start, Command extends Order, Counts> {
  readonly #script: URL
  readonly #onCounts: (worker: number, counts: Counts) => void
  readonly #children: ChildProcess[] = []
  #waiters: Waiter[] = []
  #failure: Error | undefined
  readonly #onFailure = new Set<(failure: Error) => void>()

  /**
   * @param script - a module that calls `serveAsWorker`
   * @param onCounts - told each time a worker sends what it has counted
   */
  constructor(script: URL, onCounts: (worker: number, counts: Counts) => void) {
    this.#script = script
    this.#onCounts = onCounts
  }

  /** How many there are. */
  get size(): number {
    return this.#children.length
  }

  /** Resolves when every worker has begun. */
  async start(starts: readonly Start[]): Promise<void> {
    // Workers find compiled what this process or an earlier one has compiled.
    const cache = getCompileCacheDir()
    const env = { ...process.env, ...(cache !== undefined && { NODE_COMPILE_CACHE: cache }) }
    const ready = starts.map((start, worker) => {
      const child = fork(this.#script, {
        env,
        serialization: 'advanced',
        // A small young generation: what clients keep is old, and 16 MB of garbage is 3 KB for each.
        execArgv: [...process.execArgv, '--max-semi-space-size=4'],
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      })
      this.#children.push(child)
      child.on('message', (message: FromWorker<Counts>) => this.#take(worker, message))
      child.on('exit', (code, signal) => {
        if (code !== 0) this.#fail(new Error(`worker ${worker} ended with ${signal ?? code}`))
      })
      const done = this.#until(worker, undefined)
      child.send({ start } satisfies ToWorker<Start, Command>)
      return done
    })
    await this.unlessFailed(Promise.all(ready))
  }

  /** Gives every worker an order; resolves when all have carried it out. */
  async order(order: Command): Promise<void> {
    await this.orderEach(() => order)
  }

  /** Gives each worker an order of its own; resolves when all have carried them out. */
  async orderEach(orderFor: (worker: number) => Command): Promise<void> {
    const done = this.#children.map((child, worker) => {
      if (!child.connected) return Promise.resolve()
      const order = orderFor(worker)
      const carriedOut = this.#until(worker, order.type)
      child.send({ order } satisfies ToWorker<Start, Command>)
      return carriedOut
    })
    await this.unlessFailed(Promise.all(done))
  }

  /** Ends the processes. */
  close(): void {
    this.#onFailure.clear()
    for (const child of this.#children) {
      child.removeAllListeners('exit')
      if (child.connected) child.disconnect()
    }
  }

  /** Throws when a worker has failed since the last look. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Rejects as soon as a worker fails, whatever the work is at. */
  async unlessFailed<T>(work: Promise<T>): Promise<T> {
    this.check()
    const failed = Promise.withResolvers<never>()
    this.#onFailure.add(failed.reject)
    try {
      return await Promise.race([work, failed.promise])
    } finally {
      this.#onFailure.delete(failed.reject)
    }
  }

  #take(worker: number, message: FromWorker<Counts>): void {
    if (message.type === 'counts') {
      this.#onCounts(worker, message.counts)
      return
    }
    if (message.type === 'failed') {
      this.#fail(new Error(`worker ${worker}: ${message.message}`))
      return
    }
    const order = message.type === 'done' ? message.order : undefined
    const first = this.#waiters.find((waiter) => waiter.worker === worker && waiter.order === order)
    if (first === undefined) return
    this.#waiters = this.#waiters.filter((waiter) => waiter !== first)
    first.resolve()
  }

  #until(worker: number, order: string | undefined): Promise<void> {
    return new Promise((resolve) => this.#waiters.push({ order, worker, resolve }))
  }

  #fail(failure: Error): void {
    this.#failure ??= failure
    for (const tell of this.#onFailure) tell(failure)
  }
}
