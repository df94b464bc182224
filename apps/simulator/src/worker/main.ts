/**
 * A worker process: takes orders from its parent, sends counts four times a second, and ends when
 * the parent is gone.
 */
import { setDefaultCACertificates } from 'node:tls'
import { FleetWorker } from './fleet-worker.ts'
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts'

const COUNTS_EVERY_MS = 250

let worker: FleetWorker | undefined

function send(message: FromWorker): void {
  if (process.connected) process.send?.(message)
}

function sendCounts(): void {
  if (worker !== undefined) send({ type: 'counts', counts: worker.counts() })
}

/** One authority for the process instead of a parsed copy in each device's TLS context. */
function shareAuthority(start: WorkerStart): WorkerStart {
  const { caPem, ...endpoint } = start.endpoint
  if (caPem === undefined) return start
  setDefaultCACertificates([caPem])
  return { ...start, endpoint }
}

async function obey(order: ToWorker): Promise<void> {
  switch (order.type) {
    case 'start':
      worker = new FleetWorker(shareAuthority(order))
      setInterval(sendCounts, COUNTS_EVERY_MS).unref()
      send({ type: 'ready' })
      return
    case 'connect':
      await worker?.connect(order.overSeconds)
      break
    case 'storm':
      await worker?.storm(order.groups)
      break
    case 'restart':
      await worker?.restart(order.groups)
      break
    case 'change':
      worker?.change(order.change)
      break
    case 'expect-refusal':
      worker?.expectRefusal(order.groups)
      break
    case 'report':
      break
    case 'drain':
      await worker?.drain(order.overSeconds)
      break
  }
  sendCounts()
  send({ type: 'done', order: order.type })
}

process.on('message', (order: ToWorker) => {
  obey(order).catch((cause: unknown) => {
    send({ type: 'failed', message: cause instanceof Error ? cause.message : String(cause) })
  })
})
process.on('disconnect', () => process.exit(0))
// The parent may be gone in the middle of a message.
process.on('error', () => process.exit(0))
// The parent decides when a run ends; Ctrl-C reaches the whole process group.
process.on('SIGINT', () => {})
