/** What the operator is told: every refusal once, with AWS's word and what would mend it. */
import { describe, expect, it } from 'vitest'
import { world, type World } from './harness.ts'

type Refuse = (w: World) => void

const on =
  (...[act]: [(client: ReturnType<World['connected']>) => void]): Refuse =>
  (w) =>
    act(w.connected('a'))
const on5 =
  (act: (client: ReturnType<World['connected']>) => void): Refuse =>
  (w) =>
    act(w.connected('a', { protocolVersion: 5 }))
const connect =
  (clientId: string, more: object = {}): Refuse =>
  (w) =>
    w.client().connect(clientId, more)

const CLIENT_ERROR = 'CLIENT_ERROR'
const nine = Array.from({ length: 9 }, (_, n) => `a/${n}`)

describe('a refusal is told once', () => {
  it.each<[name: string, packet: string, reason: string, detail: string, refuse: Refuse]>([
    ['gateway G18: a client ID', 'CONNECT', CLIENT_ERROR, 'client identifier `$a`', connect('$a')],
    [
      'gateway G29: a will with QoS 2',
      'CONNECT',
      CLIENT_ERROR,
      'a will with QoS 2',
      connect('a', { will: { topic: 't', payload: '', qos: 2 } }),
    ],
    [
      'gateway G28: a will on a reserved topic',
      'CONNECT',
      CLIENT_ERROR,
      'will: reserved topic `$aws/x`',
      connect('a', { will: { topic: '$aws/x', payload: '' } }),
    ],
    [
      'gateway G22: no CONNECT',
      'CONNECT',
      CLIENT_ERROR,
      'not a CONNECT',
      (w) => {
        w.client().raw(Buffer.from('GET / HTTP/1.1'))
      },
    ],
    [
      'gateway G22: CONNECT too late',
      'CONNECT',
      CLIENT_ERROR,
      'no CONNECT in time',
      (w) => {
        w.client()
        w.advanceWall(30_000)
      },
    ],
    [
      'gateway G22: a second CONNECT',
      'CONNECT',
      CLIENT_ERROR,
      'a second CONNECT',
      on((client) => {
        client.connect('a')
      }),
    ],
    [
      'gateway G29: PUBLISH with QoS 2',
      'PUBLISH',
      CLIENT_ERROR,
      'a PUBLISH with QoS 2',
      on((client) => client.publish('t', 'x', { qos: 2 })),
    ],
    [
      'gateway G30: a topic too deep',
      'PUBLISH',
      CLIENT_ERROR,
      'a topic with more than seven slashes',
      on((client) => client.publish('a/b/c/d/e/f/g/h/i')),
    ],
    [
      'gateway G30: a topic too deep, told by PUBACK in MQTT 5',
      'PUBLISH',
      CLIENT_ERROR,
      'a topic with more than seven slashes',
      on5((client) => client.publish('a/b/c/d/e/f/g/h/i', 'x', { qos: 1 })),
    ],
    [
      'gateway G33: a reserved topic',
      'PUBLISH',
      CLIENT_ERROR,
      'reserved topic `$SYS/x`',
      on((client) => client.publish('$SYS/x')),
    ],
    [
      'gateway G33: RETAIN on a reserved topic',
      'PUBLISH',
      CLIENT_ERROR,
      'RETAIN on reserved topic `$aws/things/t/jobs/get`',
      on((client) => client.publish('$aws/things/t/jobs/get', 'x', { retain: true })),
    ],
    [
      'gateway G31: a payload too large',
      'MQTT',
      'PAYLOAD_LIMIT_EXCEEDED',
      'a payload of 131073 bytes',
      on((client) => client.publish('t', 'x'.repeat(131_073))),
    ],
    [
      'gateway G52: an alias that is none',
      'PUBLISH',
      CLIENT_ERROR,
      'topic alias 9',
      on5((client) => client.publish('t', 'x', { properties: { topicAlias: 9 } })),
    ],
    [
      'gateway G29: SUBSCRIBE with QoS 2',
      'SUBSCRIBE',
      CLIENT_ERROR,
      'a SUBSCRIBE with QoS 2',
      on((client) => client.subscribe({ topic: 't', qos: 2 })),
    ],
    [
      'gateway G41: nine filters',
      'SUBSCRIBE',
      CLIENT_ERROR,
      'a SUBSCRIBE with 9 filters',
      on((client) => client.subscribe(...nine)),
    ],
    [
      'gateway G44: an invalid share',
      'SUBSCRIBE',
      CLIENT_ERROR,
      'a `$share` filter without a filter: filter `$share/x`',
      on((client) => client.subscribe('$share/x')),
    ],
    [
      'gateway G33: a reserved filter',
      'SUBSCRIBE',
      CLIENT_ERROR,
      'reserved filter `$SYS/#`',
      on((client) => client.subscribe('$SYS/#')),
    ],
    [
      'gateway G41: too many subscriptions',
      'SUBSCRIBE',
      'THROTTLED',
      'filter `b/50` is above the limit of subscriptions',
      on((client) => {
        for (let n = 0; n < 51; n++) client.subscribe(`b/${n}`)
      }),
    ],
    [
      'gateway G29: PUBREC',
      'MQTT',
      CLIENT_ERROR,
      'a PUBREC',
      on((client) => {
        client.send({ cmd: 'pubrec', messageId: 1 })
      }),
    ],
    [
      'gateway G22: bytes that are no MQTT',
      'MQTT',
      CLIENT_ERROR,
      'a malformed packet: Not supported',
      on((client) => {
        client.raw(Uint8Array.of(0x00, 0x00))
      }),
    ],
    [
      'gateway G19: takeover',
      'DISCONNECT',
      'DUPLICATE_CLIENTID',
      'another connection came with this client identifier',
      (w) => {
        w.connected('a')
        w.connected('a')
      },
    ],
    [
      'gateway G21: silence',
      'DISCONNECT',
      'MQTT_KEEP_ALIVE_TIMEOUT',
      'nothing came within one and a half times 60 s',
      (w) => {
        w.connected('a', { keepalive: 60 })
        w.advance(90_000)
      },
    ],
    [
      'gateway G13: a deactivated certificate',
      'DISCONNECT',
      'AUTH_ERROR',
      'the certificate is ACTIVE no more',
      (w) => {
        w.connected('a')
        w.broker.disconnectPrincipal('cert-1')
      },
    ],
  ])('%s', (_name, packet, reason, detail, refuse) => {
    const w = world()
    refuse(w)
    expect(w.refusals).toEqual([
      expect.objectContaining({ packet, reason, detail, sourceIp: '192.0.2.7' }),
    ])
    const [told] = w.refusals
    expect(told?.hint).toMatch(/^[a-z]/)
    expect(told?.clientId === undefined || told.clientId.endsWith('a')).toBe(true)
  })

  it('denials by policy are told by who decides, what is accepted by nobody', () => {
    const w = world()
    w.denials.add('publish denied')
    const client = w.connected('a')
    client.subscribe('a/+').publish('a/b', 'x', { qos: 1 })
    client.publish('denied')
    w.connected('b').send({ cmd: 'disconnect' })
    expect(w.refusals).toEqual([])
  })
})
