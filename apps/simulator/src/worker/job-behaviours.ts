/**
 * What simulated firmware does with a job.
 */
import { draw, type Clock, type Random } from '@muster/clock'
import { readOtaDocument, type JobHandler, type RunningJob } from '@muster/device'
import type { JobBehaviour } from '../scenario/scenario.ts'
import { otaJob, type OtaPorts } from './ota-behaviour.ts'

/** What a behaviour needs of its device. */
export interface BehaviourPorts {
  readonly clock: Clock
  readonly random: Random
  /** Ends the device at once, as a power cut would; it boots again later. */
  readonly crash: () => void
  /** For documents of OTA updates. */
  readonly ota: OtaPorts
}

/** Seconds that a device works past its one-minute step timer before it gives up. */
const FORGETFUL_SECONDS = 3600

/** The handler that acts out a behaviour. */
export function jobHandler(behaviour: JobBehaviour, ports: BehaviourPorts): JobHandler {
  return async (job) => {
    const { behaviour: name } = behaviour
    const isOta = readOtaDocument(job.document) !== undefined
    if (isOta && !['reject', 'hang', 'forget-step-timer'].includes(name)) {
      return await otaJob(behaviour, ports.ota)(job)
    }
    switch (name) {
      case 'reject':
        return { status: 'REJECTED', statusDetails: { reason: 'simulated: not for this device' } }
      case 'hang':
        return await new Promise<never>(() => {})
      case 'wrong-digest':
      case 'fail':
        await work(job, behaviour, ports)
        return { status: 'FAILED', statusDetails: { reason: 'simulated: update did not apply' } }
      case 'crash':
        if (!job.resumed) {
          await job.progress({ progress: 'half', stage: 'before the crash' })
          ports.crash()
          return await new Promise<never>(() => {})
        }
        await work(job, behaviour, ports)
        return {
          status: 'SUCCEEDED',
          statusDetails: { resumedFrom: job.statusDetails['progress'] ?? '' },
        }
      case 'forget-step-timer':
        await sleep(ports.clock, FORGETFUL_SECONDS * 1000, job.signal)
        return { status: 'SUCCEEDED' }
      default:
        await work(job, behaviour, ports)
        // Details stay when none are given (jobs J29): the last report would stand for ever.
        return (behaviour.progressReports ?? 0) > 0
          ? { status: 'SUCCEEDED', statusDetails: { progress: '100%' } }
          : { status: 'SUCCEEDED' }
    }
  }
}

/** Spends the job's duration, reporting progress at even steps. */
async function work(
  job: RunningJob,
  behaviour: JobBehaviour,
  { clock, random }: BehaviourPorts,
): Promise<void> {
  const totalMs = draw(behaviour.durationSeconds ?? 1, random) * 1000
  const reports = behaviour.progressReports ?? 0
  for (let part = 1; part <= reports + 1; part++) {
    await sleep(clock, totalMs / (reports + 1), job.signal)
    if (job.signal.aborted) return
    if (part <= reports) {
      await job.progress({ progress: `${Math.round((100 * part) / (reports + 1))}%` })
    }
  }
}

function sleep(clock: Clock, waitMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const cancel = clock.setAlarm(clock.nowMs() + Math.round(waitMs), end)
    signal.addEventListener('abort', end, { once: true })
  })
}
