import { setTimeout as wait } from 'node:timers/promises'
import type { Stage } from '../stage.ts'
import { areAnswered } from '../worker/message-tally.ts'

/** Answers and deliveries that are under way may take so long. */
const SETTLE_MS = 10_000
/** What is missing for so long does not come. */
const STILL_MS = 2000
const LOOK_EVERY_MS = 50

/** Lets groups publish: for a while, or until another phase stops it. */
export async function telemetry(
  stage: Stage,
  {
    forSeconds,
    groups,
    stop = false,
  }: { readonly groups?: readonly string[]; readonly forSeconds?: number; readonly stop?: boolean },
): Promise<void> {
  const { pool, signal } = stage
  const whose = groups === undefined ? {} : { groups }
  if (!stop) {
    await pool.order({ type: 'telemetry', publish: true, ...whose })
    if (forSeconds === undefined) return
    await wait(forSeconds * 1000, undefined, signal === undefined ? {} : { signal })
  }
  await pool.order({ type: 'telemetry', publish: false, ...whose })
  await messagesSettle(stage)
}

/**
 * Waits, a little, for what was sent to be answered and delivered. What was meant for devices that were
 * not connected yet never comes: once no more come than are due anew, the rest is given up.
 */
export async function messagesSettle({
  pool,
  signal,
}: Pick<Stage, 'pool' | 'signal'>): Promise<void> {
  const beganAtMs = Date.now()
  let missing = Infinity
  let changedAtMs = beganAtMs
  while (true) {
    signal?.throwIfAborted()
    await pool.order({ type: 'report' })
    const { messages } = pool.counts()
    const nowMs = Date.now()
    const isAnswered = areAnswered(messages)
    const nowMissing = messages.deliveriesDue - messages.delivered
    if (isAnswered && nowMissing <= 0) return
    if (nowMissing < missing) {
      missing = nowMissing
      changedAtMs = nowMs
    }
    if (isAnswered && nowMs - changedAtMs > STILL_MS) return
    if (nowMs - beganAtMs > SETTLE_MS) return
    await wait(LOOK_EVERY_MS)
  }
}
