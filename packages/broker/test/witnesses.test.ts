/** What the broker tells those who watch, beside the wire: who came and went, and whom a message reached. */
import { expect, it } from 'vitest'
import type { ConnectionChange } from '@muster/broker'
import { world } from './harness.ts'

const message = { topic: 'news', payload: Buffer.from('x'), qos: 1 } as const

it('a publish says how many sessions it was sent to or waits for', () => {
  const w = world()
  expect(w.broker.publish(message)).toBe(0)
  w.connected('a').subscribe('news')
  w.connected('b').subscribe('news', 'n/+')
  const away = w.connected('away', { clean: false })
  away.subscribe('news', '+')
  expect(w.broker.publish(message)).toBe(3)
  away.connection.lost()
  expect(w.broker.publish(message)).toBe(3)
  expect(w.broker.publish({ ...message, topic: 'n/one' })).toBe(1)
  w.denials.add('receive news')
  // Those who are there may not receive it; who is away is asked when it comes back.
  expect(w.broker.publish(message)).toBe(1)
})

it('each accepted connection and its end are told, a takeover in order', () => {
  const told: [string, ConnectionChange['disconnectReason']][] = []
  const w = world({
    ports: {
      connectionChanged: ({ clientId, disconnectReason }) => {
        told.push([clientId, disconnectReason])
      },
    },
  })
  const first = w.connected('a')
  w.connected('a')
  expect(first.closed).toBe(true)
  w.denials.add('connect')
  w.client().connect('b')
  w.broker.disconnectAll()
  expect(told).toEqual([
    ['a', undefined],
    ['a', 'DUPLICATE_CLIENTID'],
    ['a', undefined],
    ['a', 'SERVER_INITIATED_DISCONNECT'],
  ])
})
