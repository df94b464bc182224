/**
 * The worker processes of a run, seen from their parent.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { LatencyHistogram } from '../latency-histogram.ts'
import type { FromWorker, Kinds, ToWorker, WorkerCounts, WorkerStart } from './worker-messages.ts'

/** Counts of all workers together. */
export interface FleetCounts extends Omit<WorkerCounts, 'notifyToSuccess'> {
  readonly notifyToSuccess: LatencyHistogram
}

/** An order that a worker can carry out at any time. */
type Order = Exclude<ToWorker, WorkerStart>

interface Waiter {
  readonly order: ToWorker['type']
  readonly worker: number
  readonly resolve: () => void
}

const SUMS = [
  'connected',
  'everConnected',
  'reconnects',
  'disconnects',
  'started',
  'succeeded',
  'failed',
  'rejected',
  'cancelled',
  'running',
  'expectedDenials',
  'undenied',
  'cpuSeconds',
  'rssBytes',
] as const

/** Starts workers, tells them what to do, and adds up what they report. */
export class WorkerPool {
  readonly #children: ChildProcess[] = []
  readonly #counts: (WorkerCounts | undefined)[] = []
  #waiters: Waiter[] = []
  #failure: Error | undefined
  readonly #onFailure = new Set<(failure: Error) => void>()

  /** Resolves when every worker has built its devices. */
  async start(starts: readonly Omit<WorkerStart, 'type' | 'worker'>[]): Promise<void> {
    const ready = starts.map((start, worker) => {
      const child = fork(new URL('./main.ts', import.meta.url), {
        serialization: 'advanced',
        // A small young generation: what devices keep is old, and 16 MB of garbage is 3 KB for each.
        execArgv: [...process.execArgv, '--max-semi-space-size=4'],
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      })
      this.#children.push(child)
      child.on('message', (message: FromWorker) => this.#take(worker, message))
      child.on('exit', (code, signal) => {
        if (code !== 0) this.#fail(new Error(`worker ${worker} ended with ${signal ?? code}`))
      })
      const done = this.#until(worker, 'start')
      child.send({ ...start, type: 'start', worker } satisfies ToWorker)
      return done
    })
    await this.unlessFailed(Promise.all(ready))
  }

  /** Gives every worker an order; resolves when all have carried it out. */
  async order(order: Order): Promise<void> {
    const done = this.#children.map((child, worker) => {
      if (!child.connected) return Promise.resolve()
      const carriedOut = this.#until(worker, order.type)
      child.send(order)
      return carriedOut
    })
    await this.unlessFailed(Promise.all(done))
  }

  /** Drains every worker; resolves when all devices have said goodbye, or after `graceMs`. */
  async drain(overSeconds: number, graceMs = 15_000): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs + overSeconds * 1000)
    })
    await Promise.race([this.order({ type: 'drain', overSeconds }), grace])
    clearTimeout(timer)
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

  counts(): FleetCounts {
    const parts = this.#counts.filter((counts) => counts !== undefined)
    const notifyToSuccess = new LatencyHistogram()
    for (const part of parts) notifyToSuccess.add(new LatencyHistogram(part.notifyToSuccess))
    const sums = Object.fromEntries(
      SUMS.map((key) => [key, parts.reduce((sum, part) => sum + part[key], 0)]),
    ) as Record<(typeof SUMS)[number], number>
    return {
      ...sums,
      denied: merge(parts.map((part) => part.denied)),
      errors: merge(parts.map((part) => part.errors)),
      refusals: merge(parts.map((part) => part.refusals)),
      faults: merge(parts.map((part) => part.faults)),
      notifyToSuccess,
      eventLoopLagMs: Math.max(0, ...parts.map((part) => part.eventLoopLagMs)),
    }
  }

  #take(worker: number, message: FromWorker): void {
    if (message.type === 'counts') this.#counts[worker] = message.counts
    if (message.type === 'failed') this.#fail(new Error(`worker ${worker}: ${message.message}`))
    const done =
      message.type === 'ready' ? 'start' : message.type === 'done' ? message.order : undefined
    const mine = (waiter: Waiter): boolean => waiter.worker === worker && waiter.order === done
    const [first] = this.#waiters.filter(mine)
    if (first === undefined) return
    this.#waiters = this.#waiters.filter((waiter) => waiter !== first)
    first.resolve()
  }

  #until(worker: number, order: ToWorker['type']): Promise<void> {
    return new Promise((resolve) => this.#waiters.push({ order, worker, resolve }))
  }

  #fail(failure: Error): void {
    this.#failure ??= failure
    for (const tell of this.#onFailure) tell(failure)
  }
}

function merge(parts: readonly Kinds[]): Kinds {
  const sum: Record<string, number> = {}
  for (const part of parts) {
    for (const [key, count] of Object.entries(part)) sum[key] = (sum[key] ?? 0) + count
  }
  return sum
}
