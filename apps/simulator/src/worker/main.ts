/** A worker process: devices of one part of the fleet. */
import { setDefaultCACertificates } from 'node:tls'
import { serveAsWorker } from '@muster/fleet'
import { loadBehaviours } from '../behaviour/load-behaviour.ts'
import { FleetWorker } from './fleet-worker.ts'
import type { WorkerCounts, WorkerOrder, WorkerStart } from './worker-messages.ts'

serveAsWorker<WorkerOrder, WorkerCounts>(async (start: WorkerStart) => {
  const behaviours = await loadBehaviours(start.scenario)
  const worker = new FleetWorker(shareAuthority(start), behaviours)
  return { obey: (order) => obey(worker, order), counts: () => worker.counts() }
})

/** One authority for the process instead of a parsed copy in each device's TLS context. */
function shareAuthority(start: WorkerStart): WorkerStart {
  const { caPem, ...endpoint } = start.endpoint
  if (caPem === undefined) return start
  setDefaultCACertificates([caPem])
  return { ...start, endpoint }
}

async function obey(worker: FleetWorker, order: WorkerOrder): Promise<void> {
  switch (order.type) {
    case 'connect':
      await worker.connect(order.overSeconds, order.shape)
      break
    case 'telemetry':
      worker.telemetry(order.publish, order.groups)
      break
    case 'end-messages':
      worker.endMessages()
      break
    case 'storm':
      await worker.storm(order.groups)
      break
    case 'restart':
      await worker.restart(order.groups)
      break
    case 'change':
      worker.change(order.change)
      break
    case 'expect-refusal':
      worker.expectRefusal(order.groups)
      break
    case 'report':
      break
    case 'drain':
      await worker.drain(order.overSeconds)
      break
  }
}
