/** What outlives a connection: sessions, waiting messages, wills, takeovers, restarts. */
import { describe, expect, it } from 'vitest'
import { world, type World } from './harness.ts'

const persistent = { clean: false } as const
const persistentFive = {
  protocolVersion: 5,
  clean: false,
  properties: { sessionExpiryInterval: 100 },
} as const

describe('persistent sessions', () => {
  it('gateway G23, G24: a 3.1.1 session lives 3600 s of clock time, with its subscriptions', () => {
    const w = world()
    w.connected('a', persistent).subscribe('t').connection.lost()
    w.advance(3_599_000)
    const back = w.client().connect('a', persistent)
    expect(back.take()).toEqual(['connack 0 present'])
    w.connected('s').publish('t', '1', { qos: 1 })
    expect(back.takeAndAck()).toEqual(['publish t 1 1'])
    back.connection.lost()
    w.advance(3_600_000)
    expect(w.client().connect('a', persistent).take()).toEqual(['connack 0'])
  })

  it('gateway G23: a clean session leaves nothing; clean start ends an old session', () => {
    const w = world()
    w.connected('a').subscribe('t').connection.lost()
    expect(w.broker.sessionCount).toBe(0)
    w.connected('b', persistent).subscribe('t').connection.lost()
    expect(w.client().connect('b').take()).toEqual(['connack 0'])
    expect(w.records.size('mqtt-session')).toBe(0)
  })

  it('gateway G23: a 5 session lives what it asked', () => {
    const w = world()
    w.connected('a', persistentFive).connection.lost()
    w.advance(99_000)
    expect(w.client(5).connect('a', persistentFive).take()).toEqual(['connack 0 present'])
    w.broker.disconnectAll()
    w.advance(100_000)
    expect(w.client(5).connect('a', persistentFive).take()).toEqual(['connack 0'])
  })

  it('gateway G23: DISCONNECT may change the expiry, but not from 0 upward', () => {
    const w = world()
    const disconnect = (sessionExpiryInterval: number) =>
      ({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval } }) as const
    w.connected('a', persistentFive).send(disconnect(0))
    expect(w.client(5).connect('a', persistentFive).take()).toEqual(['connack 0'])
    const short = w.connected('b', { protocolVersion: 5 }).send(disconnect(10))
    expect(short.take()).toEqual(['disconnect 130'])
  })

  it('gateway G24, G25: QoS 1 waits for an absent client and leaves at 10 a second; QoS 0 does not', () => {
    const w = world()
    w.connected('a', persistent).subscribe('t', { topic: 'u', qos: 0 }).connection.lost()
    const sender = w.connected('s', { keepalive: 1200 })
    for (let index = 0; index < 25; index++) sender.publish('t', String(index), { qos: 1 })
    sender.publish('t', 'qos 0').publish('u', 'qos 1 on a QoS 0 subscription', { qos: 1 })
    const back = w.client().connect('a', persistent)
    expect(back.takeAndAck()).toEqual(['connack 0 present', 'publish t 1 0'])
    sender.publish('t', 'live', { qos: 1 })
    w.advanceWall(999)
    expect(back.takeAndAck()).toHaveLength(9)
    w.advanceWall(1_000)
    expect(back.takeAndAck()).toHaveLength(10)
    w.advanceWall(1_000)
    expect(back.takeAndAck()).toEqual([
      ...[20, 21, 22, 23, 24].map((index) => `publish t 1 ${index}`),
      'publish t 1 live',
    ])
    expect(w.records.size('mqtt-delivery')).toBe(0)
  })

  it('gateway G24: messages of a shared subscription leave at 20 a second', () => {
    const w = world()
    w.connected('a', persistent).subscribe('$share/g/t').connection.lost()
    const sender = w.connected('s', { keepalive: 1200 })
    for (let index = 0; index < 30; index++) sender.publish('t', String(index), { qos: 1 })
    const back = w.client().connect('a', persistent)
    back.takeAndAck()
    w.advanceWall(999)
    expect(back.takeAndAck()).toHaveLength(19)
  })

  it('gateway G26: what was not acknowledged comes again, without DUP, before later messages', () => {
    const w = world()
    const client = w.connected('a', persistent).subscribe('t')
    const sender = w.connected('s', { keepalive: 1200 })
    sender.publish('t', '1', { qos: 1 }).publish('t', '2', { qos: 1 })
    client.connection.lost()
    sender.publish('t', '3', { qos: 1 })
    const back = w.client().connect('a', persistent)
    w.advanceWall(1_000)
    expect(back.packets.slice(1)).toMatchObject(
      ['1', '2', '3'].map((text) => ({ payload: Buffer.from(text), dup: false })),
    )
  })

  it('gateway G26: MQTT 5 repeats a delivery for 960 s at most', () => {
    const w = world()
    const options = { ...persistentFive, properties: { sessionExpiryInterval: 3600 } }
    const client = w.connected('a', options).subscribe('t')
    w.connected('s', { keepalive: 1200 }).publish('t', '1', { qos: 1 })
    client.connection.lost()
    w.advance(961_000)
    expect(w.client(5).connect('a', options).take()).toEqual(['connack 0 present'])
  })

  it('authz G4: stored subscriptions are not asked about again; authz G5: iot:Receive is', () => {
    const w = world()
    w.connected('a', persistent).subscribe('t', 'u').connection.lost()
    const sender = w.connected('s', { keepalive: 1200 })
    sender.publish('t', '1', { qos: 1 }).publish('u', '2', { qos: 1 })
    w.denials.add('subscribe t').add('receive t')
    const back = w.client().connect('a', persistent)
    w.advanceWall(1_000)
    expect(back.take()).toEqual(['connack 0 present', 'publish u 1 2'])
  })
})

describe('in flight', () => {
  const deliver = (w: World, count: number): void => {
    for (let index = 0; index < count; index++) {
      w.broker.publish({ topic: 't', payload: Buffer.from(String(index)), qos: 1 })
    }
  }

  it('gateway G27: at most 100 unacknowledged deliveries; the rest follows the PUBACKs', () => {
    const w = world()
    const client = w.connected('a').subscribe('t')
    client.take()
    deliver(w, 150)
    expect(client.packets).toHaveLength(100)
    const all = client.takeAndAck()
    expect(all).toEqual(Array.from({ length: 150 }, (_, index) => `publish t 1 ${index}`))
  })

  it('gateway G26: out of their window, unacknowledged deliveries give way to later messages', () => {
    const w = world()
    const client = w.connected('a', { protocolVersion: 5, keepalive: 1200 }).subscribe('t')
    client.take()
    deliver(w, 150)
    expect(client.take()).toHaveLength(100)
    w.advance(960_000)
    deliver(w, 1)
    expect(client.take()).toEqual([])
    w.advance(1)
    deliver(w, 1)
    expect(client.take()).toEqual([
      ...Array.from({ length: 50 }, (_, index) => `publish t 1 ${index + 100}`),
      'publish t 1 0',
      'publish t 1 0',
    ])
    expect(w.broker.counts.dropped).toBe(100)
  })

  it('gateway G27: a smaller Receive Maximum is honoured', () => {
    const w = world()
    const client = w.connected('a', { protocolVersion: 5, properties: { receiveMaximum: 3 } })
    client.subscribe('t').take()
    deliver(w, 5)
    expect(client.packets).toHaveLength(3)
  })

  it('[MQTT-3.1.2-25]: a delivery above the client’s maximum packet size is left out', () => {
    const w = world()
    const client = w.connected('a', { protocolVersion: 5, properties: { maximumPacketSize: 600 } })
    client.subscribe('t').take()
    w.broker.publish({ topic: 't', payload: Buffer.alloc(600), qos: 1 })
    w.broker.publish({ topic: 't', payload: Buffer.from('small'), qos: 1 })
    expect(client.take()).toEqual(['publish t 1 small'])
  })

  it('a client that does not read loses QoS 0, keeps QoS 1 up to the bound, then its connection', () => {
    const w = world({ bounds: { bufferedBytesMax: 1000, queuedMessagesMax: 3 } })
    const client = w.connected('a', { protocolVersion: 5 }).subscribe('t')
    client.take()
    client.bufferedBytes = 1001
    w.broker.publish({ topic: 't', payload: Buffer.from('0'), qos: 0 })
    deliver(w, 3)
    expect([client.take(), client.closed]).toEqual([[], false])
    client.bufferedBytes = 0
    client.connection.drained()
    expect(client.take()).toEqual(['publish t 1 0', 'publish t 1 1', 'publish t 1 2'])
    client.bufferedBytes = 1001
    deliver(w, 4)
    expect([client.take(), client.closed]).toEqual([['disconnect 151'], true])
    expect(w.log.at(-1)?.reason).toBe('THROTTLED')
  })

  it('an unknown packet identifier in a PUBACK is ignored', () => {
    const client = world().connected('a').send({ cmd: 'puback', messageId: 77, reasonCode: 0 })
    expect(client.closed).toBe(false)
  })
})

describe('takeover and will', () => {
  it('gateway probe 7, G19, G116: same client ID twice: old dropped, will published, version +1', () => {
    const w = world()
    const watcher = w.connected('w').subscribe('will', '$aws/events/presence/+/a')
    watcher.take()
    const old = w.connected('a', { protocolVersion: 5, will: { topic: 'will', payload: 'gone' } })
    const second = w.client().connect('a')
    expect(second.take()).toEqual(['connack 0'])
    expect([old.take(), old.closed]).toEqual([['disconnect 142'], true])
    const seen = watcher.take()
    expect(seen).toContain('publish will 0 gone')
    const events = seen
      .filter((one) => one.includes('presence'))
      .map((one) => JSON.parse(one.slice(one.indexOf('{'))) as Record<string, unknown>)
    expect(events.map((event) => [event['eventType'], event['versionNumber']])).toEqual([
      ['connected', 0],
      ['disconnected', 0],
      ['connected', 1],
    ])
    expect(events[1]).toMatchObject({
      disconnectReason: 'DUPLICATE_CLIENTID',
      clientInitiatedDisconnect: false,
      sessionIdentifier: events[0]?.['sessionIdentifier'],
    })
  })

  it('gateway G19, G24: a takeover resumes a persistent session', () => {
    const w = world()
    w.connected('a', persistent).subscribe('t')
    const second = w.client().connect('a', persistent)
    expect(second.take()).toEqual(['connack 0 present'])
    w.connected('s').publish('t')
    expect(second.take()).toEqual(['publish t 0 x'])
  })

  it('gateway G20: a refused CONNECT does not disturb the live session', () => {
    const w = world()
    const live = w.connected('a')
    w.denials.add('connect a')
    w.client().connect('a')
    expect(live.closed).toBe(false)
  })

  it('gateway G28: a client DISCONNECT or a WebSocket Close frame discards the will', () => {
    const w = world()
    const watcher = w.connected('w').subscribe('will')
    watcher.take()
    const options = { will: { topic: 'will', payload: 'gone' } }
    w.connected('a', options).send({ cmd: 'disconnect', reasonCode: 0 })
    w.connected('b', options).connection.closedByClient()
    expect(watcher.take()).toEqual([])
    w.connected('c', { ...options, protocolVersion: 5 }).send({ cmd: 'disconnect', reasonCode: 4 })
    w.connected('d', options).connection.lost()
    expect(watcher.take()).toEqual(['publish will 0 gone', 'publish will 0 gone'])
  })

  it('gateway G37: a retained will is kept', () => {
    const w = world()
    const will = { topic: 'will', payload: 'gone', retain: true, qos: 1 as const }
    w.connected('a', { will }).connection.lost()
    expect(w.connected('b').subscribe('will').take()).toEqual([
      'suback 1',
      'publish will 1 retain gone',
    ])
  })

  it('[MQTT-3.1.3-9]: a delayed will is not sent when the client is back in time', () => {
    const w = world()
    const watcher = w.connected('w', { keepalive: 1200 }).subscribe('will')
    watcher.take()
    const will = { topic: 'will', payload: 'gone', properties: { willDelayInterval: 10 } }
    const options = { ...persistentFive, will }
    w.connected('a', options).connection.lost()
    w.advance(9_000)
    w.connected('a', options).connection.lost()
    expect(watcher.take()).toEqual([])
    w.advance(10_000)
    expect(watcher.take()).toEqual(['publish will 0 gone'])
  })

  it('a will carries its MQTT 5 properties', () => {
    const w = world()
    const watcher = w.connected('w', { protocolVersion: 5 }).subscribe('will')
    watcher.take()
    const will = {
      topic: 'will',
      payload: 'gone',
      properties: { contentType: 'text/plain', userProperties: { k: 'v' } },
    }
    w.connected('a', { protocolVersion: 5, will }).connection.lost()
    expect(watcher.packets[0]).toMatchObject({ properties: will.properties })
  })
})

describe('restart', () => {
  it('sessions, waiting messages and retained messages survive a restart', () => {
    const w = world()
    w.connected('s', { keepalive: 1200, protocolVersion: 5 }).publish('kept', 'r', {
      retain: true,
      qos: 1,
      properties: { contentType: 'text/plain', correlationData: Buffer.from([1, 2]) },
    })
    const a = w.connected('a', persistent).subscribe('t', '$share/g/u')
    w.broker.publish({ topic: 't', payload: Buffer.from('in flight'), qos: 1 })
    a.connection.lost()
    w.broker.publish({ topic: 't', payload: Buffer.from([0, 255]), qos: 1 })
    const after = w.restart()
    const back = after.client().connect('a', persistent)
    after.advanceWall(1_000)
    expect(back.packets).toMatchObject([
      { sessionPresent: true },
      { payload: Buffer.from('in flight') },
      { payload: Buffer.from([0, 255]) },
    ])
    back.take()
    after.broker.publish({ topic: 'u', payload: Buffer.from('shared'), qos: 0 })
    expect(back.take()).toEqual(['publish u 0 shared'])
    const five = after.connected('b', { protocolVersion: 5 }).subscribe('kept')
    expect(five.packets[1]).toMatchObject({
      properties: { contentType: 'text/plain', correlationData: Buffer.from([1, 2]) },
    })
  })

  it('a client that was connected as the server stopped counts as gone from the restart on', () => {
    const w = world()
    w.connected('a', persistent).subscribe('t')
    const after = w.restart()
    after.broker.publish({ topic: 't', payload: Buffer.from('1'), qos: 1 })
    after.advance(3_599_000)
    expect(after.client().connect('a', persistent).take()).toEqual([
      'connack 0 present',
      'publish t 1 1',
    ])
  })

  it('gateway G23: a client that was connected at a kill is away since, however often the server starts', () => {
    const w = world()
    w.connected('a', persistent).subscribe('t')
    let after = w.restart()
    for (let start = 0; start < 3; start += 1) {
      after.advance(1_500_000)
      after = after.restart()
    }
    expect(after.client().connect('a', persistent).take()).toEqual(['connack 0'])
  })

  it('gateway G28: a delayed will survives a restart, and is published when it falls due', () => {
    const w = world()
    const properties = {
      willDelayInterval: 10,
      messageExpiryInterval: 5,
      contentType: 'text/plain',
      correlationData: Buffer.from([1, 2]),
    }
    const will = { topic: 'will', payload: 'gone', qos: 1 as const, properties }
    w.connected('a', { ...persistentFive, will }).connection.lost()
    const after = w.restart()
    const watcher = after.connected('w', { protocolVersion: 5 }).subscribe('will')
    watcher.take()
    after.advance(9_000)
    expect(watcher.take()).toEqual([])
    after.advance(1_000)
    expect(watcher.packets[0]).toMatchObject({
      payload: Buffer.from('gone'),
      qos: 1,
      properties: {
        messageExpiryInterval: 5,
        contentType: 'text/plain',
        correlationData: Buffer.from([1, 2]),
      },
    })
    watcher.takeAndAck()
    const later = after.restart()
    const again = later.connected('w').subscribe('will')
    again.take()
    later.advance(90_000)
    expect(again.take()).toEqual([])
  })

  it('gateway G28: a delayed will is gone for good when the client is back after a restart', () => {
    const w = world()
    const will = { topic: 'will', payload: 'gone', properties: { willDelayInterval: 10 } }
    w.connected('a', { ...persistentFive, will }).connection.lost()
    const after = w.restart()
    const watcher = after.connected('w', { keepalive: 1200 }).subscribe('will')
    watcher.take()
    after.connected('a', persistentFive)
    after.advance(20_000)
    expect(watcher.take()).toEqual([])
    const later = after.restart()
    const again = later.connected('w').subscribe('will')
    again.take()
    later.advance(90_000)
    expect(again.take()).toEqual([])
  })

  it('reset forgets everything, without wills', () => {
    const w = world()
    const watcher = w.connected('w', persistent).subscribe('#')
    watcher.take()
    w.connected('a', { will: { topic: 'will', payload: 'gone' } })
    w.connected('r').publish('kept', 'x', { retain: true })
    watcher.take()
    w.broker.reset()
    expect([watcher.take(), watcher.closed]).toEqual([[], true])
    expect([w.broker.sessionCount, w.broker.retainedCount, w.broker.connectionCount]).toEqual([
      0, 0, 0,
    ])
    for (const kind of ['mqtt-session', 'mqtt-retained', 'mqtt-delivery']) {
      expect(w.records.size(kind)).toBe(0)
    }
    expect(w.broker.nextDueAtMs()).toBeUndefined()
  })
})
