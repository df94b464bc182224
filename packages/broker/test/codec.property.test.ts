/**
 * The packets written by hand (PUBLISH both ways, PUBACK, PINGREQ) against mqtt-packet, and the
 * filter tree against the plain matching rule.
 */
import * as fc from 'fast-check'
import { generate, parser, type IPublishPacket, type Packet } from 'mqtt-packet'
import { describe, expect, it } from 'vitest'
import { encodePublish } from '../src/codec/encode-publish.ts'
import { PacketDecoder } from '../src/codec/packet-decoder.ts'
import type { InboundPacket } from '../src/codec/packets.ts'
import { SubscriptionTree } from '../src/subscription-tree.ts'
import { filterMatches, parseFilter } from '../src/topic.ts'

const connect = (protocolVersion: 4 | 5): Buffer =>
  generate({ cmd: 'connect', clientId: 'a', protocolVersion, clean: true, keepalive: 60 })

const text = fc
  .string({ unit: 'binary', maxLength: 30 })
  .filter((one) => !one.includes('\0') && one.isWellFormed())
const topic = text.filter((one) => one !== '')
const version = fc.constantFrom(4 as const, 5 as const)

const properties = fc.record(
  {
    payloadFormatIndicator: fc.boolean(),
    messageExpiryInterval: fc.integer({ min: 0, max: 0xffff_ffff }),
    topicAlias: fc.integer({ min: 1, max: 0xffff }),
    responseTopic: topic.filter((one) => !/[+#]/.test(one)),
    correlationData: fc.uint8Array({ minLength: 1, maxLength: 20 }).map((one) => Buffer.from(one)),
    contentType: text.filter((one) => one !== ''),
    userProperties: fc.dictionary(
      fc.constantFrom('a', 'b', 'ä'),
      fc.oneof(topic, fc.array(topic, { minLength: 2, maxLength: 3 })),
      { noNullPrototype: true, minKeys: 1 },
    ),
  },
  { requiredKeys: [] },
)

const publish = fc
  .record({
    topic,
    payload: fc.uint8Array({ maxLength: 400 }).map((one) => Buffer.from(one)),
    qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
    retain: fc.boolean(),
    messageId: fc.integer({ min: 1, max: 65_535 }),
    properties,
  })
  .map((one): IPublishPacket => ({ cmd: 'publish', dup: false, ...one }))

/** Everything the decoder makes of bytes that follow a CONNECT, fed in pieces. */
function decode(protocolVersion: 4 | 5, bytes: Buffer, cuts: readonly number[] = []) {
  const decoder = new PacketDecoder()
  const found: InboundPacket[] = []
  const all = Buffer.concat([connect(protocolVersion), bytes])
  const ends = [...new Set(cuts.map((cut) => cut % (all.length + 1)))].sort((a, b) => a - b)
  let from = 0
  for (const end of [...ends, all.length]) {
    decoder.push(Uint8Array.from(all.subarray(from, end)))
    from = end
    for (let next = decoder.next(); next !== undefined; next = decoder.next()) found.push(next)
  }
  return found.slice(1)
}

describe('codec', () => {
  it('decision 12: a PUBLISH decodes as mqtt-packet decodes it, cut anywhere', () => {
    fc.assert(
      fc.property(version, publish, fc.array(fc.nat(), { maxLength: 5 }), (v, sent, cuts) => {
        const bytes = generate(sent, { protocolVersion: v })
        const [ours] = decode(v, bytes, cuts)
        let theirs: Packet | undefined
        const reference = parser({ protocolVersion: v })
        reference.on('packet', (packet) => (theirs = packet))
        reference.parse(bytes)
        if (theirs?.cmd !== 'publish') throw new Error('mqtt-packet made no PUBLISH')
        const expiry = theirs.properties?.messageExpiryInterval
        expect(ours).toMatchObject({
          cmd: 'publish',
          topic: theirs.topic,
          qos: theirs.qos,
          retain: theirs.retain,
          packetId: theirs.qos > 0 ? theirs.messageId : 0,
          messageExpirySeconds: expiry,
          topicAlias: theirs.properties?.topicAlias,
        })
        if (ours?.cmd !== 'publish') throw new Error('no PUBLISH')
        expect(Buffer.from(ours.payload)).toEqual(Buffer.from(theirs.payload))
        expect(grouped(ours.properties?.userProperties)).toEqual(
          grouped(pairs(theirs.properties?.userProperties)),
        )
        expect(ours.properties?.contentType).toEqual(theirs.properties?.contentType)
        expect(ours.properties?.responseTopic).toEqual(theirs.properties?.responseTopic)
      }),
      { numRuns: 500 },
    )
  })

  it('gateway G53: an encoded PUBLISH reads back in mqtt-packet as it was', () => {
    fc.assert(
      fc.property(version, publish, (protocolVersion, sent) => {
        const { payloadFormatIndicator, correlationData, ...rest } = sent.properties ?? {}
        const qos = sent.qos === 2 ? 1 : sent.qos
        const bytes = encodePublish(
          {
            topic: sent.topic,
            payload: Buffer.from(sent.payload),
            qos,
            retain: sent.retain,
            expiresAtMs: Infinity,
            publisherClientId: undefined,
            properties: {
              ...(payloadFormatIndicator === undefined
                ? {}
                : { payloadFormatIndicator: payloadFormatIndicator ? 1 : 0 }),
              ...(correlationData === undefined ? {} : { correlationData }),
              ...(rest.contentType === undefined ? {} : { contentType: rest.contentType }),
              userProperties: pairs(rest.userProperties),
            },
          },
          { protocolVersion, qos, retain: sent.retain, expirySeconds: rest.messageExpiryInterval },
          sent.messageId ?? 1,
        )
        let back: Packet | undefined
        const reader = parser({ protocolVersion })
        reader.on('packet', (packet) => (back = packet))
        reader.parse(bytes)
        if (back?.cmd !== 'publish') throw new Error('no PUBLISH')
        expect(back).toMatchObject({ topic: sent.topic, qos, retain: sent.retain })
        expect(back.payload).toEqual(sent.payload)
        if (qos === 1) expect(back.messageId).toBe(sent.messageId)
        if (protocolVersion === 4) return
        expect(back.properties?.messageExpiryInterval).toBe(rest.messageExpiryInterval)
        expect(back.properties?.correlationData).toEqual(correlationData)
        expect(grouped(pairs(back.properties?.userProperties))).toEqual(
          grouped(pairs(rest.userProperties)),
        )
      }),
      { numRuns: 500 },
    )
  })

  it('PUBACK and PINGREQ decode as mqtt-packet writes them', () => {
    for (const v of [4, 5] as const) {
      const written = [
        generate({ cmd: 'puback', messageId: 513, reasonCode: 0 }, { protocolVersion: v }),
        generate({ cmd: 'pingreq' }, { protocolVersion: v }),
      ]
      expect(decode(v, Buffer.concat(written))).toEqual([
        { cmd: 'puback', packetId: 513, reasonCode: 0 },
        { cmd: 'pingreq' },
      ])
    }
  })

  it.each([
    ['PUBLISH with packet identifier 0', [0x32, 5, 0, 1, 0x74, 0, 0]],
    ['PUBLISH with QoS 3', [0x36, 5, 0, 1, 0x74, 0, 1]],
    ['PUBLISH with DUP and QoS 0', [0x38, 3, 0, 1, 0x74]],
    ['a topic with NUL', [0x30, 4, 0, 2, 0x74, 0]],
    ['a topic with invalid UTF-8', [0x30, 4, 0, 2, 0xc3, 0x28]],
    ['a topic with a surrogate', [0x30, 5, 0, 3, 0xed, 0xa0, 0x80]],
    ['a topic past the end', [0x30, 3, 0, 9, 0x74]],
    ['SUBSCRIBE with packet identifier 0', [0x82, 6, 0, 0, 0, 1, 0x74, 0]],
    ['SUBSCRIBE without filters', [0x82, 2, 0, 1]],
    ['SUBSCRIBE with wrong flags', [0x80, 6, 0, 1, 0, 1, 0x74, 0]],
    ['SUBSCRIBE with QoS 3', [0x82, 6, 0, 1, 0, 1, 0x74, 3]],
    ['a filter with invalid UTF-8', [0x82, 7, 0, 1, 0, 2, 0xc3, 0x28, 0]],
    ['a filter with NUL', [0x82, 7, 0, 1, 0, 2, 0x74, 0, 0]],
    ['UNSUBSCRIBE with packet identifier 0', [0xa2, 5, 0, 0, 0, 1, 0x74]],
    ['UNSUBSCRIBE without filters', [0xa2, 2, 0, 1]],
    ['PUBACK with packet identifier 0', [0x40, 2, 0, 0]],
    ['PUBACK that ends early', [0x40, 1, 0]],
    ['PINGREQ with flags', [0xc1, 0]],
    ['PINGREQ with a body', [0xc0, 1, 0]],
    ['DISCONNECT with a body', [0xe0, 1, 0]],
    ['packet type 0', [0x00, 0]],
    ['a Remaining Length of five bytes', [0x30, 0x80, 0x80, 0x80, 0x80, 0x01]],
  ])('decision 12: %s is malformed', (_, bytes) => {
    expect(decode(4, Buffer.from(bytes))[0]).toMatchObject({ cmd: 'fault' })
  })

  it('[MQTT-1.5.4-3]: U+FEFF and U+FFFD are kept where they were sent', () => {
    const odd = '\uFEFFa\uFFFD'
    const bytes = generate({
      cmd: 'publish',
      topic: odd,
      payload: '',
      qos: 0,
      dup: false,
      retain: false,
    })
    expect(decode(4, bytes)[0]).toMatchObject({ cmd: 'publish', topic: odd })
    const subscribe = generate({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [{ topic: odd, qos: 0 }],
    })
    expect(decode(4, subscribe)[0]).toMatchObject({
      cmd: 'subscribe',
      subscriptions: [{ filter: odd }],
    })
  })
})

describe('topics', () => {
  const level = fc.constantFrom('a', 'b', '', '$a')
  const name = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'))
  const filter = fc
    .tuple(
      fc.array(fc.oneof(level, fc.constant('+')), { maxLength: 3 }),
      fc.constantFrom('#', '+', 'a'),
    )
    .map(([levels, last]) => [...levels, last].join('/'))
    .filter((one) => typeof parseFilter(one) !== 'string')

  it('gateway G40: the tree finds exactly the filters that match, through additions and removals', () => {
    fc.assert(
      fc.property(
        fc.array(filter, { maxLength: 12 }),
        fc.array(fc.nat(20)),
        name,
        (filters, gone, at) => {
          const tree = new SubscriptionTree<string>()
          const kept = new Set<string>()
          for (const one of filters) {
            if (tree.get(one) === undefined) tree.set(one, one)
            kept.add(one)
          }
          for (const index of gone) {
            const one = filters[index]
            if (one === undefined || !kept.has(one)) continue
            tree.delete(one)
            kept.delete(one)
          }
          const found: string[] = []
          tree.match(at, (leaf) => found.push(leaf))
          expect(found.sort()).toEqual([...kept].filter((one) => filterMatches(one, at)).sort())
          expect(tree.reaches(at)).toBe(found.length > 0)
        },
      ),
      { numRuns: 2000 },
    )
  })
})

function pairs(user: Record<string, string | string[]> | undefined): (readonly [string, string])[] {
  return Object.entries(user ?? {}).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value] as const),
  )
}

/** mqtt-packet groups user properties by name; the order within a name is what both keep. */
function grouped(user: readonly (readonly [string, string])[] | undefined): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const [name, value] of user ?? []) groups.set(name, [...(groups.get(name) ?? []), value])
  return groups
}
