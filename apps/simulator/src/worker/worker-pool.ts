/**
 * The worker processes of a run, seen from their parent.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { LatencyHistogram } from '../latency-histogram.ts'
import type { FromWorker, ToWorker, WorkerCounts, WorkerStart } from './worker-messages.ts'

/** Counts of all workers together. */
export interface FleetCounts extends Omit<
  WorkerCounts,
  'notifyToSuccess' | 'denied' | 'errors' | 'eventLoopLagMs'
> {
  readonly denied: Readonly<Record<string, number>>
  readonly errors: Readonly<Record<string, number>>
  readonly notifyToSuccess: LatencyHistogram
  /** The worst worker's. */
  readonly eventLoopLagMs: number
}

/** Starts workers, tells them what to do, and adds up what they report. */
export class WorkerPool {
  readonly #children: ChildProcess[] = []
  readonly #counts: WorkerCounts[] = []
  readonly #waiters: { type: FromWorker['type']; worker: number; resolve: () => void }[] = []
  #failure: Error | undefined
  #onFailure: (failure: Error) => void = () => {}

  /** Resolves when every worker has built its devices. */
  async start(starts: readonly Omit<WorkerStart, 'type' | 'worker'>[]): Promise<void> {
    const ready = starts.map((start, worker) => {
      const child = fork(new URL('./main.ts', import.meta.url), {
        serialization: 'advanced',
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      })
      this.#children.push(child)
      child.on('message', (message: FromWorker) => this.#take(worker, message))
      child.on('exit', (code, signal) => {
        if (code !== 0) this.#fail(new Error(`worker ${worker} ended with ${signal ?? code}`))
      })
      const done = this.#until(worker, 'ready')
      child.send({ ...start, type: 'start', worker } satisfies ToWorker)
      return done
    })
    await this.#unlessFailed(Promise.all(ready))
  }

  /** Tells every worker to connect its devices. */
  connect(overSeconds: number): void {
    for (const child of this.#children) {
      child.send({ type: 'connect', overSeconds } satisfies ToWorker)
    }
  }

  /** Drains every worker; resolves when all devices have said goodbye, or after `graceMs`. */
  async drain(overSeconds: number, graceMs = 15_000): Promise<void> {
    const drained = this.#children.map((child, worker) => {
      if (!child.connected) return Promise.resolve()
      const done = this.#until(worker, 'drained')
      child.send({ type: 'drain', overSeconds } satisfies ToWorker)
      return done
    })
    let timer: NodeJS.Timeout | undefined
    const grace = new Promise((resolve) => {
      timer = setTimeout(resolve, graceMs + overSeconds * 1000)
    })
    await Promise.race([Promise.all(drained), grace])
    clearTimeout(timer)
  }

  /** Ends the processes. */
  close(): void {
    this.#onFailure = () => {}
    for (const child of this.#children) {
      child.removeAllListeners('exit')
      if (child.connected) child.disconnect()
    }
  }

  /** Throws when a worker has failed since the last look. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure
  }

  counts(): FleetCounts {
    const sum = (pick: (counts: WorkerCounts) => number): number =>
      this.#counts.reduce((total, counts) => total + pick(counts), 0)
    const notifyToSuccess = new LatencyHistogram()
    for (const counts of this.#counts) {
      notifyToSuccess.add(new LatencyHistogram(counts.notifyToSuccess))
    }
    return {
      connected: sum((counts) => counts.connected),
      everConnected: sum((counts) => counts.everConnected),
      connectAttemptsFailed: sum((counts) => counts.connectAttemptsFailed),
      succeeded: sum((counts) => counts.succeeded),
      failed: sum((counts) => counts.failed),
      rejected: sum((counts) => counts.rejected),
      cancelled: sum((counts) => counts.cancelled),
      running: sum((counts) => counts.running),
      denied: merge(this.#counts.map((counts) => counts.denied)),
      errors: merge(this.#counts.map((counts) => counts.errors)),
      notifyToSuccess,
      cpuSeconds: sum((counts) => counts.cpuSeconds),
      rssBytes: sum((counts) => counts.rssBytes),
      eventLoopLagMs: Math.max(0, ...this.#counts.map((counts) => counts.eventLoopLagMs)),
    }
  }

  #take(worker: number, message: FromWorker): void {
    if (message.type === 'counts') this.#counts[worker] = message.counts
    if (message.type === 'failed') this.#fail(new Error(`worker ${worker}: ${message.message}`))
    for (const waiter of [...this.#waiters]) {
      if (waiter.worker !== worker || waiter.type !== message.type) continue
      this.#waiters.splice(this.#waiters.indexOf(waiter), 1)
      waiter.resolve()
    }
  }

  #until(worker: number, type: FromWorker['type']): Promise<void> {
    return new Promise((resolve) => this.#waiters.push({ type, worker, resolve }))
  }

  #fail(failure: Error): void {
    this.#failure ??= failure
    this.#onFailure(failure)
  }

  async #unlessFailed<T>(work: Promise<T>): Promise<T> {
    this.check()
    const failed = new Promise<never>((_, reject) => (this.#onFailure = reject))
    return await Promise.race([work, failed])
  }
}

function merge(parts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {}
  for (const part of parts) {
    for (const [key, count] of Object.entries(part)) sum[key] = (sum[key] ?? 0) + count
  }
  return sum
}
