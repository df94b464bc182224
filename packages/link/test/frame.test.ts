/** The codec of a link: what is written is read, at every split, and nothing else is. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryKind, FrameWriter, frameBytesMax, frameHeaderBytes, readFrame } from '../src/frame.ts'
import { FrameSplitter, FrameStreamError, lengthPrefix } from '../src/frame-splitter.ts'
import { decodeOpening, encodeOpening, listeners, type Opening } from '../src/opening.ts'

const payloads = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes))
const entries = fc.array(
  fc.record({
    kind: fc.constantFrom(...Object.values(entryKind)),
    connection: fc.nat(0xffff_ffff),
    payload: payloads,
  }),
  { maxLength: 8 },
)
const frames = fc.record({
  session: fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }),
  sequence: fc.nat(0xffff_ffff),
  entries,
})

const openings: fc.Arbitrary<Opening> = fc.record({
  listener: fc.constantFrom(...listeners),
  sourceIp: fc.ipV4(),
  sourcePort: fc.nat(65_535),
  targetIp: fc.ipV6(),
  targetPort: fc.nat(65_535),
  serverName: fc.option(fc.string({ minLength: 1, maxLength: 60 }), { nil: undefined }),
  alpnProtocol: fc.constantFrom(undefined, 'x-amzn-mqtt-ca', 'http/1.1'),
  certificates: fc.array(payloads, { maxLength: 3 }),
})

function written({ session, sequence, entries }: Parameters<typeof expectFrame>[0]): Uint8Array {
  const writer = new FrameWriter(session)
  for (const { kind, connection, payload } of entries) writer.add(kind, connection, payload)
  return writer.take(sequence)
}

function expectFrame(frame: NonNullable<ReturnType<typeof readFrame>>): void {
  expect(readFrame(written(frame))).toEqual(frame)
}

describe('a frame', () => {
  it('is read as it was written', () => {
    fc.assert(fc.property(frames, expectFrame))
  })

  it('is refused when a byte is missing or one too many is there', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const bytes = Buffer.from(written(frame))
        const { entries } = frame
        const whole = new Set([bytes.length])
        let at = frameHeaderBytes
        whole.add(at)
        for (const { payload } of entries) whole.add((at += 9 + payload.byteLength))
        for (let length = 0; length <= bytes.length; length++) {
          expect(readFrame(bytes.subarray(0, length)) !== undefined).toBe(whole.has(length))
        }
      }),
    )
  })

  it('makes no reader throw, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (bytes, versioned) => {
        if (versioned && bytes.length > 0) bytes[0] = 1
        const frame = readFrame(bytes)
        for (const { payload } of frame?.entries ?? []) decodeOpening(payload)
      }),
    )
  })

  it('of more than the most is refused, and none is written', () => {
    const writer = new FrameWriter(1n)
    expect(writer.fits(frameBytesMax - frameHeaderBytes - 9)).toBe(true)
    expect(writer.fits(frameBytesMax - frameHeaderBytes - 8)).toBe(false)
    expect(readFrame(Buffer.alloc(frameBytesMax + 1, 1))).toBeUndefined()
  })
})

describe('a stream of frames', () => {
  it('gives the same frames at every split', () => {
    fc.assert(
      fc.property(fc.array(frames, { minLength: 1, maxLength: 3 }), (many) => {
        const each = many.map((frame) => written(frame))
        const stream = Buffer.concat(each.flatMap((frame) => [lengthPrefix(frame), frame]))
        for (let cut = 0; cut <= stream.length; cut++) {
          const splitter = new FrameSplitter()
          const got = [
            ...splitter.push(stream.subarray(0, cut)),
            ...splitter.push(stream.subarray(cut)),
          ]
          expect(got.map((frame) => readFrame(frame))).toEqual(many)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('gives them byte by byte', () => {
    fc.assert(
      fc.property(fc.array(frames, { maxLength: 3 }), (many) => {
        const each = many.map((frame) => written(frame))
        const stream = Buffer.concat(each.flatMap((frame) => [lengthPrefix(frame), frame]))
        const splitter = new FrameSplitter()
        const got = [...stream].flatMap((byte) => splitter.push(Buffer.of(byte)))
        expect(got.map((frame) => readFrame(frame))).toEqual(many)
      }),
      { numRuns: 30 },
    )
  })

  it('ends with an error at a length that no frame has, before it is waited for', () => {
    const prefix = Buffer.alloc(4)
    for (const length of [0, frameHeaderBytes - 1, frameBytesMax + 1, 0xffff_ffff]) {
      prefix.writeUInt32LE(length)
      expect(() => new FrameSplitter().push(Buffer.concat([prefix]))).toThrow(FrameStreamError)
      const splitter = new FrameSplitter()
      splitter.push(prefix.subarray(0, 2))
      expect(() => splitter.push(prefix.subarray(2))).toThrow(FrameStreamError)
    }
  })
})

describe('an opening', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(openings, (opening) => {
        const read = decodeOpening(encodeOpening(opening))
        expect({
          ...read,
          certificates: read?.certificates.map((der) => Buffer.from(der)),
        }).toEqual(opening)
      }),
    )
  })

  it('is refused when it is cut or goes on', () => {
    fc.assert(
      fc.property(openings, (opening) => {
        const bytes = Buffer.from(encodeOpening(opening))
        for (let length = 0; length < bytes.length; length++) {
          expect(decodeOpening(bytes.subarray(0, length))).toBeUndefined()
        }
        expect(decodeOpening(Buffer.concat([bytes, Buffer.of(0)]))).toBeUndefined()
      }),
    )
  })
})
