import { setTimeout as wait } from 'node:timers/promises'
import type { Stage } from '../stage.ts'

/** How long a phase waits without seeing a change, unless it says otherwise. */
export const AWAIT_SECONDS = 300
const LOOK_EVERY_MS = 250

/**
 * Waits until a look says so; gives up once nothing has changed for `timeoutSeconds`, or after ten
 * times as long in any case.
 *
 * @returns whether it came about; if not, the record has the failure
 */
export async function holds(
  stage: Stage,
  timeoutSeconds: number,
  goal: string,
  look: () => Promise<{ done: boolean; state: string }>,
): Promise<boolean> {
  const { pool, record, signal } = stage
  const beganAtMs = Date.now()
  let changedAtMs = beganAtMs
  let before = ''
  record.waitingFor = goal
  while (true) {
    signal?.throwIfAborted()
    pool.check()
    const { done, state } = await look()
    if (state !== before) changedAtMs = Date.now()
    before = state
    record.waitingFor = `${goal}: ${state}`
    const nowMs = Date.now()
    const stoodStill = nowMs - changedAtMs > timeoutSeconds * 1000
    if (done || stoodStill || nowMs - beganAtMs > timeoutSeconds * 10_000) {
      record.waitingFor = undefined
      if (done) return true
      const forSo = stoodStill
        ? `, stood still for ${timeoutSeconds} s at`
        : ` for ${timeoutSeconds * 10} s, now`
      record.failed(`waited for ${goal}${forSo}: ${state}`)
      return false
    }
    await wait(LOOK_EVERY_MS)
  }
}
