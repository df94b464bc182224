/** The rate profile: off by default; each quota in its documented shape. */
import { describe, expect, it } from 'vitest'
import { world } from './harness.ts'

const aws = { bounds: { rateQuotas: 'aws' } } as const

describe('rate quotas', () => {
  it('gateway G123: nothing is throttled unless the profile is on', () => {
    const w = world()
    const client = w.connected('a')
    w.connected('a')
    const again = w.connected('a')
    for (let count = 0; count < 200; count++) again.publish('t', '', { qos: 1 })
    expect([client.closed, again.take()]).toEqual([true, Array(200).fill('puback 0')])
  })

  it('gateway G20: a second CONNECT within a second is refused and the live session is not disturbed', () => {
    const w = world(aws)
    const live = w.connected('a')
    w.advanceWall(500)
    expect(w.client(5).connect('a').take()).toEqual(['connack 151'])
    const three = w.client().connect('a')
    expect([three.take(), three.closed, live.closed]).toEqual([[], true, false])
    w.advanceWall(500)
    expect(w.client().connect('a').take()).toEqual(['connack 0'])
  })

  it('gateway G18, G20: clients that are given an identifier do not wait for each other', () => {
    const w = world(aws)
    const answers = [4, 5, 4].map((version) =>
      w
        .client(version as 4 | 5)
        .connect('')
        .take(),
    )
    expect(answers).toEqual([['connack 0'], ['connack 0'], ['connack 0']])
  })

  it('gateway G20: who may not connect does not use up the turn of the client that may', () => {
    const w = world(aws)
    w.denials.add('connect')
    expect(w.client(5).connect('a').take()).toEqual(['connack 135'])
    w.denials.delete('connect')
    expect(w.client(5).connect('a').take()).toEqual(['connack 0'])
  })

  it('gateway G20, G123: 3000 CONNECTs a second of an account, and what is refused is released', () => {
    const w = world(aws)
    const released: string[] = []
    const allowed = { allowed: true }
    const authorizer = (clientId: string) => ({
      connect: () => allowed,
      publish: () => allowed,
      retainPublish: () => allowed,
      subscribe: () => allowed,
      receive: () => true,
      release: () => released.push(clientId),
    })
    const connect = (clientId: string): string[] =>
      w
        .client(5, {
          authenticate: () => ({
            ok: true,
            client: { principalId: 'p', authorizer: authorizer(clientId) },
          }),
        })
        .connect(clientId)
        .take()
    expect([connect('a'), connect('a')]).toEqual([['connack 0'], ['connack 151']])
    expect(released).toEqual(['a'])
    for (let count = 2; count < 3000; count++) connect(`c${count}`)
    expect(connect('b')).toEqual(['connack 151'])
    w.advanceWall(1000)
    expect(connect('b')).toEqual(['connack 0'])
  })

  it('gateway G123: counts of the account hold without the profile', () => {
    const w = world({ bounds: { connectionsMax: 2, subscriptionsMax: 3 } })
    const five = { protocolVersion: 5 } as const
    const first = w.connected('a', five).subscribe('1', '2')
    const second = w.connected('b', five).subscribe('2', '3', '2')
    expect(w.client(5).connect('c').take()).toEqual(['connack 151'])
    first.take()
    expect(second.take()).toEqual(['suback 1 151 1'])
    first.send({ cmd: 'unsubscribe', messageId: 9, unsubscriptions: ['1'] })
    expect(first.subscribe('2', '4').take()).toEqual(['unsuback 0', 'suback 1 1'])
    first.connection.lost()
    expect(second.subscribe('5', '6', '7').take()).toEqual(['suback 1 1 151'])
  })

  it('gateway G35: the 101st publish of a second is discarded: no PUBACK (v3), 151 (v5)', () => {
    for (const protocolVersion of [4, 5] as const) {
      const w = world(aws)
      const client = w.connected('a', { protocolVersion })
      for (let count = 0; count < 101; count++) client.publish('t', '', { qos: 1 })
      const answers = client.take()
      expect(answers.slice(99)).toEqual(
        protocolVersion === 5 ? ['puback 0', 'puback 151'] : ['puback 0'],
      )
      w.advanceWall(1000)
      expect(client.publish('t', '', { qos: 1 }).take()).toEqual(['puback 0'])
    }
  })

  it('gateway G35: deliveries count too', () => {
    const w = world(aws)
    const client = w.connected('a').subscribe({ topic: 't', qos: 0 })
    client.take()
    for (let count = 0; count < 150; count++) {
      w.broker.publish({ topic: 't', payload: Buffer.from('x'), qos: 0 })
    }
    expect(client.take()).toHaveLength(100)
  })

  it('gateway G25: 500 waiting messages a second are taken in, the rest is dropped', () => {
    const w = world(aws)
    w.connected('a', { clean: false }).subscribe('t').connection.lost()
    for (let count = 0; count < 600; count++) {
      w.broker.publish({ topic: 't', payload: Buffer.from('x'), qos: 1 })
    }
    expect(w.records.size('mqtt-delivery')).toBe(500)
  })

  it('gateway G39: one retained publish a second for each topic', () => {
    const w = world(aws)
    const client = w.connected('a', { protocolVersion: 5 })
    const retain = { qos: 1, retain: true } as const
    client.publish('t', '1', retain).publish('t', '2', retain).publish('u', '3', retain)
    expect(client.take()).toEqual(['puback 0', 'puback 151', 'puback 0'])
    expect(Buffer.from(w.broker.retainedMessage('t')?.payload ?? []).toString()).toBe('1')
  })

  it('gateway G39, G123: what is published over HTTPS counts with it', () => {
    const w = world(aws)
    const overHttps = (topic: string, retain: boolean): boolean =>
      w.broker.mayPublish({ topic, payload: Buffer.from('x'), qos: 0, retain })
    const client = w.connected('a', { protocolVersion: 5 })
    expect([overHttps('t', true), overHttps('t', true)]).toEqual([true, false])
    expect(client.publish('t', '1', { qos: 1, retain: true }).take()).toEqual(['puback 151'])
    for (let count = 4; count < 20_000; count++) overHttps('u', false)
    expect([overHttps('u', false), overHttps('u', false)]).toEqual([true, false])
    expect(client.publish('u', '1', { qos: 1 }).take()).toEqual(['puback 151'])
  })
})
