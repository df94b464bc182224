import { QueryClient } from '@tanstack/react-query'
import { describe, expect, it } from 'vitest'
import type { LiveState } from '../src/live/live-connection.ts'
import { liveEvent, type LiveEvent } from '../src/live/live-event.ts'
import { Presence } from '../src/live/presence.ts'
import { refreshOnEvents, touchedQueries } from '../src/live/refresh.ts'

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

describe('live events', () => {
  it.each<[string, unknown, LiveEvent | undefined]>([
    [
      '$aws/events/job/rollout-1/completed',
      {},
      { kind: 'job', jobId: 'rollout-1', operation: 'completed' },
    ],
    [
      '$aws/events/jobExecution/rollout-1/succeeded',
      { thingArn: 'arn:aws:iot:us-east-1:123456789012:thing/d1' },
      { kind: 'jobExecution', jobId: 'rollout-1', thingName: 'd1', operation: 'succeeded' },
    ],
    [
      '$aws/events/presence/connected/d1',
      { versionNumber: 3 },
      { kind: 'presence', clientId: 'd1', connected: true, versionNumber: 3 },
    ],
    [
      '$aws/events/presence/disconnected/d1',
      {
        versionNumber: 3,
        principalIdentifier: 'abc',
        disconnectReason: 'FORCEFUL_DISCONNECT',
        timestamp: 7,
      },
      {
        kind: 'presence',
        clientId: 'd1',
        connected: false,
        versionNumber: 3,
        principalId: 'abc',
        reason: 'FORCEFUL_DISCONNECT',
        atMs: 7,
      },
    ],
    ['$aws/events/presence/connect_failed/d1', {}, undefined],
    ['$aws/events/thing/d1/created', {}, undefined],
    ['somewhere/else', {}, undefined],
  ])('jobs J108, gateway G115: %s', (topic, payload, expected) => {
    expect(liveEvent(topic, bytes(payload))).toEqual(expected)
  })

  it('ignores payloads that are not JSON objects', () => {
    const topic = '$aws/events/presence/connected/d1'
    expect(liveEvent(topic, new Uint8Array([255]))).toBeUndefined()
    expect(liveEvent(topic, bytes(7))).toBeUndefined()
  })

  it('refreshes only what an event touches', () => {
    expect(touchedQueries({ kind: 'job', jobId: 'j', operation: 'completed' })).toEqual([
      ['jobs'],
      ['job', 'j'],
    ])
  })
})

describe('a live connection that is lost for a while', () => {
  class Played {
    state: LiveState = { name: 'live' }
    #watchers: (() => void)[] = []
    #listeners: ((event: LiveEvent) => void)[] = []
    onState(watcher: () => void): () => void {
      this.#watchers.push(watcher)
      return () => (this.#watchers = [])
    }
    onEvent(listener: (event: LiveEvent) => void): () => void {
      this.#listeners.push(listener)
      return () => (this.#listeners = [])
    }
    become(state: LiveState): void {
      this.state = state
      for (const watcher of this.#watchers) watcher()
    }
    tell(event: LiveEvent): void {
      for (const listener of this.#listeners) listener(event)
    }
  }

  it('leaves nobody connected who is known of by events alone, and has all read again once it is back', () => {
    const live = new Played()
    const presence = new Presence()
    const queries = new QueryClient()
    queries.setQueryData(['thing', 'd1', 'connection'], 'as it was')
    const isStale = (): boolean | undefined =>
      queries.getQueryState(['thing', 'd1', 'connection'])?.isInvalidated
    const end = refreshOnEvents(live, presence, queries)
    live.become({ name: 'live' })
    expect(isStale()).toBe(false)
    live.tell({ kind: 'presence', clientId: 'd1', connected: true, versionNumber: 5 })
    expect(presence.isConnected('d1')).toBe(true)
    live.become({ name: 'offline', reason: 'The connection was closed.' })
    expect([presence.isConnected('d1'), presence.connectedCount]).toEqual([undefined, 0])
    live.become({ name: 'live' })
    expect(isStale()).toBe(true)
    // The server was started anew and counts anew.
    live.tell({ kind: 'presence', clientId: 'd1', connected: true, versionNumber: 0 })
    live.tell({ kind: 'presence', clientId: 'd1', connected: false, versionNumber: 0 })
    expect(presence.isConnected('d1')).toBe(false)
    end()
    queries.clear()
  })
})

describe('presence', () => {
  const event = (clientId: string, connected: boolean, versionNumber: number) =>
    ({ kind: 'presence', clientId, connected, versionNumber }) as const

  it('counts who is connected', () => {
    const presence = new Presence()
    presence.apply(event('a', true, 0))
    presence.apply(event('b', true, 0))
    presence.apply(event('b', false, 0))
    expect(presence.connectedCount).toBe(1)
    expect(presence.isConnected('b')).toBe(false)
    expect(presence.isConnected('c')).toBeUndefined()
  })

  it('gateway G116: events that repeat or come late change nothing', () => {
    const presence = new Presence()
    presence.apply(event('a', true, 5))
    expect(presence.apply(event('a', true, 5))).toBe(false)
    expect(presence.apply(event('a', false, 4))).toBe(false)
    expect(presence.connectedCount).toBe(1)
    presence.apply(event('a', false, 5))
    expect(presence.apply(event('a', true, 5))).toBe(false)
    expect(presence.connectedCount).toBe(0)
  })

  it('gateway G116: numbering begins again after a long time offline', () => {
    const presence = new Presence()
    presence.apply(event('a', true, 7))
    presence.apply(event('a', false, 7))
    presence.apply(event('a', true, 0))
    expect(presence.isConnected('a')).toBe(true)
  })
})
