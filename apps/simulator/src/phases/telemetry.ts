import { setTimeout as wait } from 'node:timers/promises'
import type { Stage } from '../stage.ts'
import { areSettled } from '../worker/message-tally.ts'

/** Answers and deliveries that are under way may take so long. */
const SETTLE_MS = 10_000
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

/** Waits, a little, for what was sent to be answered and delivered. */
export async function messagesSettle({
  pool,
  signal,
}: Pick<Stage, 'pool' | 'signal'>): Promise<void> {
  const untilMs = Date.now() + SETTLE_MS
  do {
    signal?.throwIfAborted()
    await pool.order({ type: 'report' })
    if (areSettled(pool.counts().messages)) return
    await wait(LOOK_EVERY_MS)
  } while (Date.now() < untilMs)
}
