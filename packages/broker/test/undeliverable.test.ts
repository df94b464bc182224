/** A message that cannot be encoded: the end of the connections that were to get it, and of no others. */
import { describe, expect, it } from 'vitest'
import type { Publication, UndeliverableMessage } from '@muster/broker'
import { decodeMessage, encodeMessage } from '../src/message-record.ts'
import { world, type World } from './harness.ts'

/** Properties are MQTT 5's: a client of 3.1.1 gets the message all the same. */
const broken = (topic: string, qos: 0 | 1 = 0): Publication => ({
  topic,
  payload: Buffer.from('x'),
  qos,
  properties: { contentType: 5 as unknown as string },
})

interface Watched extends World {
  readonly faults: (UndeliverableMessage & { readonly cause: unknown })[]
}

function watched(): Watched {
  const faults: Watched['faults'] = []
  const undeliverable = (cause: unknown, delivery: UndeliverableMessage): void => {
    faults.push({ ...delivery, cause })
  }
  return Object.assign(world({ ports: { undeliverable } }), { faults })
}

describe('a message that cannot be encoded', () => {
  it('ends the connection that was to get it, and others get theirs', () => {
    const w = watched()
    const [five, four, elsewhere] = [
      w.connected('five', { protocolVersion: 5 }).subscribe({ topic: 'a/+', qos: 0 }),
      w.connected('four').subscribe({ topic: 'a/+', qos: 0 }),
      w.connected('elsewhere', { protocolVersion: 5 }).subscribe({ topic: 'b', qos: 0 }),
    ]
    for (const client of [five, four, elsewhere]) client.take()
    expect(w.broker.publish(broken('a/1'))).toBe(1)
    expect(five.take()).toEqual(['disconnect 128'])
    expect(four.take()).toEqual(['publish a/1 0 x'])
    expect([five.closed, four.closed, elsewhere.closed]).toEqual([true, false, false])
    expect(w.faults).toEqual([{ clientId: 'five', topic: 'a/1', cause: expect.any(TypeError) }])
    expect(w.broker.counts.dropped).toBe(1)
    expect(w.broker.connectionOf('five')).toMatchObject({ disconnectReason: 'SERVER_ERROR' })
    w.broker.publish({ topic: 'b', payload: Buffer.from('y'), qos: 0 })
    expect(elsewhere.take()).toEqual(['publish b 0 y'])
  })

  it('is given up with QoS 1: it neither waits for an absent client nor comes again', () => {
    const w = watched()
    const clean = false
    const live = w.connected('live', { protocolVersion: 4, clean }).subscribe('a')
    w.connected('away', { protocolVersion: 4, clean }).subscribe('a').connection.lost()
    w.broker.publish(broken('a', 1))
    expect(live.closed).toBe(true)
    expect(w.faults.map(({ clientId }) => clientId).toSorted()).toEqual(['away', 'live'])
    expect(w.broker.waiting).toEqual({ deliveries: 0, bytes: 0 })
    expect([w.records.size('mqtt-message'), w.records.size('mqtt-delivery')]).toEqual([0, 0])
    expect(w.connected('live', { clean }).take()).toEqual([])
  })

  it('tells who sent it to one client that it will not be acknowledged', () => {
    const w = watched()
    const client = w.connected('five', { protocolVersion: 5 })
    let acknowledged = 0
    w.broker.sendDirect('five', broken('a', 1), () => (acknowledged += 1))
    expect([client.closed, acknowledged]).toEqual([true, 0])
  })

  it('that waited is passed over, and what waits behind it comes when the client is back', () => {
    const w = watched()
    const properties = { sessionExpiryInterval: 3600 }
    const options = { protocolVersion: 5, clean: false, properties } as const
    w.connected('away', options).subscribe('a').connection.lost()
    for (const text of ['1', '2']) {
      w.broker.publish({ topic: 'a', payload: Buffer.from(text), qos: 1 })
    }
    // An expiry that has no four bytes.
    const [key = '', value] = [...(w.records.kinds.get('mqtt-message') ?? [])][0] ?? []
    const first = decodeMessage(value ?? '', key)
    w.records.put('mqtt-message', key, encodeMessage({ ...first, expiresAtMs: 9e15 }))
    const again = Object.assign(w.restart(), { faults: w.faults })
    const cut = again.connected('away', options)
    expect(cut.closed).toBe(true)
    expect(again.faults).toMatchObject([{ clientId: 'away', topic: 'a' }])
    const back = again.client(5).connect('away', options)
    expect(back.take()).toEqual(['connack 0 present', 'publish a 1 2'])
    expect(again.faults).toHaveLength(1)
  })

  it('throws on where nobody asked to be told', () => {
    const w = world()
    w.connected('five', { protocolVersion: 5 }).subscribe('a')
    expect(() => w.broker.publish(broken('a'))).toThrow(TypeError)
  })
})
