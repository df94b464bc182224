/**
 * Just enough DER (X.690) to cut a certificate request into its parts and to lay out a
 * certificate around them: definite lengths, single-byte tags.
 *
 * Exists because certifying ten thousand devices through a general ASN.1 library costs several
 * times as much; a differential test holds its output against that library.
 */
import { Buffer } from 'node:buffer'

export const derTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** One element: its tag, its content, and its own bytes with header. */
export interface DerElement {
  readonly tag: number
  readonly content: Uint8Array
  readonly bytes: Uint8Array
}

/**
 * The element at the beginning of `bytes`.
 *
 * @returns undefined when it is cut short, of indefinite length, or has a multi-byte tag
 */
export function readDer(bytes: Uint8Array): DerElement | undefined {
  const tag = bytes[0]
  const first = bytes[1]
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined
  let length = first
  let start = 2
  if (first >= 0x80) {
    const lengthBytes = first & 0x7f
    if (lengthBytes === 0 || lengthBytes > 4 || bytes.length < 2 + lengthBytes) return undefined
    length = 0
    for (let i = 0; i < lengthBytes; i++) length = length * 256 + (bytes[2 + i] ?? 0)
    start = 2 + lengthBytes
  }
  const end = start + length
  if (end > bytes.length) return undefined
  return { tag, content: bytes.subarray(start, end), bytes: bytes.subarray(0, end) }
}

/**
 * The elements inside a constructed one, in order.
 *
 * @returns undefined when any of them is malformed or bytes are left over
 */
export function readDerChildren(content: Uint8Array): DerElement[] | undefined {
  const children: DerElement[] = []
  let rest = content
  while (rest.length > 0) {
    const child = readDer(rest)
    if (child === undefined) return undefined
    children.push(child)
    rest = rest.subarray(child.bytes.length)
  }
  return children
}

/** An element of `tag` around the given contents, joined. */
export function writeDer(tag: number, ...contents: Uint8Array[]): Uint8Array {
  let length = 0
  for (const content of contents) length += content.length
  const header = [tag]
  if (length < 0x80) header.push(length)
  else if (length < 0x100) header.push(0x81, length)
  else if (length < 0x10000) header.push(0x82, length >> 8, length & 0xff)
  else header.push(0x83, length >> 16, (length >> 8) & 0xff, length & 0xff)
  return Buffer.concat([Uint8Array.from(header), ...contents])
}

/** A non-negative INTEGER from big-endian bytes. */
export function writeDerInteger(magnitude: Uint8Array): Uint8Array {
  let start = 0
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++
  const digits = magnitude.subarray(start)
  const padded = (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Uint8Array.of(0), digits]) : digits
  return writeDer(derTag.integer, padded)
}

/** A BIT STRING of whole bytes. */
export function writeDerBitString(bytes: Uint8Array): Uint8Array {
  return writeDer(derTag.bitString, Uint8Array.of(0), bytes)
}

/** A Time as certificates carry it: UTCTime up to 2049, GeneralizedTime after (RFC 5280). */
export function writeDerTime(atMs: number): Uint8Array {
  const text = new Date(atMs).toISOString().replace(/[-:T]|\.\d+/g, '')
  return text < '2050' && text >= '1950'
    ? writeDer(derTag.utcTime, Buffer.from(text.slice(2), 'latin1'))
    : writeDer(derTag.generalizedTime, Buffer.from(text, 'latin1'))
}

/** An OBJECT IDENTIFIER in dotted form, `2.5.4.3`. */
export function writeDerOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const content: number[] = []
  for (const arc of [first * 40 + second, ...rest]) {
    const digits = [arc & 0x7f]
    for (let high = Math.floor(arc / 128); high > 0; high = Math.floor(high / 128)) {
      digits.unshift((high & 0x7f) | 0x80)
    }
    content.push(...digits)
  }
  return writeDer(derTag.oid, Uint8Array.from(content))
}

/** The dotted form of an OBJECT IDENTIFIER's content. */
export function readDerOid(content: Uint8Array): string {
  const arcs: number[] = []
  let arc = 0
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f)
    if (byte >= 0x80) continue
    if (arcs.length === 0) {
      const first = Math.min(2, Math.floor(arc / 40))
      arcs.push(first, arc - first * 40)
    } else arcs.push(arc)
    arc = 0
  }
  return arcs.join('.')
}
