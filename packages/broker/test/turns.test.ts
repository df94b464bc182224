/** How much of one client's burst is handled in one turn. */
import { generate } from 'mqtt-packet'
import { expect, it } from 'vitest'
import { world } from './harness.ts'

const publishes = (count: number, from = 1): Buffer =>
  Buffer.concat(
    Array.from({ length: count }, (_, index) =>
      generate({
        cmd: 'publish',
        topic: 't',
        payload: '',
        qos: 1,
        messageId: from + index,
        dup: false,
        retain: false,
      }),
    ),
  )

it('a burst is handled some packets a turn, in order', () => {
  const w = world({ bounds: { packetsPerTurnMax: 3 } })
  const client = w.connected('a')
  expect(client.connection.receive(publishes(8))).toBe(true)
  expect(client.take()).toHaveLength(3)
  expect(client.connection.proceed()).toBe(true)
  expect(client.take()).toHaveLength(3)
  expect(client.connection.proceed()).toBe(false)
  expect(client.take()).toHaveLength(2)
  expect(client.connection.receive(publishes(2))).toBe(false)
})

it('bytes that come while packets wait follow them', () => {
  const w = world({ bounds: { packetsPerTurnMax: 2 } })
  const client = w.connected('a')
  const bytes = publishes(5)
  client.connection.receive(bytes.subarray(0, 31))
  client.connection.receive(bytes.subarray(31))
  while (client.connection.proceed());
  expect(client.packets.filter((packet) => packet.cmd === 'puback')).toMatchObject(
    [1, 2, 3, 4, 5].map((messageId) => ({ messageId })),
  )
})

it('nothing of a burst is handled after the packet that ended the connection', () => {
  const w = world({ bounds: { packetsPerTurnMax: 2 } })
  const client = w.connected('a')
  const auth = Buffer.from([0xf0, 0])
  client.connection.receive(Buffer.concat([publishes(1), auth, publishes(3, 2)]))
  expect(client.closed).toBe(true)
  expect(client.connection.proceed()).toBe(false)
  expect(w.broker.counts.publishesIn).toBe(1)
})

it.each(['lost', 'closedByClient'] as const)(
  'packets that wait when the transport is gone (%s) are handled first, a DISCONNECT too',
  (gone) => {
    const w = world({ bounds: { packetsPerTurnMax: 2 } })
    const watcher = w.connected('watcher').subscribe('t', 'will')
    watcher.take()
    const will = { topic: 'will', payload: 'w' }
    const client = w.connected('a', { will })
    const disconnect = generate({ cmd: 'disconnect' })
    client.raw(Buffer.concat([publishes(5), disconnect]))
    expect(watcher.take()).toHaveLength(2)
    client.connection[gone]()
    expect(watcher.take()).toEqual(['publish t 1 ', 'publish t 1 ', 'publish t 1 '])
  },
)
