/**
 * What simulated firmware does with a job.
 */
import type { Clock, Random } from '@muster/clock'
import type { JobHandler, RunningJob } from '@muster/device'
import { drawSeconds } from '../scenario/device-plan.ts'
import type { JobBehaviour } from '../scenario/scenario.ts'

/** Time and chance of the device. */
export interface BehaviourPorts {
  readonly clock: Clock
  readonly random: Random
}

/** The handler that acts out a behaviour. */
export function jobHandler(behaviour: JobBehaviour, ports: BehaviourPorts): JobHandler {
  return async (job) => {
    if (behaviour.behaviour === 'reject') {
      return { status: 'REJECTED', statusDetails: { reason: 'simulated: not for this device' } }
    }
    if (behaviour.behaviour === 'hang') await new Promise<never>(() => {})
    await work(job, behaviour, ports)
    return behaviour.behaviour === 'fail'
      ? { status: 'FAILED', statusDetails: { reason: 'simulated: update did not apply' } }
      : { status: 'SUCCEEDED' }
  }
}

/** Spends the job's duration, reporting progress at even steps. */
async function work(
  job: RunningJob,
  behaviour: JobBehaviour,
  { clock, random }: BehaviourPorts,
): Promise<void> {
  const totalMs = drawSeconds(behaviour.durationSeconds ?? 1, random) * 1000
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
