/**
 * MQTT 5 packets with properties that may not stand there: the connection ends with 129 or 130, and
 * the will, which a clean DISCONNECT would have dropped, is published.
 */
import { describe, expect, it } from 'vitest'
import { world, type TestClient, type World } from './harness.ts'

const topicP = '000170'
const reason = `1f${topicP}`
const user = '26000161000162'

/** A byte in hex; of all lengths here one is enough. */
const byte = (value: number): string => value.toString(16).padStart(2, '0')
/** A property list with its length. */
const list = (properties: string): string => byte(properties.length / 2) + properties
/** A packet with its length. */
const packet = (header: string, body: string): string => header + byte(body.length / 2) + body
const connect = (properties: string): string =>
  packet('10', `00044d5154540502000a${list(properties)}${topicP}`)

describe('MQTT 5 section 2.2.2.2', () => {
  it.each([
    ['DISCONNECT: Reason String twice', packet('e0', `00${list(reason + reason)}`), 130],
    ['DISCONNECT: a Receive Maximum', packet('e0', `00${list('210101')}`), 129],
    ['DISCONNECT: a property cut short', packet('e0', `00${list('01')}`), 129],
    ['DISCONNECT: a list longer than it says', packet('e0', '0003210001'), 129],
    ['DISCONNECT: a length past the packet', packet('e0', `0009${reason}`), 129],
    ['DISCONNECT: bytes behind the list', packet('e0', `00${list(reason)}00`), 129],
    ['DISCONNECT: a code that does not exist', packet('e0', '01'), 129],
    ['DISCONNECT: a code of servers', packet('e0', '8b'), 129],
    ['PUBACK: a code that does not exist', packet('40', '0001ff00'), 129],
    ['PUBACK: bytes behind the list', packet('40', '0001000000'), 129],
    ['PUBACK: an unknown property', packet('40', `000100${list('0401')}`), 129],
    ['PUBACK: a Reason String that is no text', packet('40', `000100${list('1f0001ff')}`), 129],
    ['SUBSCRIBE: Payload Format', packet('82', `0001${list('0101')}${topicP}00`), 129],
    ['SUBSCRIBE: identifier twice', packet('82', `0001${list('0b010b01')}${topicP}00`), 130],
    ['SUBSCRIBE: identifier 0', packet('82', `0001${list('0b00')}${topicP}00`), 130],
    ['SUBSCRIBE: an empty filter', packet('82', `0001${list('')}000000`), 129],
    ['UNSUBSCRIBE: Payload Format', packet('a2', `0001${list('0101')}${topicP}`), 129],
    ['UNSUBSCRIBE: an empty filter', packet('a2', `0001${list('')}${topicP}0000`), 129],
    ['PUBLISH: a Maximum QoS', packet('30', `${topicP}${list('2401')}78`), 129],
    [
      'PUBLISH: Content Type twice',
      packet('30', `${topicP}${list(`03${topicP}03${topicP}`)}`),
      130,
    ],
    ['a packet of type 0, not waited for', '0ac0', 129],
  ])('%s', (_, hex, code) => {
    const w = world()
    const { client, watcher } = withWill(w)
    client.raw(Buffer.from(hex, 'hex'))
    expect([client.take(), client.closed]).toEqual([[`disconnect ${code}`], true])
    expect(watcher.take()).toEqual(['publish gone 1 will'])
    expect(w.refusals).toHaveLength(1)
  })

  it.each([
    ['Topic Alias Maximum twice', '220101220101'],
    ['Request Response Information 2', '1902'],
    ['Request Problem Information 2', '1702'],
    ['Authentication Data without a method', `16${topicP}`],
    ['a Subscription Identifier', '0b01'],
    ['a Receive Maximum of 0', '210000'],
    ['a Maximum Packet Size of 0', '2700000000'],
    ['a property cut short', '1100'],
  ])('CONNECT: %s, closed without an answer', (_, properties) => {
    const client = world()
      .client(5)
      .raw(Buffer.from(connect(properties), 'hex'))
    expect([client.take(), client.closed]).toEqual([[], true])
  })

  it.each(Object.entries(places))(
    '%s: of all 256 identifiers only its own are taken',
    (_, place) => {
      const wrong: number[] = []
      for (let identifier = 0; identifier < 256; identifier++) {
        const properties = byte(identifier) + (values[identifier] ?? '00')
        const client = place.isConnect
          ? world().client(5)
          : world().connected('c', { protocolVersion: 5 })
        client.raw(Buffer.from(place.write(list(properties)), 'hex'))
        const answer = client.take()[0] ?? ''
        const taken = place.ends ? answer === '' : !client.closed
        if (taken !== place.own.includes(identifier)) wrong.push(identifier)
      }
      expect(wrong).toEqual([])
    },
  )

  it('properties that may stand there are taken, user properties as often as wanted', () => {
    const all = `1100000001210001220001170019012700001000${user}${user}`
    const client = world()
      .client(5)
      .raw(Buffer.from(connect(all), 'hex'))
    expect(client.take()).toEqual(['connack 0'])
    const taken = [
      packet('40', `000110${list(reason + user + user)}`),
      packet('82', `0001${list(user)}${topicP}00`),
      packet('a2', `0002${list(user + user)}${topicP}`),
    ]
    for (const hex of taken) client.raw(Buffer.from(hex, 'hex'))
    expect([client.take(), client.closed]).toEqual([['suback 0', 'unsuback 0'], false])
    client.raw(Buffer.from(packet('e0', `00${list(`1100000000${reason}${user}`)}`), 'hex'))
    expect([client.take(), client.closed]).toEqual([[], true])
  })
})

/** MQTT 5 table 2-4: a good value of each property. */
const values: Readonly<Record<number, string>> = {
  ...Object.fromEntries([1, 23, 25, 36, 37, 40, 41, 42].map((flag) => [flag, '01'])),
  ...Object.fromEntries([2, 17, 24, 39].map((four) => [four, '00001000'])),
  ...Object.fromEntries([19, 33, 34, 35].map((two) => [two, '0001'])),
  ...Object.fromEntries([3, 8, 9, 18, 21, 22, 26, 28, 31].map((text) => [text, topicP])),
  11: '01',
  38: '000161000162',
}

/** The same table, by packet: who may have what, and how it is written with a property list. */
interface Place {
  readonly own: readonly number[]
  readonly write: (properties: string) => string
  readonly isConnect?: boolean
  /** The connection ends either way: a good one is answered with nothing. */
  readonly ends?: boolean
}
const places: Readonly<Record<string, Place>> = {
  CONNECT: {
    // Authentication Method (21) is AWS's to refuse, Authentication Data (22) needs one.
    own: [17, 23, 25, 33, 34, 38, 39],
    write: (properties) => packet('10', `00044d5154540502000a${properties}${topicP}`),
    isConnect: true,
  },
  // A Subscription Identifier (11) is for servers to send.
  PUBLISH: { own: [1, 2, 3, 8, 9, 35, 38], write: (list) => packet('30', `${topicP}${list}78`) },
  PUBACK: { own: [31, 38], write: (list) => packet('40', `000100${list}`) },
  // A Subscription Identifier (11) is refused by AWS.
  SUBSCRIBE: { own: [38], write: (list) => packet('82', `0001${list}${topicP}00`) },
  UNSUBSCRIBE: { own: [38], write: (list) => packet('a2', `0001${list}${topicP}`) },
  // From 0 no Session Expiry Interval (17) may go up (gateway G23).
  DISCONNECT: { own: [28, 31, 38], write: (list) => packet('e0', `00${list}`), ends: true },
}

/** A client with a will, and who hears it. */
function withWill(w: World): { client: TestClient; watcher: TestClient } {
  const watcher = w.connected('w').subscribe('gone')
  watcher.take()
  const will = { topic: 'gone', payload: 'will', qos: 1 as const }
  return { client: w.connected('c', { protocolVersion: 5, will }), watcher }
}
