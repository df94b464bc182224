import { setTimeout as wait } from 'node:timers/promises'
import { jobProgress } from '../control/rollout.ts'
import { advanceServerClock } from '@muster/fleet/control'
import type { Stage } from '../stage.ts'

const SETTLE_MS = 5000
const SETTLE_LOOK_MS = 15

/**
 * Moves a virtual clock step by step, no further than the job's end.
 *
 * @throws ControlPlaneError when the server has no virtual clock
 */
export async function advanceClock(
  stage: Stage,
  { minutes, stepMinutes = minutes }: { readonly minutes: number; readonly stepMinutes?: number },
): Promise<void> {
  const { client, endpoints, pool, record, signal } = stage
  for (let passed = 0; passed < minutes; passed += stepMinutes) {
    signal?.throwIfAborted()
    pool.check()
    const step = Math.min(stepMinutes, minutes - passed)
    await advanceServerClock(endpoints, Math.round(step * 60))
    await settle(stage)
    if (record.job === undefined) continue
    record.jobSeen(await jobProgress(client, record.job.jobId))
    if (record.isJobOver) return
  }
}

/**
 * Lets devices finish what a step gave them, at most a few seconds. The server has written its
 * messages when it answers the step, so a step that nobody reacts to is over at once.
 */
async function settle({ pool }: Stage): Promise<void> {
  const deadlineMs = Date.now() + SETTLE_MS
  let before = ''
  while (Date.now() < deadlineMs) {
    await wait(SETTLE_LOOK_MS)
    await pool.order({ type: 'report' })
    const { running, started, succeeded, failed, rejected } = pool.counts()
    const now = [started, succeeded, failed, rejected].join(' ')
    if (running === 0 && now === before) return
    before = now
  }
}
