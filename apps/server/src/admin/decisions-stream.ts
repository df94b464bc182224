/**
 * Refusals as they happen: `/_muster/decisions` with `Accept: text/event-stream`.
 */
import type { DecisionLog, DecisionNews } from '../decisions/decision-log.ts'
import type { EventsAnswer } from '../mount.ts'
import { readDecisionsQuery } from './decisions-query.ts'

/** A refusal that goes on is told again no sooner than this. */
const againMs = 1000
/** Refusals of which it is remembered when they were told. */
const rememberedMax = 1000

/**
 * Streams what is wanted from now on; `limit` refusals of before come first, oldest first.
 *
 * @returns a message for the caller where the query is wrong
 */
export async function decisionsStream(
  decisions: DecisionLog,
  query: URLSearchParams,
): Promise<EventsAnswer | string> {
  const asked = readDecisionsQuery(query)
  if (typeof asked === 'string') return asked
  if (asked.nextToken !== undefined) return 'a stream has no pages: expected no nextToken'
  const { filter, limit, allowed } = asked
  const before = limit === undefined || allowed ? undefined : await decisions.page(filter, limit)
  return {
    events: (send) => {
      for (const decision of [...(before?.decisions ?? [])].reverse()) {
        send({ name: 'decision', data: JSON.stringify(decision) })
      }
      if (allowed) return () => {}
      const toldAtMs = new Map<string, number>()
      return decisions.watch(filter, ({ decision }: DecisionNews) => {
        const nowMs = performance.now()
        if (nowMs - (toldAtMs.get(decision.id) ?? -Infinity) < againMs) return
        if (toldAtMs.size >= rememberedMax) toldAtMs.clear()
        toldAtMs.set(decision.id, nowMs)
        send({ name: 'decision', data: JSON.stringify(decision) })
      })
    },
  }
}
