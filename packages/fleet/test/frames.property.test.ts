/** The packets that are read and written by hand, held against the library that does them all. */
import fc from 'fast-check'
import { generate, parser, type Packet } from 'mqtt-packet'
import { expect, it } from 'vitest'
import {
  frameAt,
  pubackFrame,
  pubackIn,
  publishFrame,
  publishIn,
  subackIn,
} from '../src/mqtt/frames.ts'

const versions = fc.constantFrom(4 as const, 5 as const)
const topics = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .filter((topic) => !/[#+\0]/.test(topic))
const payloads = fc.uint8Array({ maxLength: 20_000 }).map((bytes) => Buffer.from(bytes))
const ids = fc.integer({ min: 1, max: 65_535 })

function parsed(frame: Buffer, protocolVersion: 4 | 5): Packet {
  const found: Packet[] = []
  const reader = parser({ protocolVersion })
  reader.on('packet', (packet) => found.push(packet))
  expect(reader.parse(frame)).toBe(0)
  expect(found).toHaveLength(1)
  return found[0] as Packet
}

function bodyOf(frame: Buffer): Buffer {
  const found = frameAt(frame, 0)
  expect(found?.end).toBe(frame.length)
  return frame.subarray(found?.bodyAt)
}

it('a PUBLISH that is written is read by the library', () => {
  fc.assert(
    fc.property(topics, payloads, fc.option(ids), versions, (topic, payload, id, version) => {
      const frame = publishFrame(topic, payload, id ?? 0, version)
      expect(parsed(frame, version)).toMatchObject({
        cmd: 'publish',
        topic,
        payload,
        qos: id === null ? 0 : 1,
        ...(id === null ? {} : { messageId: id }),
      })
    }),
  )
})

it('a PUBLISH of the library is read, with properties too', () => {
  const properties = fc.record({ contentType: fc.string({ maxLength: 200 }) })
  fc.assert(
    fc.property(
      topics,
      payloads,
      ids,
      versions,
      properties,
      (topic, payload, id, version, more) => {
        const packet = { cmd: 'publish', topic, payload, qos: 1, messageId: id } as const
        const all = {
          ...packet,
          dup: false,
          retain: false,
          ...(version === 5 && { properties: more }),
        }
        const frame = generate(all, { protocolVersion: version })
        const read = publishIn(bodyOf(frame), (frame[0] ?? 0) & 15, version)
        expect(read).toMatchObject({ topic, qos: 1, messageId: id })
        expect(read.payload.equals(payload)).toBe(true)
      },
    ),
  )
})

it('acknowledgements of both directions say what the library says', () => {
  const codes = fc.array(fc.constantFrom(0, 1, 128, 135), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(ids, codes, versions, (messageId, granted, version) => {
      const options = { protocolVersion: version }
      expect(parsed(pubackFrame(messageId), version)).toMatchObject({ cmd: 'puback', messageId })
      const puback = generate({ cmd: 'puback', messageId, reasonCode: 135 }, options)
      const reason = version === 5 ? 135 : 0
      expect(pubackIn(bodyOf(puback))).toEqual({ messageId, reason })
      const suback = generate({ cmd: 'suback', messageId, granted }, options)
      expect(subackIn(bodyOf(suback), version)).toEqual({ messageId, codes: granted })
    }),
  )
})

it('a packet that is not whole yet waits, wherever it is cut', () => {
  const frame = publishFrame('a/b', Buffer.alloc(300, 'x'), 7, 5)
  for (let length = 0; length < frame.length; length++) {
    expect(frameAt(frame.subarray(0, length), 0)).toBeUndefined()
  }
  expect(frameAt(frame, 0)).toEqual({ bodyAt: 3, end: frame.length })
})
