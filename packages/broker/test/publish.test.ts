/** PUBLISH: what is taken, refused, forwarded; each outcome on both protocol versions. */
import { describe, expect, it } from 'vitest'
import { world } from './harness.ts'
import { outcomes } from './publish-outcomes.ts'

const tooLong = 'x'.repeat(257)
const tooDeep = '1/2/3/4/5/6/7/8/9'

describe('PUBLISH', () => {
  it('gateway G36: QoS 1 is acknowledged with and without subscribers, QoS 0 is not', () => {
    expect(outcomes(world(), 'a')).toEqual({
      three: ['puback 0'],
      fiveQos1: ['puback 0'],
      fiveQos0: [],
    })
  })

  it('gateway G34, authz G7, G8: a denied publish', () => {
    const w = world()
    w.denials.add('publish a')
    expect(outcomes(w, 'a')).toEqual({
      three: ['closed'],
      fiveQos1: ['puback 135'],
      fiveQos0: ['disconnect 135', 'closed'],
    })
    expect(w.log.find(({ event }) => event === 'publish.denied')).toMatchObject({
      detail: 'topic `a`',
      decisionId: 'publish:a',
    })
  })

  it('gateway G37, authz G3: RETAIN needs iot:RetainPublish besides iot:Publish', () => {
    const w = world()
    w.denials.add('retainPublish a')
    expect(outcomes(w, 'a', { retain: true })).toEqual({
      three: ['closed'],
      fiveQos1: ['puback 135'],
      fiveQos0: ['disconnect 135', 'closed'],
    })
    expect(outcomes(w, 'a').three).toEqual(['puback 0'])
  })

  it.each([
    ['257 bytes', tooLong],
    ['eight slashes', tooDeep],
    ['a wildcard', 'a/+/b'],
    ['a reserved prefix', '$SYS/x'],
    ['an event topic', '$aws/events/presence/connected/x'],
    ['a topic of Jobs that is no device’s', '$aws/jobs/j/x'],
    ['a shared subscription', '$share/g/a'],
  ])('gateway G30, G33: a topic with %s is refused', (_, topic) => {
    expect(outcomes(world(), topic)).toEqual({
      three: ['closed'],
      fiveQos1: ['puback 144'],
      fiveQos0: ['disconnect 144', 'closed'],
    })
  })

  it.each([['x'.repeat(256)], ['é'.repeat(128)], ['1/2/3/4/5/6/7/8'], ['/'], ['a//b']])(
    'gateway G30: topic `%s` is within the limits',
    (topic) => {
      expect(outcomes(world(), topic).three).toEqual(['puback 0'])
    },
  )

  it('gateway G33, authz G12: RETAIN on a reserved topic is refused', () => {
    expect(outcomes(world(), '$aws/things/t/jobs/get', { retain: true })).toEqual({
      three: ['closed'],
      fiveQos1: ['puback 144'],
      fiveQos0: ['disconnect 144', 'closed'],
    })
  })

  it('gateway G29: QoS 2 gets no PUBREC: close (v3), DISCONNECT 155 (v5)', () => {
    const w = world()
    const three = w.connected('a').publish('t', 'x', { qos: 2 })
    expect([three.take(), three.closed]).toEqual([[], true])
    const five = w.connected('b', { protocolVersion: 5 }).publish('t', 'x', { qos: 2 })
    expect([five.take(), five.closed]).toEqual([['disconnect 155'], true])
  })

  it.each(['pubrec', 'pubrel', 'pubcomp'] as const)(
    'gateway G29: %s ends the connection, 130 on v5',
    (cmd) => {
      const w = world()
      const three = w.connected('a').send({ cmd, messageId: 1, reasonCode: 0 })
      expect([three.take(), three.closed]).toEqual([[], true])
      const five = w.connected('b', { protocolVersion: 5 })
      five.send({ cmd, messageId: 1, reasonCode: 0 })
      expect([five.take(), five.closed]).toEqual([['disconnect 130'], true])
    },
  )

  it.each([
    [2, 'CONNACK'],
    [5, 'PUBREC'],
    [6, 'PUBREL'],
    [7, 'PUBCOMP'],
    [9, 'SUBACK'],
    [11, 'UNSUBACK'],
    [13, 'PINGRESP'],
    [15, 'AUTH'],
  ])('gateway G29: type %i, %s, is refused by its type, whatever it holds', (type, name) => {
    for (const protocolVersion of [4, 5] as const) {
      const w = world()
      const client = w.connected('a', { protocolVersion }).raw(Buffer.of(type << 4, 0))
      const disconnect = protocolVersion === 5 ? ['disconnect 130'] : []
      expect([client.take(), client.closed]).toEqual([disconnect, true])
      expect(w.refusals).toMatchObject([{ detail: `a ${name}` }])
    }
  })

  it('gateway G29: AUTH ends the connection with 130', () => {
    const five = world().connected('b', { protocolVersion: 5 })
    five.send({ cmd: 'auth', reasonCode: 0x18, properties: { authenticationMethod: 'x' } })
    expect([five.take(), five.closed]).toEqual([['disconnect 130'], true])
  })

  it('gateway G31: 131,072 payload bytes are taken, one more ends the connection (v5: 151)', () => {
    const w = world()
    const full = Buffer.alloc(131_072, 1)
    expect(w.connected('a').publish('t', full, { qos: 1 }).take()).toEqual(['puback 0'])
    const over = Buffer.alloc(131_073, 1)
    const three = w.connected('b').publish('t', over, { qos: 1 })
    expect([three.take(), three.closed]).toEqual([[], true])
    const five = w.connected('c', { protocolVersion: 5 }).publish('t', over, { qos: 1 })
    expect([five.take(), five.closed]).toEqual([['disconnect 151'], true])
    expect(w.log.at(-1)?.detail).toContain('PAYLOAD_LIMIT_EXCEEDED')
  })

  it('gateway G31, A19: a Remaining Length above 149,504 is refused before its bytes are waited for', () => {
    const w = world()
    const five = w.connected('a', { protocolVersion: 5 }).raw(Buffer.from([0x30, 0xff, 0xff, 0x7f]))
    expect([five.take(), five.closed]).toEqual([['disconnect 151'], true])
  })

  it('gateway G32: an empty payload is delivered', () => {
    const client = world().connected('a').subscribe('t')
    client.take()
    expect(client.publish('t', '').take()).toEqual(['publish t 0 '])
  })

  it('gateway G52: topic aliases 1 to 8 stand for topics; others end with 148', () => {
    const w = world()
    const watcher = w.connected('w').subscribe('t')
    watcher.take()
    const five = w.connected('a', { protocolVersion: 5 })
    five.publish('t', '1', { properties: { topicAlias: 8 } })
    five.publish('', '2', { properties: { topicAlias: 8 } })
    expect(watcher.take()).toEqual(['publish t 0 1', 'publish t 0 2'])
    for (const [topic, topicAlias] of [
      ['t', 9],
      ['', 1],
    ] as const) {
      const bad = w.connected('b', { protocolVersion: 5 })
      bad.publish(topic, '', { properties: { topicAlias } })
      expect([bad.take(), bad.closed]).toEqual([['disconnect 148'], true])
    }
  })

  it('gateway G52: topic alias 0 ends with 148', () => {
    const five = world().connected('a', { protocolVersion: 5 })
    five.raw(Buffer.from([0x30, 7, 0, 1, 0x74, 3, 0x23, 0, 0]))
    expect(five.take()).toEqual(['disconnect 148'])
  })

  it('gateway G53: MQTT 5 properties are forwarded unchanged, user properties in order', () => {
    const w = world()
    const receiver = w.connected('r', { protocolVersion: 5 }).subscribe('t')
    const old = w.connected('o').subscribe('t')
    old.take()
    receiver.take()
    const raw = {
      properties: {
        payloadFormatIndicator: true,
        contentType: 'application/json',
        responseTopic: 'reply/here',
        correlationData: Buffer.from([0, 1, 255]),
        userProperties: { b: '1', a: ['2', '3'], '7': 'x' },
      },
    }
    w.connected('s', { protocolVersion: 5 }).publish('t', '{}', raw)
    expect(receiver.packets[0]).toMatchObject(raw)
    expect(old.take()).toEqual(['publish t 0 {}'])
  })

  it('gateway G53: user properties keep their order across names', () => {
    const w = world()
    const sent: Uint8Array[] = []
    const receiver = w.connected('r', { protocolVersion: 5 }).subscribe('t')
    const section = Buffer.concat(
      ['b1', 'a2', 'b3', 'a4'].map(([name = '', value = '']) =>
        Buffer.from([0x26, 0, 1, name.charCodeAt(0), 0, 1, value.charCodeAt(0)]),
      ),
    )
    const head = [0x30, 4 + section.length, 0, 1, 0x74, section.length]
    const packet = Buffer.concat([Buffer.from(head), section])
    const sender = w.connected('s', { protocolVersion: 5 })
    receiver.onBytes = (bytes) => sent.push(Uint8Array.from(bytes))
    sender.raw(packet)
    expect(Buffer.concat(sent)).toEqual(packet)
  })

  it.each([
    ['content type', { contentType: 'x'.repeat(257) }, 151],
    ['correlation data', { correlationData: Buffer.alloc(8193) }, 151],
    ['user properties', { userProperties: { k: 'x'.repeat(8192) } }, 151],
    ['a response topic with a wildcard', { responseTopic: 'a/+' }, 130],
  ])('gateway G53: %s beyond the limit ends with %j', (_, properties, code) => {
    const five = world().connected('a', { protocolVersion: 5 }).publish('t', '', { properties })
    expect([five.take(), five.closed]).toEqual([[`disconnect ${code}`], true])
  })

  it('gateway G54: the expiry left is told, and an expired message is not delivered', () => {
    const w = world()
    const sleeper = {
      protocolVersion: 5,
      clean: false,
      properties: { sessionExpiryInterval: 3600 },
    } as const
    w.connected('r', sleeper).subscribe('t').connection.lost()
    const old = w.connected('o', { clean: false }).subscribe('t')
    old.connection.lost()
    const sender = w.connected('s', { protocolVersion: 5, keepalive: 1200 })
    for (const messageExpiryInterval of [0, 10, 700_000]) {
      sender.publish('t', String(messageExpiryInterval), {
        qos: 1,
        properties: { messageExpiryInterval },
      })
    }
    w.advance(4_000)
    const back = w.client(5).connect('r', sleeper)
    w.advance(1_000)
    const got = back.packets.filter((packet) => packet.cmd === 'publish')
    expect(got).toMatchObject([
      { payload: Buffer.from('10'), properties: { messageExpiryInterval: 6 } },
      { payload: Buffer.from('700000'), properties: { messageExpiryInterval: 604_796 } },
    ])
    w.advance(10_000)
    const three = w.client().connect('o', { clean: false })
    w.advance(1_000)
    expect(three.take()).toEqual(['connack 0 present', 'publish t 1 700000'])
  })

  it('README settled 2: a Reason String goes out only when switched on and wanted', () => {
    const reasonString = () => 'because'
    const w = world({ ports: { reasonString } })
    w.denials.add('publish t')
    const five = w.connected('a', { protocolVersion: 5 }).publish('t', '', { qos: 1 })
    expect(five.packets[0]).toMatchObject({
      reasonCode: 135,
      properties: { reasonString: 'because' },
    })
    const quiet = w.connected('b', {
      protocolVersion: 5,
      properties: { requestProblemInformation: false },
    })
    quiet.publish('t', '', { qos: 1 })
    expect(quiet.packets[0]).not.toHaveProperty('properties')
  })
})
