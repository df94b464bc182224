/** SUBSCRIBE, UNSUBSCRIBE and who gets what: filters, limits, shares, retained replay. */
import { describe, expect, it } from 'vitest'
import { world } from './harness.ts'

describe('SUBSCRIBE', () => {
  it('gateway G42: SUBACK reports the requested QoS', () => {
    const client = world().connected('a')
    client.subscribe({ topic: 'a', qos: 0 }, { topic: 'b', qos: 1 })
    expect(client.take()).toEqual(['suback 0 1'])
  })

  it('gateway G29, A4: a QoS 2 request closes (v3) or gets DISCONNECT 155 (v5)', () => {
    const w = world()
    const three = w.connected('a').subscribe({ topic: 't', qos: 2 })
    expect([three.take(), three.closed]).toEqual([[], true])
    const five = w.connected('b', { protocolVersion: 5 }).subscribe({ topic: 't', qos: 2 })
    expect([five.take(), five.closed]).toEqual([['disconnect 155'], true])
  })

  it('gateway G42, authz G4, G7, G8: a denied filter closes (v3) or gets its 135 (v5)', () => {
    const w = world()
    w.denials.add('subscribe b')
    const three = w.connected('a').subscribe('a', 'b')
    expect([three.take(), three.closed]).toEqual([[], true])
    const five = w.connected('c', { protocolVersion: 5 }).subscribe('a', 'b', 'c')
    expect([five.take(), five.closed]).toEqual([['suback 1 135 1'], false])
  })

  it('authz G14: a shared filter is asked about as sent', () => {
    const w = world()
    w.denials.add('subscribe $share/g/a')
    const five = w.connected('c', { protocolVersion: 5 }).subscribe('$share/g/a', 'a')
    expect(five.take()).toEqual(['suback 135 1'])
  })

  it.each([
    'a/#/b',
    'a+',
    'a/b#',
    '#a',
    '$share/g',
    '$share//a',
    '$share/g+/a',
    '$share/g/',
    '$SYS/#',
    '$aws/#',
    '$aws/rules/r/#',
    '$aws/things/t/nothing',
    '$aws/jobs/#',
    'x'.repeat(257),
    '1/2/3/4/5/6/7/8/9',
  ])('gateway G30, G33, G42: filter `%s` closes (v3) or gets 143 (v5)', (filter) => {
    const w = world()
    const three = w.connected('a').subscribe(filter)
    expect([three.take(), three.closed]).toEqual([[], true])
    const five = w.connected('b', { protocolVersion: 5 }).subscribe(filter, 'ok')
    expect([five.take(), five.closed]).toEqual([['suback 143 1'], false])
  })

  it.each([
    '$aws/things/t/jobs/get/accepted',
    '$aws/things/t/jobs/+/update/accepted',
    '$aws/things/t/jobs/#',
    '$aws/things/+/jobs/notify-next',
    '$aws/events/#',
    '$aws/certificates/create/json/accepted',
    '$aws/provisioning-templates/T/provision/json/rejected',
    '$share/g/1/2/3/4/5/6/7/8',
  ])('gateway G50, jobs J5: filter `%s` is granted', (filter) => {
    expect(world().connected('a').subscribe(filter).take()[0]).toBe('suback 1')
  })

  it.each([
    '$aws/things/t/shadow/get/accepted',
    '$aws/things/t/shadow/update/delta',
    '$aws/things/t/shadow/name/x/get/accepted',
    '$aws/things/t/shadow/#',
    '$aws/things/t/tunnels/notify',
    '$aws/things/t/defender/metrics/json/accepted',
    '$aws/things/t/streams/s/data/json',
    '$aws/things/t/#',
    '$aws/commands/things/t/executions/+/request/json',
    '$aws/device_location/t/get_position_estimate/accepted',
    '$aws/sitewise/asset-models/m/assets/a/properties/p',
    '$aws/events/presence/connected/t',
  ])('gateway G131: filter `%s` of a feature that may be absent is granted', (filter) => {
    expect(world().connected('a').subscribe(filter).take()[0]).toBe('suback 1')
  })

  it('gateway G41, A6: nine filters in a SUBSCRIBE end the connection, and none is granted', () => {
    const w = world()
    const nine = Array.from({ length: 9 }, (_, index) => `t${index}`)
    const three = w.connected('a', { clean: false }).subscribe(...nine)
    expect([three.take(), three.closed]).toEqual([[], true])
    const five = w.connected('b', { protocolVersion: 5 }).subscribe(...nine)
    expect([five.take(), five.closed]).toEqual([['disconnect 151'], true])
    const told = w.refusals.map(({ packet, detail }) => `${packet}: ${detail}`)
    expect(told).toEqual(Array(2).fill('SUBSCRIBE: a SUBSCRIBE with 9 filters'))
    const again = w.connected('a', { clean: false })
    expect(again.publish('t0').take()).toEqual([])
  })

  it('gateway G41, A6: nine filters in an UNSUBSCRIBE end the connection, and none is removed', () => {
    const w = world()
    const nine = Array.from({ length: 9 }, (_, index) => `t${index}`)
    for (const protocolVersion of [4, 5] as const) {
      const name = `c${protocolVersion}`
      const properties = { sessionExpiryInterval: 60 }
      const lasting = { protocolVersion, clean: false, properties }
      const client = w.connected(name, lasting).subscribe('t0')
      client.take()
      client.send({ cmd: 'unsubscribe', messageId: 3, unsubscriptions: nine })
      const said = protocolVersion === 5 ? ['disconnect 151'] : []
      expect([client.take(), client.closed]).toEqual([said, true])
      const again = w.connected(name, lasting).publish('t0')
      expect(again.take()).toEqual(['publish t0 0 x'])
    }
  })

  it('gateway G41: a 3.1.1 UNSUBSCRIBE of a filter that is none ends the connection', () => {
    const w = world()
    for (const hex of ['a20704d20000000171', 'a20704d20001710000', 'a20904d2000561622f2b65']) {
      const client = w.connected('a').raw(Buffer.from(hex, 'hex'))
      expect([client.take(), client.closed]).toEqual([[], true])
    }
    const five = w.connected('b', { protocolVersion: 5 })
    five.send({ cmd: 'unsubscribe', messageId: 3, unsubscriptions: ['ab/+e', 'x'] })
    expect([five.take(), five.closed]).toEqual([['unsuback 143 0'], false])
  })

  it('gateway G44: a share name of 128 characters beside a filter of 256 bytes is granted', () => {
    const w = world()
    const filter = 'f'.repeat(256)
    expect(
      w
        .connected('a')
        .subscribe(`$share/${'é'.repeat(128)}/${filter}`)
        .take(),
    ).toEqual(['suback 1'])
    const longer = `$share/${'n'.repeat(129)}/t`
    const three = w.connected('b').subscribe(longer)
    expect([three.take(), three.closed]).toEqual([[], true])
    const five = w.connected('c', { protocolVersion: 5 }).subscribe(longer, `$share/g/${filter}f`)
    expect([five.take(), five.closed]).toEqual([['suback 143 143'], false])
  })

  it('gateway G41: the fifty-first filter fails; repeating one of them costs no slot', () => {
    const client = world().connected('a')
    for (let index = 0; index < 50; index++) client.subscribe(`t${index}`)
    client.take()
    client.subscribe('t50', { topic: 't0', qos: 0 })
    expect(client.take()).toEqual(['suback 128 0'])
    client.send({ cmd: 'unsubscribe', messageId: 3, unsubscriptions: ['t1'] })
    client.subscribe('t50')
    expect(client.take()).toEqual(['unsuback', 'suback 1'])
  })

  it('gateway G52: a subscription identifier ends with 161', () => {
    const five = world().connected('a', { protocolVersion: 5 })
    five.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [{ topic: 't', qos: 0 }],
      properties: { subscriptionIdentifier: 7 },
    })
    expect([five.take(), five.closed]).toEqual([['disconnect 161'], true])
  })

  it('gateway G45: an absent filter is acknowledged', () => {
    const w = world()
    const three = w.connected('a')
    three.send({ cmd: 'unsubscribe', messageId: 3, unsubscriptions: ['nothing'] })
    expect(three.take()).toEqual(['unsuback'])
    const five = w.connected('b', { protocolVersion: 5 }).subscribe('t')
    five.take()
    five.send({ cmd: 'unsubscribe', messageId: 3, unsubscriptions: ['t', 'nothing', 'a/#/b'] })
    expect(five.take()).toEqual(['unsuback 0 0 143'])
    expect(five.publish('t').take()).toEqual([])
  })
})

describe('delivery', () => {
  it.each([
    ['sensor/#', 'sensor', false],
    ['sensor/#', 'sensor/', true],
    ['sensor/#', 'sensor/a/b', true],
    ['+', 'a', true],
    ['+', '/a', false],
    ['+/+', '/a', true],
    ['/+', '/a', true],
    ['#', 'a/b', true],
    ['a/+/c', 'a//c', true],
    ['a/+', 'a/b/c', false],
    ['a/b', 'A/b', false],
  ])('gateway G40: filter `%s` and topic `%s` match: %s', (filter, topic, matches) => {
    const w = world()
    const receiver = w.connected('r').subscribe(filter)
    receiver.take()
    w.connected('s').publish(topic)
    expect(receiver.take().length > 0).toBe(matches)
  })

  it.each(['#', '+/things/t/jobs/notify', '+/#'])(
    'gateway G40, A21: filter `%s` never matches `$` topics',
    (filter) => {
      const w = world()
      const receiver = w.connected('r').subscribe(filter, '$aws/things/+/jobs/notify')
      receiver.take()
      const payload = Buffer.from('{}')
      w.broker.publish({ topic: '$aws/things/t/jobs/notify', payload, qos: 0 })
      expect(receiver.take()).toHaveLength(1)
    },
  )

  it('gateway G43, authz G5: iot:Receive is asked for every delivery and denial is silent', () => {
    const w = world()
    const receiver = w.connected('r').subscribe('t')
    receiver.take()
    const sender = w.connected('s')
    w.denials.add('r receive t')
    sender.publish('t', '1')
    w.denials.clear()
    sender.publish('t', '2')
    expect([receiver.take(), receiver.closed]).toEqual([['publish t 0 2'], false])
  })

  it('gateway G46: overlapping subscriptions give one copy at the highest QoS', () => {
    const w = world()
    const receiver = w
      .connected('r')
      .subscribe({ topic: 'a/b', qos: 0 }, { topic: 'a/+', qos: 1 }, { topic: '#', qos: 0 })
    receiver.take()
    w.connected('s').publish('a/b', 'x', { qos: 1 })
    expect(receiver.take()).toEqual(['publish a/b 1 x'])
  })

  it('gateway G44: a shared subscription gives each message to one online member', () => {
    const w = world()
    const filter = '$share/g/t'
    const members = ['a', 'b', 'c'].map((id) => w.connected(id).subscribe(filter))
    for (const member of members) member.take()
    const sender = w.connected('s')
    for (const [index, random] of [0, 0.34, 0.99].entries()) {
      w.random = () => random
      sender.publish('t', String(index))
    }
    expect(members.map((member) => member.take())).toEqual([
      ['publish t 0 0'],
      ['publish t 0 1'],
      ['publish t 0 2'],
    ])
  })

  it('gateway G44: an absent persistent member queues only when nobody is online', () => {
    const w = world()
    w.connected('away', { clean: false }).subscribe('$share/g/t').connection.lost()
    const here = w.connected('here').subscribe('$share/g/t')
    here.take()
    const sender = w.connected('s').publish('t', '1', { qos: 1 })
    expect(here.takeAndAck()).toEqual(['publish t 1 1'])
    here.connection.lost()
    sender.publish('t', '2', { qos: 1 })
    const back = w.client().connect('away', { clean: false })
    expect(back.take()).toEqual(['connack 0 present', 'publish t 1 2'])
  })

  it('gateway G44: at most 100 groups and 100 members a group', () => {
    const w = world()
    for (let index = 0; index < 100; index++) w.connected(`m${index}`).subscribe('$share/g0/t')
    expect(w.connected('m100').subscribe('$share/g0/t').take()).toEqual(['suback 128'])
    for (let index = 1; index < 100; index++)
      w.connected(`n${index}`).subscribe(`$share/g${index}/t`)
    expect(w.connected('n100', { protocolVersion: 5 }).subscribe('$share/g100/t').take()).toEqual([
      'suback 151',
    ])
  })

  it('gateway G56: No Local keeps a message from its publisher, not from others', () => {
    const w = world()
    const five = w
      .connected('a', { protocolVersion: 5 })
      .subscribe({ topic: 't', qos: 0, nl: true })
    const other = w
      .connected('b', { protocolVersion: 5 })
      .subscribe({ topic: 't', qos: 0, nl: true })
    five.take()
    other.take()
    five.publish('t')
    expect([five.take(), other.take()]).toEqual([[], ['publish t 0 x']])
    const shared = w.connected('c', { protocolVersion: 5 })
    shared.subscribe({ topic: '$share/g/t', qos: 0, nl: true })
    expect(shared.take()).toEqual(['disconnect 130'])
  })

  it('gateway G119: one event a packet names the filters', () => {
    const w = world()
    const watcher = w.connected('w').subscribe('$aws/events/subscriptions/#')
    watcher.packets.length = 0
    const client = w.connected('a', { protocolVersion: 5 })
    w.denials.add('subscribe c')
    client.subscribe('a', 'b', 'c')
    client.send({ cmd: 'unsubscribe', messageId: 3, unsubscriptions: ['a', 'nothing'] })
    const events = watcher.packets.map((packet) => {
      if (packet.cmd !== 'publish') throw new Error(packet.cmd)
      return [packet.topic, JSON.parse(packet.payload.toString()) as unknown]
    })
    const common = {
      clientId: 'a',
      timestamp: w.nowMs(),
      sessionIdentifier: client.connection.id,
      principalIdentifier: 'cert-1',
    }
    expect(events).toEqual([
      [
        '$aws/events/subscriptions/subscribed/a',
        { ...common, eventType: 'subscribed', topics: ['a', 'b'] },
      ],
      [
        '$aws/events/subscriptions/unsubscribed/a',
        { ...common, eventType: 'unsubscribed', topics: ['a'] },
      ],
    ])
  })
})

describe('retained messages', () => {
  it('gateway G38: replay on the exact topic with RETAIN 1, live forwarding with RETAIN 0', () => {
    const w = world()
    const live = w.connected('live').subscribe('a/b')
    live.take()
    w.connected('s').publish('a/b', 'kept', { retain: true, qos: 1 })
    expect(live.takeAndAck()).toEqual(['publish a/b 1 kept'])
    const late = w.connected('late').subscribe('a/+', '#', '$share/g/a/b')
    expect(late.take()).toEqual(['suback 1 1 1'])
    late.subscribe('a/b')
    expect(late.takeAndAck()).toEqual(['suback 1', 'publish a/b 1 retain kept'])
    late.subscribe('a/b')
    expect(late.takeAndAck()).toEqual(['suback 1', 'publish a/b 1 retain kept'])
  })

  it('gateway G37: an empty payload clears, and is delivered', () => {
    const w = world()
    const client = w.connected('a').publish('t', 'kept', { retain: true })
    client.subscribe('t')
    client.take()
    client.publish('t', '', { retain: true })
    expect(client.take()).toEqual(['publish t 0 '])
    expect(client.subscribe('t').take()).toEqual(['suback 1'])
    expect(w.broker.retainedCount).toBe(0)
  })

  it('authz G6: iot:Receive applies to the replay', () => {
    const w = world()
    w.connected('s').publish('t', 'kept', { retain: true })
    w.denials.add('receive t')
    expect(w.connected('a').subscribe('t').take()).toEqual(['suback 1'])
  })

  it('gateway G38: message expiry removes a retained message', () => {
    const w = world()
    w.connected('s', { protocolVersion: 5 }).publish('t', 'kept', {
      retain: true,
      properties: { messageExpiryInterval: 10 },
    })
    w.advance(10_000)
    expect([w.broker.retainedCount, w.records.size('mqtt-retained')]).toEqual([0, 0])
  })

  it('gateway G56: Retain Handling and Retain As Published follow the standard', () => {
    const w = world()
    const five = w.connected('a', { protocolVersion: 5 }).publish('t', 'kept', { retain: true })
    five.subscribe({ topic: 't', qos: 0, rh: 2 })
    expect(five.take()).toEqual(['suback 0'])
    five.subscribe({ topic: 't', qos: 0, rh: 1 })
    expect(five.take()).toEqual(['suback 0'])
    five.subscribe({ topic: 't', qos: 0, rh: 0, rap: true })
    expect(five.take()).toEqual(['suback 0', 'publish t 0 retain kept'])
    five.publish('t', 'new', { retain: true })
    expect(five.take()).toEqual(['publish t 0 retain new'])
  })
})
