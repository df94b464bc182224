/** What the service itself does: direct replies, presence, the connections API, deactivation. */
import { describe, expect, it } from 'vitest'
import { world, type World } from './harness.ts'

const reply = '$aws/things/t/jobs/get/accepted'
const bytes = (text: string): Uint8Array => Buffer.from(text)

describe('direct replies', () => {
  it('gateway probe 5, G47, jobs J3: a reply reaches the requester without any subscription', () => {
    const w = world()
    const snoop = w.connected('snoop').subscribe(reply, '$aws/things/+/jobs/#')
    snoop.take()
    const client = w.connected('a').publish('$aws/things/t/jobs/get', '', { qos: 1 })
    const [request] = w.requests
    w.broker.replyDirect(request?.connectionId ?? '', {
      topic: reply,
      payload: bytes('{}'),
      qos: 1,
    })
    expect(client.take()).toEqual(['puback 0', `publish ${reply} 1 {}`])
    expect(snoop.take()).toEqual([])
  })

  it('gateway G48: a requester that subscribed, twice over, gets one copy', () => {
    const w = world()
    const client = w.connected('a').subscribe(reply, '$aws/things/t/jobs/#')
    client.take()
    w.broker.replyDirect(client.connection.id, { topic: reply, payload: bytes('{}'), qos: 0 })
    expect(client.take()).toEqual([`publish ${reply} 1 {}`])
  })

  it.each([
    [[], 0, 0],
    [[], 1, 1],
    [[{ topic: reply, qos: 0 }], 1, 0],
    [[{ topic: '$aws/things/t/jobs/+/accepted', qos: 1 }], 0, 1],
    [[{ topic: '$aws/things/t/jobs/+/accepted', qos: 0 }], 1, 0],
    [[{ topic: '$aws/things/t/jobs/+/rejected', qos: 0 }], 1, 1],
    [[{ topic: 'other', qos: 1 }], 0, 0],
  ] as const)(
    'jobs J3: subscribed %j, requested at QoS %i, replied at QoS %i',
    (filters, asked, got) => {
      const w = world()
      const client = w.connected('a')
      if (filters.length > 0) client.subscribe(...filters)
      client.take()
      w.broker.replyDirect(client.connection.id, { topic: reply, payload: bytes('{}'), qos: asked })
      expect(client.take()).toEqual([`publish ${reply} ${got} {}`])
    },
  )

  it.each([0, 1] as const)(
    'neighbours N91: blocks of a stream keep the request’s QoS %i, whatever was subscribed',
    (qos) => {
      const w = world()
      const client = w.connected('a').subscribe({ topic: reply, qos: qos === 0 ? 1 : 0 })
      client.take()
      const block = { topic: reply, payload: bytes('{}'), qos, isQosFixed: true }
      w.broker.replyDirect(client.connection.id, block)
      expect(client.take()).toEqual([`publish ${reply} ${qos} {}`])
    },
  )

  it('README settled 1, authz X28: a reply needs iot:Receive', () => {
    const w = world()
    const client = w.connected('a')
    w.denials.add(`receive ${reply}`)
    w.broker.replyDirect(client.connection.id, { topic: reply, payload: bytes('{}'), qos: 1 })
    expect([client.take(), client.closed]).toEqual([[], false])
  })

  it('a reply to a connection that is gone is dropped', () => {
    const w = world()
    const client = w.connected('a', { clean: false })
    client.connection.lost()
    w.broker.replyDirect(client.connection.id, { topic: reply, payload: bytes('{}'), qos: 1 })
    expect(w.client().connect('a', { clean: false }).take()).toEqual(['connack 0 present'])
  })
})

describe('presence', () => {
  const events = (w: ReturnType<typeof world>, run: () => void) => {
    const watcher = w.connected('watcher').subscribe('$aws/events/presence/#')
    watcher.take()
    run()
    return watcher.packets.map((packet) => {
      if (packet.cmd !== 'publish') throw new Error(packet.cmd)
      return [packet.topic, JSON.parse(packet.payload.toString()) as Record<string, unknown>]
    })
  }

  it('gateway G115: connected and disconnected carry what AWS says', () => {
    const w = world()
    const seen = events(w, () => w.connected('a').send({ cmd: 'disconnect', reasonCode: 0 }))
    const common = {
      clientId: 'a',
      timestamp: w.nowMs(),
      sessionIdentifier: expect.any(String),
      principalIdentifier: 'cert-1',
      versionNumber: 0,
    }
    expect(seen).toEqual([
      [
        '$aws/events/presence/connected/a',
        { ...common, eventType: 'connected', ipAddress: '192.0.2.7' },
      ],
      [
        '$aws/events/presence/disconnected/a',
        {
          ...common,
          eventType: 'disconnected',
          clientInitiatedDisconnect: true,
          disconnectReason: 'CLIENT_INITIATED_DISCONNECT',
        },
      ],
    ])
  })

  it('gateway G117, authz G11: each way of ending has its reason', () => {
    const w = world()
    w.denials.add('publish denied').add('subscribe denied')
    const seen = events(w, () => {
      w.connected('lost').connection.lost()
      w.connected('publish').publish('denied')
      w.connected('subscribe').subscribe('denied')
      w.connected('error').publish('a/+')
      w.connected('api')
      w.broker.deleteConnection('api', { cleanSession: false, preventWillMessage: false })
      w.connected('malformed').raw(Buffer.from([0xc1, 0]))
    })
    const reasons = seen
      .filter(([topic]) => String(topic).includes('disconnected'))
      .map(([, event]) => [
        (event as Record<string, unknown>)['clientId'],
        (event as Record<string, unknown>)['disconnectReason'],
      ])
    expect(reasons).toEqual([
      ['lost', 'CONNECTION_LOST'],
      ['publish', 'AUTH_ERROR'],
      ['subscribe', 'AUTH_ERROR'],
      ['error', 'CLIENT_ERROR'],
      ['api', 'API_INITIATED_DISCONNECT'],
      ['malformed', 'CLIENT_ERROR'],
    ])
  })

  it('gateway G18: client identifiers with wildcards work but emit no events', () => {
    const w = world()
    expect(events(w, () => w.connected('a+b').connection.lost())).toEqual([])
  })

  it('gateway G116, A16: the version starts again after an hour away, or the session’s expiry', () => {
    const w = world()
    const version = (clean: boolean) => {
      const seen = events(w, () => w.connected('a', { clean }).connection.lost())
      return (seen[0]?.[1] as { versionNumber: number } | undefined)?.versionNumber
    }
    expect([version(true), version(true)]).toEqual([0, 1])
    w.advance(3_599_000)
    expect(version(true)).toBe(2)
    w.advance(3_600_000)
    expect(version(false)).toBe(0)
    expect(version(false)).toBe(1)
    w.advance(3_600_000)
    expect(version(false)).toBe(0)
  })

  it.each([true, false])(
    'gateway G116: a restart in good order goes on counting (clean session: %j)',
    (clean) => {
      const w = world()
      const left = w.connected('a', { clean })
      w.connected('a', { clean })
      expect(left.closed).toBe(true)
      w.broker.disconnectAll()
      w.broker.recordClients()
      const again = w.restart()
      const seen = events(again, () => again.connected('a', { clean }))
      expect(seen[0]?.[1]).toMatchObject({ versionNumber: 2 })
      expect(again.records.size('mqtt-client')).toBe(0)
    },
  )

  it('gateway G80: who left is known over a restart, for an hour, and then told of', () => {
    const told: string[] = []
    const w = world({ ports: { presence: (clientId) => told.push(clientId) } })
    w.connected('a').connection.lost()
    const leftMs = w.nowMs()
    w.broker.recordClients()
    const again = w.restart()
    expect(again.broker.connectivity('a')).toMatchObject({
      disconnectedSinceMs: leftMs,
      disconnectReason: 'CONNECTION_LOST',
    })
    told.length = 0
    again.advance(3_599_999)
    expect(told).toEqual([])
    again.advance(1)
    expect([told, again.broker.connectivity('a')]).toEqual([['a'], undefined])
  })

  describe('clients that left are remembered up to a bound, and who left first is forgotten', () => {
    const known = (w: World, ...clientIds: readonly string[]): readonly string[] =>
      clientIds.filter((clientId) => w.broker.connectivity(clientId) !== undefined)
    const leave = (w: World, clientId: string, clean = true): void =>
      w.connected(clientId, { clean }).connection.lost()

    it('whatever identifiers come, and who is forgotten is told of', () => {
      const told: string[] = []
      const presence = (clientId: string): void => void told.push(clientId)
      const w = world({ bounds: { departedClientsMax: 3 }, ports: { presence } })
      for (let index = 0; index < 50; index += 1) leave(w, `flood-${index}`)
      const all = Array.from({ length: 50 }, (_, index) => `flood-${index}`)
      expect(known(w, ...all)).toEqual(['flood-47', 'flood-48', 'flood-49'])
      expect(told.filter((clientId) => clientId === 'flood-0')).toHaveLength(3)
      w.broker.recordClients()
      expect(w.records.size('mqtt-client')).toBe(3)
      // Nothing of them is left to be done.
      w.advance(3_600_000)
      expect([known(w, ...all), w.broker.nextDueAtMs()]).toEqual([[], undefined])
    })

    it('but not who is connected, has a session, or has been back since', () => {
      const w = world({ bounds: { departedClientsMax: 2 } })
      w.connected('here')
      leave(w, 'kept', false)
      for (const clientId of ['a', 'b', 'a', 'c']) leave(w, clientId)
      expect(known(w, 'here', 'kept', 'a', 'b', 'c')).toEqual(['here', 'kept', 'a', 'c'])
      // A session that ends while its client is away joins the others.
      w.broker.deleteConnection('kept', { cleanSession: true, preventWillMessage: false })
      expect(known(w, 'here', 'kept', 'a', 'c')).toEqual(['here', 'kept', 'c'])
    })

    it('over a restart too', () => {
      const w = world({ bounds: { departedClientsMax: 2 } })
      leave(w, 'kept', false)
      // Not in the order of their names.
      for (const clientId of ['z', 'a']) {
        w.advance(1)
        leave(w, clientId)
      }
      w.broker.recordClients()
      const again = w.restart()
      leave(again, 'new')
      expect(known(again, 'kept', 'z', 'a', 'new')).toEqual(['kept', 'a', 'new'])
    })
  })

  it('gateway G65: half an hour holds for sessions that expire sooner', () => {
    const w = world()
    const properties = { sessionExpiryInterval: 1 }
    const client = w.connected('a', { protocolVersion: 5, properties })
    expect(w.broker.connectionOf('a')).toMatchObject({ cleanSession: false })
    client.connection.lost()
    w.advance(1_800_000)
    expect(w.broker.connectionOf('a')).toMatchObject({ connected: false })
    w.advance(1)
    expect(w.broker.connectionOf('a')).toBeUndefined()
    const seen = events(w, () => w.connected('a', { protocolVersion: 5 }))
    expect(seen[0]?.[1]).toMatchObject({ versionNumber: 0 })
  })

  it('gateway G65: an MQTT 5 session that ends with its connection is clean, Clean Start or not', () => {
    const w = world()
    w.connected('a', { protocolVersion: 5, clean: false })
    expect(w.broker.connectionOf('a')).toMatchObject({ cleanSession: true })
    const properties = { sessionExpiryInterval: 60 }
    w.connected('b', { protocolVersion: 5, clean: true, properties })
    expect(w.broker.connectionOf('b')).toMatchObject({ cleanSession: false })
  })

  it('gateway G115: thingName only for an exclusive attachment', () => {
    const w = world()
    const authorizer = {
      connect: () => ({ allowed: true }),
      publish: () => ({ allowed: true }),
      retainPublish: () => ({ allowed: true }),
      subscribe: () => ({ allowed: true }),
      receive: () => true,
      release: () => {},
    }
    const client = { principalId: 'cert-2', authorizer, thingName: 'pump' }
    const seen = events(w, () =>
      w.client(4, { authenticate: () => ({ ok: true, client }) }).connect('a'),
    )
    expect(seen[0]?.[1]).toMatchObject({ thingName: 'pump', principalIdentifier: 'cert-2' })
    expect(w.broker.connectionOf('a')?.thingName).toBe('pump')
  })
})

describe('connections API', () => {
  it.each([true, false])(
    'gateway G28, G64: preventWillMessage holds for a will that is delayed (session ends: %j)',
    (cleanSession) => {
      const w = world()
      const watcher = w.connected('watcher').subscribe('will')
      watcher.take()
      const will = { topic: 'will', payload: 'w', properties: { willDelayInterval: 10 } }
      const properties = { sessionExpiryInterval: 60 }
      w.connected('a', { protocolVersion: 5, properties, will }).connection.lost()
      w.broker.deleteConnection('a', { cleanSession, preventWillMessage: true })
      w.advance(60_000)
      expect(watcher.take()).toEqual([])
    },
  )

  it('gateway G39: above the limit nothing more is retained, a will included', () => {
    const w = world({ bounds: { retainedMessagesMax: 1 } })
    const five = w.connected('a', { protocolVersion: 5 })
    five.publish('t', '1', { qos: 1, retain: true }).publish('u', '1', { qos: 1, retain: true })
    five.publish('t', '2', { qos: 1, retain: true })
    expect(five.take()).toEqual(['puback 0', 'puback 151', 'puback 0'])
    const overHttps = (topic: string, text: string): boolean =>
      w.broker.mayPublish({ topic, payload: bytes(text), qos: 0, retain: true })
    expect([overHttps('t', 'x'), overHttps('u', 'x'), overHttps('u', '')]).toEqual([
      true,
      false,
      true,
    ])
    w.connected('b', { will: { topic: 'u', payload: 'w', retain: true } }).connection.lost()
    expect([...w.broker.retainedMessages()].map(({ topic }) => topic)).toEqual(['t'])
  })

  it('gateway G64: deleteConnection ends the connection: 152 on v5, will unless prevented', () => {
    const w = world()
    const watcher = w.connected('w').subscribe('will')
    watcher.take()
    const will = { topic: 'will', payload: 'gone' }
    const five = w.connected('a', { protocolVersion: 5, will })
    const keep = { cleanSession: false, preventWillMessage: false }
    expect(w.broker.deleteConnection('a', keep)).toBe(true)
    expect([five.take(), five.closed]).toEqual([['disconnect 152'], true])
    expect(watcher.take()).toEqual(['publish will 0 gone'])
    w.connected('b', { will })
    w.broker.deleteConnection('b', { cleanSession: false, preventWillMessage: true })
    expect(watcher.take()).toEqual([])
    expect(w.broker.deleteConnection('never', keep)).toBe(false)
  })

  it('gateway G64: cleanSession discards subscriptions and queue, connected or not', () => {
    const w = world()
    const clean = { cleanSession: true, preventWillMessage: false }
    w.connected('a', { clean: false }).subscribe('t')
    expect(w.broker.deleteConnection('a', clean)).toBe(true)
    expect(w.client().connect('a', { clean: false }).take()).toEqual(['connack 0'])
    w.broker.disconnectAll()
    expect(w.broker.deleteConnection('a', clean)).toBe(true)
    expect(w.broker.deleteConnection('a', clean)).toBe(false)
  })

  it('gateway G65: a connection is described while it lasts and 30 minutes after', () => {
    const w = world()
    const startMs = w.nowMs()
    const client = w.connected('a', { keepalive: 45 })
    expect(w.broker.connectionOf('a')).toMatchObject({
      connected: true,
      cleanSession: true,
      keepAliveSeconds: 45,
      connectedSinceMs: startMs,
      sourceIp: '192.0.2.7',
      targetPort: 8883,
    })
    w.advance(1000)
    client.connection.lost()
    w.advance(1_800_000)
    expect(w.broker.connectionOf('a')).toMatchObject({
      connected: false,
      disconnectedSinceMs: startMs + 1000,
      disconnectReason: 'CONNECTION_LOST',
    })
    w.advance(1)
    expect(w.broker.connectionOf('a')).toBeUndefined()
  })

  it('gateway G66: subscriptions are listed with their QoS', () => {
    const w = world()
    w.connected('a', { clean: false })
      .subscribe('t', { topic: '$share/g/u', qos: 0 })
      .connection.lost()
    expect(w.broker.subscriptionsOf('a')).toEqual([
      { topicFilter: 't', qos: 1 },
      { topicFilter: '$share/g/u', qos: 0 },
    ])
    expect(w.broker.subscriptionsOf('never')).toBeUndefined()
  })

  it('gateway G66: a direct message needs a connection and iot:Receive, and tells its PUBACK', () => {
    const w = world()
    const publication = { topic: 't', payload: bytes('hi'), qos: 1 as const }
    const acknowledged: string[] = []
    const note = () => acknowledged.push('acknowledged')
    expect(w.broker.sendDirect('a', publication, note)).toBe('not-connected')
    const client = w.connected('a')
    w.denials.add('receive t')
    expect(w.broker.sendDirect('a', publication, note)).toBe('not-authorized')
    w.denials.clear()
    expect(w.broker.sendDirect('a', publication, note)).toBe('sent')
    expect(acknowledged).toEqual([])
    expect(client.takeAndAck()).toEqual(['publish t 1 hi'])
    expect(acknowledged).toEqual(['acknowledged'])
  })
})

describe('deactivation', () => {
  it('gateway G13: a principal’s live connections end: bare close (v3), 135 (v5)', () => {
    const w = world()
    const watcher = w.connected('w').subscribe('will')
    watcher.take()
    const three = w.connected('a', { will: { topic: 'will', payload: 'gone' } })
    const five = w.connected('b', { protocolVersion: 5 })
    expect(w.broker.disconnectPrincipal('other')).toBe(0)
    expect(w.broker.disconnectPrincipal('cert-1')).toBe(3)
    expect([three.take(), three.closed]).toEqual([[], true])
    expect([five.take(), five.closed]).toEqual([['disconnect 135'], true])
    expect(w.broker.connectionOf('a')?.disconnectReason).toBe('AUTH_ERROR')
  })

  it('a shutdown tells MQTT 5 clients 139', () => {
    const w = world()
    const five = w.connected('b', { protocolVersion: 5 })
    w.broker.disconnectAll()
    expect([five.take(), five.closed]).toEqual([['disconnect 139'], true])
  })
})
