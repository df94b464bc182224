/**
 * The worker processes of a run, seen from their parent.
 */
import { LatencyHistogram, WorkerProcesses, type Usage } from '@muster/fleet'
import { allMessages, type FleetMessages } from './message-tally.ts'
import type { Kinds, WorkerCounts, WorkerOrder, WorkerStart } from './worker-messages.ts'

/** Counts of all workers together. */
export interface FleetCounts extends Omit<WorkerCounts, 'notifyToSuccess' | 'messages'> {
  readonly notifyToSuccess: LatencyHistogram
  readonly messages: FleetMessages
  /** What each worker process uses, in their order. */
  readonly workers: readonly Usage[]
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
  readonly #counts: (WorkerCounts | undefined)[] = []
  readonly #processes = new WorkerProcesses<WorkerStart, WorkerOrder, WorkerCounts>(
    new URL('./main.ts', import.meta.url),
    (worker, counts) => (this.#counts[worker] = counts),
  )

  /** Resolves when every worker has built its devices. */
  async start(starts: readonly Omit<WorkerStart, 'worker'>[]): Promise<void> {
    await this.#processes.start(starts.map((start, worker) => ({ ...start, worker })))
  }

  /** Gives every worker an order; resolves when all have carried it out. */
  async order(order: WorkerOrder): Promise<void> {
    await this.#processes.order(order)
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
    this.#processes.close()
  }

  /** Throws when a worker has failed since the last look. */
  check(): void {
    this.#processes.check()
  }

  /** Rejects as soon as a worker fails, whatever the work is at. */
  async unlessFailed<T>(work: Promise<T>): Promise<T> {
    return await this.#processes.unlessFailed(work)
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
      moduleErrors: merge(parts.map((part) => part.moduleErrors)),
      notifyToSuccess,
      messages: allMessages(parts.map((part) => part.messages)),
      eventLoopLagMs: Math.max(0, ...parts.map((part) => part.eventLoopLagMs)),
      workers: parts.map(({ cpuSeconds, rssBytes, eventLoopLagMs }) => ({
        cpuSeconds,
        rssBytes,
        eventLoopLagMs,
      })),
    }
  }
}

function merge(parts: readonly Kinds[]): Kinds {
  const sum: Record<string, number> = {}
  for (const part of parts) {
    for (const [key, count] of Object.entries(part)) sum[key] = (sum[key] ?? 0) + count
  }
  return sum
}
