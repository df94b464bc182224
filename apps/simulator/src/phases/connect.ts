import { setTimeout as wait } from 'node:timers/promises'
import { present } from '@muster/model'
import type { Shape } from '../scenario/shape.ts'
import type { Stage } from '../stage.ts'

const LOOK_EVERY_MS = 50

/**
 * Connects the fleet and waits until all are, or until no more come.
 *
 * @returns whether any is; if not, the record has the commonest reason
 */
export async function connect(
  stage: Stage,
  asked: { readonly overSeconds?: number; readonly perSecond?: number; readonly shape?: Shape },
): Promise<boolean> {
  const { pool, record, plan, signal, stallSeconds } = stage
  const { shape, perSecond } = asked
  const overSeconds =
    perSecond === undefined ? (asked.overSeconds ?? 0) : plan.plans.length / perSecond
  record.phase = 'connecting'
  const devices = plan.mine.length
  const beganAtMs = Date.now()
  const cpuBefore = pool.counts().cpuSeconds
  const ordered = pool.order({ type: 'connect', overSeconds, ...present({ shape }) })
  // A failure is found by `check` below, before anyone waits for the order.
  ordered.catch(() => {})
  let best = 0
  let bestAtMs = beganAtMs
  while (best < devices) {
    signal?.throwIfAborted()
    pool.check()
    const { everConnected } = pool.counts()
    if (everConnected > best) {
      best = everConnected
      bestAtMs = Date.now()
    }
    const sinceMs = Date.now() - Math.max(bestAtMs, beganAtMs + overSeconds * 1000)
    if (sinceMs > stallSeconds * 1000) break
    await wait(LOOK_EVERY_MS)
  }
  record.connectSeconds = (bestAtMs - beganAtMs) / 1000
  record.connectCpuSeconds = pool.counts().cpuSeconds - cpuBefore
  if (best === 0) {
    record.failed(whyNobody(stage))
    return false
  }
  if (best === devices) await ordered
  else record.failed(`${devices - best} devices never connected`)
  record.phase = 'running'
  return true
}

function whyNobody({ pool, stallSeconds }: Stage): string {
  const { errors, denied } = pool.counts()
  const [first] = Object.entries(errors).sort((a, b) => b[1] - a[1])
  const refused = Object.keys(denied).length > 0
  const why = refused ? 'the server closes the connection at CONNECT' : (first?.[0] ?? 'no answer')
  return `no device could connect within ${stallSeconds} s: ${why}`
}
