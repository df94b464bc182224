/**
 * What happened to a thing, from every part of the server that knows of it: connections, notifications,
 * requests and executions as they happen, denials from the decision log.
 */
import type { ConnectionChange } from '@muster/broker'
import type { ThingHappening, ThingNotice } from '@muster/jobs'
import type { DecisionLog } from '../decisions/decision-log.ts'
import type { DecisionFilter, LoggedDecision } from '../decisions/decision.ts'
import { KeptTimelines } from './kept-timelines.ts'
import type { TimelineEntry, ToldTimeline } from './timeline-entry.ts'

/** Entries of one answer. */
export const TIMELINE_ENTRIES_MAX = 200

/** What {@link ThingTimelines} work with. */
export interface ThingTimelinesPorts {
  /** Clock time, epoch milliseconds. */
  readonly nowMs: () => number
  readonly isThing: (name: string) => boolean
  readonly decisions: Pick<DecisionLog, 'page'>
}

/** The timelines of an account's things. */
export class ThingTimelines {
  readonly #ports: ThingTimelinesPorts
  readonly #kept: KeptTimelines

  constructor(ports: ThingTimelinesPorts) {
    this.#ports = ports
    this.#kept = new KeptTimelines(ports.nowMs())
  }

  /** Takes that a connection was accepted or ended. */
  connectionChanged(change: ConnectionChange): void {
    const { clientId, principalId, sourceIp, disconnectReason: reason } = change
    const thingName = change.thingName ?? clientId
    if (!this.#ports.isThing(thingName)) return
    const atMs = this.#ports.nowMs()
    this.#kept.add(
      thingName,
      reason === undefined
        ? { atMs, kind: 'connected', clientId, principalId, sourceIp }
        : { atMs, kind: 'disconnected', clientId, reason },
    )
  }

  /** Takes what Jobs did. */
  happened(happening: ThingHappening): void {
    const atMs = this.#ports.nowMs()
    if (happening.kind === 'execution') {
      const { by, execution } = happening
      const { thingName, jobId, executionNumber, status, versionNumber, retryAttempt } = execution
      this.#kept.add(thingName, {
        atMs,
        kind: 'execution',
        jobId,
        executionNumber,
        status,
        versionNumber,
        retryAttempt,
        by,
      })
      return
    }
    const { thingName, operation, protocol, jobId, code } = happening
    if (code !== undefined && !this.#ports.isThing(thingName)) return
    this.#kept.add(thingName, {
      atMs,
      kind: 'request',
      operation,
      protocol,
      jobId: jobId ?? null,
      code: code ?? null,
      count: 1,
    })
  }

  /** Takes that a thing was told of its pending executions. */
  notified({ thingName, topic, jobId }: ThingNotice, receivers: number): void {
    const atMs = this.#ports.nowMs()
    this.#kept.add(thingName, { atMs, kind: 'notified', topic, jobId: jobId ?? null, receivers })
  }

  /** Takes that a thing is gone. */
  forget(thingName: string): void {
    this.#kept.forget(thingName)
  }

  /** After the account was emptied. */
  reset(): void {
    this.#kept.clear(this.#ports.nowMs())
  }

  /**
   * The newest entries of a thing.
   *
   * @param limit - from 1 to {@link TIMELINE_ENTRIES_MAX}
   * @returns undefined where there is no such thing and nothing was refused under its name
   */
  async read(thingName: string, limit: number): Promise<ToldTimeline | undefined> {
    const { sinceMs, entries } = this.#kept.of(thingName)
    const denied = await this.#denied(thingName)
    const all = merged(entries, denied)
    const isThing = this.#ports.isThing(thingName)
    if (all.length === 0 && !isThing) return undefined
    const shown = all.slice(-limit)
    const left = all[all.length - shown.length - 1]
    return {
      thingName,
      isThing,
      nowMs: this.#ports.nowMs(),
      recordedSinceMs: Math.max(sinceMs, left?.atMs ?? 0),
      entries: shown,
    }
  }

  /** A device that is not known as its thing has only its client ID to be known by. */
  async #denied(thingName: string): Promise<readonly TimelineEntry[]> {
    const found = new Map<string, LoggedDecision>()
    for (const filter of [{ thingName }, { clientId: thingName }]) {
      for (const decision of await this.#newestOfDevice(filter)) found.set(decision.id, decision)
    }
    return [...found.values()].map((decision) => {
      const { atMs, action, resource, reason, summary, hint, decisionId, count } = decision
      return { atMs, kind: 'denied', action, resource, reason, summary, hint, decisionId, count }
    })
  }

  /** What others were refused about the thing leaves no less room for its own. */
  async #newestOfDevice(filter: DecisionFilter): Promise<readonly LoggedDecision[]> {
    const found: LoggedDecision[] = []
    let token: string | undefined
    do {
      const page = await this.#ports.decisions.page(filter, TIMELINE_ENTRIES_MAX, token)
      found.push(...(page?.decisions ?? []).filter(isOfDevice))
      token = page?.nextToken
    } while (token !== undefined && found.length < TIMELINE_ENTRIES_MAX)
    return found
  }
}

/** Both in order of time; a denial goes before the end of a connection that it brought about. */
function merged(
  entries: readonly TimelineEntry[],
  denials: readonly TimelineEntry[],
): readonly TimelineEntry[] {
  const all = [...entries]
  for (const denial of denials.toSorted((left, right) => left.atMs - right.atMs)) {
    const place = all.findLastIndex(({ atMs }) => atMs <= denial.atMs)
    const last = all[place]
    const isEnd = last?.kind === 'disconnected' && last.atMs === denial.atMs
    all.splice(isEnd ? place : place + 1, 0, denial)
  }
  return all
}

/**
 * What an operator was refused about a thing was not refused to it; requests that Jobs rejected are
 * there as requests.
 */
function isOfDevice({ kind, principalKind }: LoggedDecision): boolean {
  return kind !== 'jobs' && (principalKind === null || principalKind === 'certificate')
}
