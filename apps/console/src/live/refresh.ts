/**
 * Joins live events to what is on screen: each event marks the queries it touches, and they are
 * read again at most once a second, however many events arrive.
 */
import type { QueryClient, QueryKey } from '@tanstack/react-query'
import type { LiveConnection } from './live-connection.ts'
import type { LiveEvent } from './live-event.ts'
import type { Presence } from './presence.ts'

const refreshPeriodMs = 1000

/** The queries whose answers an event changes. */
export function touchedQueries(event: LiveEvent): readonly QueryKey[] {
  if (event.kind === 'job') return [['jobs'], ['job', event.jobId]]
  if (event.kind === 'presence') {
    return [['connectivity'], ['thing', event.clientId]]
  }
  return [
    ['job', event.jobId],
    ['thing', event.thingName],
  ]
}

/**
 * Starts refreshing; the returned function ends it. Events that come while the connection is lost are
 * lost too: what they told is forgotten, and everything is read again once there are events again.
 */
export function refreshOnEvents(
  live: Pick<LiveConnection, 'onEvent' | 'onState' | 'state'>,
  presence: Presence,
  queries: QueryClient,
): () => void {
  const marked = new Map<string, QueryKey>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = (): void => {
    timer = undefined
    for (const queryKey of marked.values()) void queries.invalidateQueries({ queryKey })
    marked.clear()
  }
  const end = live.onEvent((event) => {
    if (event.kind === 'presence') presence.apply(event)
    for (const key of touchedQueries(event)) marked.set(JSON.stringify(key), key)
    timer ??= setTimeout(flush, refreshPeriodMs)
  })
  let isLost = false
  const endStates = live.onState(() => {
    if (live.state.name === 'offline') {
      isLost = true
      presence.forget()
    } else if (live.state.name === 'live' && isLost) {
      isLost = false
      void queries.invalidateQueries()
    }
  })
  return () => {
    end()
    endStates()
    clearTimeout(timer)
  }
}
