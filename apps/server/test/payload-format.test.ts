/** Payloads in both formats: round trips, and bytes that nobody meant. */
import { Buffer } from 'node:buffer'
import { encode } from 'cborg'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePayload, encodePayload, textMembersOf } from '../src/payload-format.ts'

const formats = ['json', 'cbor'] as const

describe('provisioning payloads', () => {
  it.each(formats)('gateway G102: %s of strings comes back as it went', (format) => {
    const texts = fc.dictionary(fc.string(), fc.string())
    fc.assert(
      fc.property(texts, (parameters) => {
        const members = decodePayload(format, encodePayload(format, { parameters }))
        const back = textMembersOf(members?.get('parameters'))
        expect(back).toEqual(new Map(Object.entries(parameters)))
      }),
    )
  })

  it.each(formats)('gateway G100: nothing counts as an empty object, %s', (format) => {
    expect(decodePayload(format, new Uint8Array())).toEqual(new Map())
  })

  it.each(formats)(
    'gateway G103: any bytes are an object or nothing, never a throw, %s',
    (format) => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 64 }), fc.anything(), (bytes, value) => {
          const members = decodePayload(format, bytes)
          expect(members === undefined || members instanceof Map).toBe(true)
          const texts = textMembersOf(value)
          expect(texts === undefined || texts instanceof Map).toBe(true)
        }),
        { numRuns: 1000 },
      )
    },
  )

  it('gateway G103: a member named __proto__ is a member like any other', () => {
    const bytes = encode(new Map([['__proto__', new Map([['x', 'y']])]]))
    expect(decodePayload('cbor', bytes)?.get('__proto__')).toEqual(new Map([['x', 'y']]))
    const text = new TextEncoder().encode('{"__proto__":{"x":"y"}}')
    expect(decodePayload('json', text)?.has('__proto__')).toBe(true)
    expect('x' in {}).toBe(false)
  })

  it('gateway G103: CBOR keys that are no strings name no parameters', () => {
    const members = decodePayload('cbor', encode(new Map([['parameters', new Map([[1, 'x']])]])))
    expect(textMembersOf(members?.get('parameters'))).toBeUndefined()
  })

  it('gateway G100, G102: CBOR text and objects may be of indefinite length', () => {
    // {_ (_ "parame", "ters"): {_ (_): (_ "a", "", "ü")}, "n": 1}
    const hex = 'bf7f66706172616d656474657273ffbf7fff7f61616062c3bcffff616e01ff'
    const members = decodePayload('cbor', Buffer.from(hex, 'hex'))
    expect(members).toEqual(
      new Map<string, unknown>([
        ['parameters', new Map([['', 'aü']])],
        ['n', 1],
      ]),
    )
  })

  it.each([
    ['that does not end', 'a161617f6162'],
    ['with a piece that is no text', 'a161617f4162ff'],
    ['within text', 'a161617f7f6162ffff'],
    ['followed by more', 'a161617f6162ff00'],
    ['that is the whole', '7f6162ff'],
  ])('gateway G103: CBOR text in pieces %s is refused', (_name, hex) => {
    expect(decodePayload('cbor', Buffer.from(hex, 'hex'))).toBeUndefined()
  })
})
