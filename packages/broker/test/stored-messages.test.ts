/** Messages that wait are kept once, in memory and as records, however many sessions wait for them. */
import { expect, it } from 'vitest'
import { world, type World } from './harness.ts'

const persistent = { clean: false }

/** Sessions whose clients left, all subscribed to `t`. */
function absent(w: World, count: number): string[] {
  const names = Array.from({ length: count }, (_, index) => `absent-${index}`)
  for (const name of names) w.connected(name, persistent).subscribe('t').connection.lost()
  return names
}

function publish(w: World, payload: string, retain = false): void {
  w.broker.publish({ topic: 't', payload: Buffer.from(payload), qos: 1, retain })
}

/** A client comes back and takes what waits. */
function takeAll(w: World, name: string): string[] {
  const back = w.client().connect(name, persistent)
  const taken = [...back.takeAndAck()]
  for (let index = 0; index < 5; index++) {
    w.advanceWall(1000)
    taken.push(...back.takeAndAck())
  }
  return taken
}

it('gateway G25: one record a message, one reference a session; the last to take it removes it', () => {
  let w = world()
  const names = absent(w, 5)
  publish(w, 'one')
  publish(w, 'two')
  const counted = (): number[] => [
    w.records.size('mqtt-message'),
    w.records.size('mqtt-delivery'),
    w.broker.waiting.deliveries,
    w.broker.waiting.bytes,
  ]
  expect(counted()).toEqual([2, 10, 10, 8])
  w = w.restart()
  expect(counted()).toEqual([2, 10, 10, 8])
  for (const [index, name] of names.entries()) {
    const left = 5 - index
    expect(counted()).toEqual([2, 2 * left, 2 * left, 8])
    expect(takeAll(w, name)).toEqual(['connack 0 present', 'publish t 1 one', 'publish t 1 two'])
  }
  expect(counted()).toEqual([0, 0, 0, 0])
})

it('gateway G25, G37: a retained message is one message for all who are given it', () => {
  const w = world()
  publish(w, 'kept', true)
  for (const name of ['a', 'b']) {
    const client = w.connected(name, persistent)
    client.subscribe('t')
    client.connection.lost()
  }
  expect([w.records.size('mqtt-message'), w.records.size('mqtt-delivery')]).toEqual([1, 2])
})

it('a session that ends lets go of its messages; a clean start does too', () => {
  const w = world()
  absent(w, 2)
  publish(w, 'one')
  w.connected('absent-0', { clean: true })
  expect([w.records.size('mqtt-message'), w.broker.waiting.deliveries]).toEqual([1, 1])
  w.advance(3_601_000)
  expect([w.records.size('mqtt-message'), w.records.size('mqtt-delivery')]).toEqual([0, 0])
  expect(w.broker.waiting).toEqual({ deliveries: 0, bytes: 0 })
})

it('records that lost their other half are cleared away with a restart', () => {
  const w = world()
  absent(w, 2)
  publish(w, 'one')
  publish(w, 'two')
  const [message = ''] = w.records.kinds.get('mqtt-message')?.keys() ?? []
  w.records.delete('mqtt-message', message)
  w.records.put(
    'mqtt-message',
    '0000000000000099',
    w.records.kinds.get('mqtt-message')?.values().next().value ?? '',
  )
  const again = w.restart()
  expect([w.records.size('mqtt-message'), w.records.size('mqtt-delivery')]).toEqual([1, 2])
  expect(takeAll(again, 'absent-0')).toEqual(['connack 0 present', 'publish t 1 two'])
  publish(again, 'three')
  expect(w.records.kinds.get('mqtt-message')?.has('0000000000000100')).toBe(true)
})

it.each([
  ['deliveries', { accountDeliveriesMax: 6 }],
  ['bytes', { accountBytesMax: 11 }],
] as const)('gateway G25: above so many %s of the account nothing more waits', (_what, bounds) => {
  const w = world({ bounds })
  const names = absent(w, 3)
  publish(w, 'one')
  publish(w, 'two')
  const online = w.connected('online', persistent).subscribe('t')
  publish(w, 'more')
  expect(online.takeAndAck()).toContain('publish t 1 more')
  expect(online.closed).toBe(false)
  expect(w.records.size('mqtt-delivery')).toBe(6)
  expect(w.broker.counts.dropped).toBe(3)
  expect(takeAll(w, names[0] ?? '')).toEqual([
    'connack 0 present',
    'publish t 1 one',
    'publish t 1 two',
  ])
  publish(w, 'x')
  expect(takeAll(w, names[0] ?? '')).toContain('publish t 1 x')
})
