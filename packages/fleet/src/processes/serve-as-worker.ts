/**
 * The worker's side: takes orders from its parent, sends counts every so often, and ends when the
 * parent is gone.
 */
import type { FromWorker, ToWorker } from './worker-messages.ts'
import type { Order } from './worker-processes.ts'

const COUNTS_EVERY_MS = 250

/** A worker that has begun. */
export interface Worker<Command extends Order, Counts> {
  /** Carries an order out. */
  readonly obey: (order: Command) => void | Promise<void>
  /** What it has counted so far. */
  readonly counts: () => Counts
}

/**
 * Serves the parent of this process.
 *
 * @param begin - makes the worker of what the parent says first, whose type is the parent's affair
 */
export function serveAsWorker<Command extends Order, Counts>(
  begin: (start: never) => Worker<Command, Counts> | Promise<Worker<Command, Counts>>,
): void {
  let worker: Worker<Command, Counts> | undefined
  const send = (message: FromWorker<Counts>): void => {
    if (process.connected) process.send?.(message)
  }
  const sendCounts = (): void => {
    if (worker !== undefined) send({ type: 'counts', counts: worker.counts() })
  }
  const take = async (message: ToWorker<unknown, Command>): Promise<void> => {
    if ('start' in message) {
      worker = await begin(message.start as never)
      setInterval(sendCounts, COUNTS_EVERY_MS).unref()
      send({ type: 'ready' })
      return
    }
    await worker?.obey(message.order)
    sendCounts()
    send({ type: 'done', order: message.order.type })
  }
  process.on('message', (message: ToWorker<unknown, Command>) => {
    take(message).catch((cause: unknown) => {
      send({ type: 'failed', message: cause instanceof Error ? cause.message : String(cause) })
    })
  })
  process.on('disconnect', () => process.exit(0))
  // The parent may be gone in the middle of a message.
  process.on('error', () => process.exit(0))
  // The parent decides when a run ends; Ctrl-C reaches the whole process group.
  process.on('SIGINT', () => {})
}
