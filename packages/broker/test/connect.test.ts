/** CONNECT: what is accepted, refused, clamped and reported; table of the gateway's rules. */
import { generate } from 'mqtt-packet'
import { describe, expect, it } from 'vitest'
import { world, type ConnectOptions } from './harness.ts'

describe('CONNECT', () => {
  it.each([
    [3, 'MQIsdp'],
    [3, 'MQTT'],
    [6, 'MQTT'],
    [0x84, 'MQTT'],
  ])('gateway G17: level %i of %s gets CONNACK 1, then the close', (level, name) => {
    const client = world().client()
    const body = Buffer.concat([
      Buffer.from([0, name.length]),
      Buffer.from(name),
      Buffer.from([level, 2, 0, 60, 0, 1, 0x61]),
    ])
    client.raw(Buffer.concat([Buffer.from([0x10, body.length]), body]))
    expect(client.take()).toEqual(['connack 1'])
    expect(client.closed).toBe(true)
  })

  it('gateway G17: persistent sessions are not shared between levels', () => {
    const w = world()
    w.connected('a', { clean: false }).subscribe('t').connection.lost()
    const five = w.client(5).connect('a', { clean: false })
    expect(five.take()).toEqual(['connack 0'])
  })

  it('gateway G18: a client identifier of 128 bytes is accepted, of 129 refused', () => {
    const w = world()
    expect(w.client().connect('é'.repeat(64)).take()).toEqual(['connack 0'])
    const long = w.client().connect('é'.repeat(64) + 'x')
    expect([long.take(), long.closed]).toEqual([[], true])
    expect(w.client(5).connect('x'.repeat(129)).take()).toEqual(['connack 133'])
  })

  it('gateway G18: an empty client identifier is assigned, and told to MQTT 5', () => {
    const w = world()
    expect(w.client().connect('').take()).toEqual(['connack 0'])
    expect(w.connects.at(-1)?.clientId).toMatch(/^\$GEN\/uuid-\d+$/)
    const five = w.client(5).connect('')
    const connack = five.packets[0]
    expect(connack).toMatchObject({
      properties: { assignedClientIdentifier: w.connects.at(-1)?.clientId },
    })
    const again = w.client(5).connect(w.connects.at(-1)?.clientId ?? '')
    expect(again.take()).toEqual(['connack 133'])
  })

  it('gateway G18: client identifiers that begin with `$` are refused', () => {
    const w = world()
    const client = w.client().connect('$x')
    expect([client.take(), client.closed]).toEqual([[], true])
  })

  it('[MQTT-3.1.3-8]: an empty client identifier with a persistent 3.1.1 session gets CONNACK 2', () => {
    const client = world().client()
    client.raw(Buffer.from([0x10, 12, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 0, 0, 60, 0, 0]))
    expect([client.take(), client.closed]).toEqual([['connack 2'], true])
  })

  it('gateway G10: a certificate that does not authenticate sees a bare close, either version', () => {
    const w = world()
    const authenticate = () => ({ ok: false as const, reason: 'DEVICE_CERTIFICATE_INACTIVE' })
    for (const version of [4, 5] as const) {
      const client = w.client(version, { authenticate }).connect('a')
      expect([client.take(), client.closed]).toEqual([[], true])
    }
    expect(w.log.map(({ reason }) => reason)).toContain('DEVICE_CERTIFICATE_INACTIVE')
  })

  it.each([5, 7] as const)(
    'gateway A2, authz X1: switched on, a 3.1.1 client that may not connect is told %i',
    (refusedConnack) => {
      const w = world({ bounds: { refusedConnack } })
      w.denials.add('connect denied')
      const denied = w.client().connect('denied')
      expect([denied.take(), denied.closed]).toEqual([[`connack ${refusedConnack}`], true])
      const authenticate = () => ({ ok: false as const, reason: 'DEVICE_CERTIFICATE_INACTIVE' })
      const inactive = w.client(4, { authenticate }).connect('a')
      expect([inactive.take(), inactive.closed]).toEqual([[`connack ${refusedConnack}`], true])
      expect(w.client(5).connect('denied').take()).toEqual(['connack 135'])
      expect(w.client(5, { authenticate }).connect('a').take()).toEqual([])
    },
  )

  it('authz G8, G9, gateway A2, G118: a denied CONNECT closes (v3) or gets 135 (v5), with an event', () => {
    const w = world()
    const watcher = w.connected('watcher').subscribe('$aws/events/presence/#')
    watcher.take()
    w.denials.add('connect a')
    const three = w.client().connect('a')
    expect([three.take(), three.closed]).toEqual([[], true])
    const five = w.client(5).connect('a')
    expect([five.take(), five.closed]).toEqual([['connack 135'], true])
    const [event] = watcher.packets
    expect(event).toMatchObject({ topic: '$aws/events/presence/connect_failed/a' })
    if (event?.cmd !== 'publish') throw new Error('no event')
    expect(JSON.parse(event.payload.toString())).toEqual({
      clientId: 'a',
      timestamp: w.nowMs(),
      eventType: 'connect_failed',
      connectFailureReason: 'AUTHORIZATION_FAILED',
      principalIdentifier: 'cert-1',
      sessionIdentifier: expect.stringMatching(/^uuid-/),
      ipAddress: '192.0.2.7',
    })
  })

  it('authz G1: connect is asked at every session resumption', () => {
    const w = world()
    w.connected('a', { clean: false }).connection.lost()
    w.denials.add('connect a')
    expect(w.client().connect('a', { clean: false }).closed).toBe(true)
  })

  it.each([
    ['publish w', {}],
    ['retainPublish w', { retain: true }],
  ])('authz G2, gateway G28: a will without `%s` refuses the connection', (denial, more) => {
    const w = world()
    w.denials.add(denial)
    const will = { topic: 'w', payload: 'gone', ...more }
    expect(w.client(5).connect('a', { will }).take()).toEqual(['connack 135'])
    expect(w.client(4).connect('a', { will }).take()).toEqual([])
  })

  it('gateway G28: a QoS 2 will gets 155 (v5) or the close', () => {
    const w = world()
    const will = { topic: 'w', payload: 'gone', qos: 2 as const }
    expect(w.client(5).connect('a', { will }).take()).toEqual(['connack 155'])
    const three = w.client(4).connect('a', { will })
    expect([three.take(), three.closed]).toEqual([[], true])
  })

  it('gateway G53, G55: too many user properties are refused with 151, in a CONNECT and a will', () => {
    const w = world()
    const fits = { userProperties: { k: 'x'.repeat(8191) } }
    const above = { userProperties: { k: ['x'.repeat(8000), 'x'.repeat(191)] } }
    const connect = (options: ConnectOptions): string[] => w.client(5).connect('a', options).take()
    const will = { topic: 'w', payload: '' }
    expect(connect({ properties: fits, will: { ...will, properties: fits } })).toEqual([
      'connack 0',
    ])
    expect(connect({ properties: above })).toEqual(['connack 151'])
    expect(connect({ will: { ...will, properties: above } })).toEqual(['connack 151'])
  })

  it('a CONNECT with bytes after its last field is malformed', () => {
    const w = world()
    const will = { topic: 'w', payload: Buffer.from('gone'), qos: 0, retain: false } as const
    const plain = { cmd: 'connect', clientId: 'a', clean: true } as const
    for (const protocolVersion of [4, 5] as const) {
      for (const more of [
        {},
        { will },
        { username: 'u' },
        { username: 'u', password: Buffer.from('p'), will },
      ]) {
        const bytes = generate(
          { ...plain, ...more, protocolVersion },
          {
            protocolVersion,
          },
        )
        expect(w.client(protocolVersion).raw(bytes).take()).toEqual(['connack 0'])
        const longer = Buffer.concat([bytes, Buffer.from([0])])
        longer[1] = (longer[1] ?? 0) + 1
        const client = w.client(protocolVersion).raw(longer)
        expect([client.take(), client.closed]).toEqual([[], true])
      }
    }
  })

  it('gateway G30: a will topic is held to the topic rules', () => {
    const w = world()
    for (const topic of ['a/+', 'x'.repeat(257), '1/2/3/4/5/6/7/8/9', '$aws/events/x']) {
      expect(
        w
          .client(5)
          .connect('a', { will: { topic, payload: '' } })
          .take(),
      ).toEqual(['connack 144'])
    }
  })

  it('authz F14, X27: connect attributes say PersistentConnect and LastWill', () => {
    const w = world()
    w.connected('a', { clean: false, will: { topic: 'w', payload: '' } })
    w.connected('b')
    w.connected('c', { protocolVersion: 5, properties: { sessionExpiryInterval: 5 } })
    expect(w.connects.map(({ connectAttributes }) => connectAttributes)).toEqual([
      ['PersistentConnect', 'LastWill'],
      [],
      ['PersistentConnect'],
    ])
    expect(w.connects[0]?.lastWillTopic).toBe('w')
  })

  it('gateway G51: the MQTT 5 CONNACK says what AWS says', () => {
    const client = world().client(5).connect('a', { keepalive: 45 })
    expect(client.packets[0]).toMatchObject({
      reasonCode: 0,
      sessionPresent: false,
      properties: {
        receiveMaximum: 100,
        maximumQoS: 1,
        retainAvailable: true,
        maximumPacketSize: 149_504,
        topicAliasMaximum: 8,
        wildcardSubscriptionAvailable: true,
        subscriptionIdentifiersAvailable: false,
        sharedSubscriptionAvailable: true,
        serverKeepAlive: 45,
      },
    })
    expect(client.packets[0]).not.toHaveProperty('properties.sessionExpiryInterval')
  })

  it('gateway G23: a session expiry above the maximum is lowered and told', () => {
    const client = world()
      .client(5)
      .connect('a', { properties: { sessionExpiryInterval: 100_000 } })
    expect(client.packets[0]).toMatchObject({ properties: { sessionExpiryInterval: 3600 } })
  })

  it('gateway G52: a maximum packet size below 512 is refused', () => {
    const w = world()
    const small = w.client(5).connect('a', { properties: { maximumPacketSize: 511 } })
    expect([small.take(), small.closed]).toEqual([['connack 128'], true])
    expect(
      w
        .client(5)
        .connect('a', { properties: { maximumPacketSize: 512 } })
        .take(),
    ).toEqual(['connack 0'])
  })

  it('gateway G55: enhanced authentication is refused', () => {
    const properties = { authenticationMethod: 'SCRAM', authenticationData: Buffer.from('x') }
    const client = world().client(5).connect('a', { properties })
    expect([client.take(), client.closed]).toEqual([['connack 128'], true])
  })

  it.each([
    [0, 1200],
    [1, 30],
    [29, 30],
    [30, 30],
    [1200, 1200],
    [1201, 1200],
    [65_535, 1200],
  ])('gateway G21: keep-alive %i becomes %i', (asked, given) => {
    const client = world().client(5).connect('a', { keepalive: asked })
    expect(client.packets[0]).toMatchObject({ properties: { serverKeepAlive: given } })
  })

  it('gateway G21: 1.5 keep-alives of silence end the connection on wall time, the will goes out', () => {
    const w = world()
    const watcher = w
      .connected('watcher', { keepalive: 1200 })
      .subscribe('w', '$aws/events/presence/#')
    watcher.take()
    const five = w.connected('a', {
      protocolVersion: 5,
      keepalive: 40,
      will: { topic: 'w', payload: 'gone' },
    })
    w.advanceWall(50_000)
    five.send({ cmd: 'pingreq' })
    expect(five.take()).toEqual(['pingresp'])
    w.advanceWall(59_000)
    expect(five.closed).toBe(false)
    w.advanceWall(1_001)
    expect([five.take(), five.closed]).toEqual([['disconnect 141'], true])
    const seen = watcher.take()
    expect(seen).toContain('publish w 0 gone')
    expect(seen.at(-1)).toContain('"disconnectReason":"MQTT_KEEP_ALIVE_TIMEOUT"')
  })

  it('gateway G22: a second CONNECT ends the connection: 130 (v5), close (v3)', () => {
    const w = world()
    const five = w.connected('a', { protocolVersion: 5 }).connect('a')
    expect([five.take(), five.closed]).toEqual([['disconnect 130'], true])
    const three = w.connected('b').connect('b')
    expect([three.take(), three.closed]).toEqual([[], true])
  })

  it('gateway G22: packets sent right behind CONNECT are taken in order', () => {
    const w = world()
    const client = w.client()
    const packets = [
      Buffer.from([0x10, 13, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 60, 0, 1, 0x61]),
      Buffer.from([0x82, 6, 0, 1, 0, 1, 0x74, 1]),
      Buffer.from([0x30, 4, 0, 1, 0x74, 0x78]),
    ]
    client.raw(Buffer.concat(packets))
    expect(client.take()).toEqual(['connack 0', 'suback 1', 'publish t 0 x'])
  })

  it('a connection without CONNECT is closed after the connect timeout, and leaves nothing', () => {
    const w = world()
    const client = w.client()
    w.advanceWall(29_999)
    expect(client.closed).toBe(false)
    w.advanceWall(2)
    expect(client.closed).toBe(true)
    expect([w.broker.connectionCount, w.broker.nextWallDueAtMs()]).toEqual([0, undefined])
  })

  it('gateway G22: bytes that begin no CONNECT close at once, however long they claim to be', () => {
    for (const bytes of ['GET / HTTP/1.1\r\n', '\x10', '\x82', '\xc0\x00', '\x11']) {
      const client = world().client().raw(Buffer.from(bytes, 'latin1'))
      expect([bytes, client.closed]).toEqual([bytes, bytes !== '\x10'])
    }
  })

  it('gateway G12: a lifetime ends the connection with its reason', () => {
    const w = world()
    const lifetime = { seconds: 86_400, reason: 'WEBSOCKET_TTL_EXPIRATION' as const }
    const client = w.client(4, { lifetime }).connect('a', { keepalive: 1200 })
    for (let hour = 0; hour < 96; hour++) {
      w.advanceWall(900_000 - 1)
      if (!client.closed) client.send({ cmd: 'pingreq' })
    }
    expect(client.closed).toBe(false)
    w.advanceWall(1000)
    expect(client.closed).toBe(true)
    expect(w.log.at(-1)?.reason).toBe('WEBSOCKET_TTL_EXPIRATION')
  })
})
