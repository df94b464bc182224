/**
 * Payloads of fleet provisioning and of streams in their two formats, JSON and CBOR (gateway G100,
 * neighbours N80).
 */
import { Buffer } from 'node:buffer'
import { decode, encode, Token, Tokenizer, Type } from 'cborg'

/** The last level of a topic. */
export type PayloadFormat = 'json' | 'cbor'

/** Members of a request; anything may be inside. */
export type PayloadMembers = ReadonlyMap<string, unknown>

/**
 * Reads a request: an object, or nothing at all, which counts as `{}`.
 *
 * @returns undefined for bytes that are not an object in this format
 */
export function decodePayload(
  format: PayloadFormat,
  payload: Uint8Array,
): PayloadMembers | undefined {
  if (payload.length === 0) return new Map()
  try {
    const value: unknown =
      format === 'cbor'
        ? decode(payload, { ...cborOptions, tokenizer: new TextJoiner(payload, cborOptions) })
        : JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
    return membersOf(value)
  } catch {
    // Whatever a decoder throws (nesting too deep included), the device sent no request.
    return undefined
  }
}

// Maps, since the names are the device's and must not reach Object.prototype.
const cborOptions = { useMaps: true, allowUndefined: false, allowBigInt: true }

/** Begins text of indefinite length, a run of definite pieces up to a break (RFC 8949, 3.2.3). */
const indefiniteText = 0x7f

/** Reads text of indefinite length, which small encoders stream, as one token. */
class TextJoiner extends Tokenizer {
  override next(): Token {
    if (this.data[this._pos] !== indefiniteText) return super.next()
    this._pos += 1
    let text = ''
    for (;;) {
      const piece = super.next()
      if (Type.equals(piece.type, Type.break)) return new Token(Type.string, text, 0)
      if (!Type.equals(piece.type, Type.string)) throw new TypeError('text in pieces of no text')
      text += String(piece.value)
    }
  }
}

/** The members of an object however it was decoded; undefined for what is no object. */
export function membersOf(value: unknown): PayloadMembers | undefined {
  if (value instanceof Map) return value as Map<string, unknown>
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return new Map(Object.entries(value))
}

/**
 * The string members of an object: parameters of a template.
 *
 * @returns undefined when it is no object or a member is no string
 */
export function textMembersOf(value: unknown): ReadonlyMap<string, string> | undefined {
  const members = membersOf(value)
  if (members === undefined) return undefined
  const texts = new Map<string, string>()
  for (const [name, member] of members) {
    if (typeof name !== 'string' || typeof member !== 'string') return undefined
    texts.set(name, member)
  }
  return texts
}

/** Members stay in their order (neighbours N90). */
const unsorted = { mapSorter: (): number => 0 }

/** Writes a reply. */
export function encodePayload(format: PayloadFormat, reply: object): Uint8Array {
  return format === 'cbor' ? encode(reply, unsorted) : Buffer.from(JSON.stringify(reply))
}
