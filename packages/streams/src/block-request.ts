/**
 * What a device asks for on `…/get` (neighbours N83, N85, N87, N89): members and their bounds.
 */
import { accept, refuse } from '@muster/model'
import type { PayloadFormat } from './stream-topics.ts'
import { invalid, refusals, type StreamOutcome } from './stream-refusal.ts'

/** Members of a payload however it was written; anything may be inside. */
export type Members = ReadonlyMap<string, unknown>

/** A well-formed request. */
export interface BlockRequest {
  readonly fileId: number
  /** Of a block but the last, bytes. */
  readonly blockBytes: number
  readonly firstBlock: number
  /** Most blocks to send; undefined: as many as fit. */
  readonly count: number | undefined
  /** Bit k, the least significant of a byte first, asks for block `firstBlock + k`; undefined: all. */
  readonly bitmap: Uint8Array | undefined
  /** That the stream must have. */
  readonly streamVersion: number | undefined
}

const BLOCK_BYTES_MIN = 256
const BLOCK_BYTES_MAX = 131_072
/** Longest message, its members included: what MQTT carries here (gateway G31). */
const MESSAGE_BYTES_MAX = 131_072
const BLOCKS_MAX = 98_304
const BITMAP_BYTES_BELOW = 12_288
const TOKEN_BYTES_MAX = 64
/** What JSON puts around a block's base64: names, quotes, and numbers at their longest. */
const JSON_FRAME_BYTES = 64

/** The token of any request; refuses one that is no text, or too long. */
export function readToken(members: Members): StreamOutcome<string | undefined> {
  const token = members.get('c')
  if (token === undefined) return accept(undefined)
  if (typeof token !== 'string') return invalid('`c` must be text')
  const bytes = new TextEncoder().encode(token).length
  if (bytes > TOKEN_BYTES_MAX) {
    return invalid(`\`c\` has ${bytes} bytes, more than ${TOKEN_BYTES_MAX}`)
  }
  return accept(token)
}

/** Reads a request but for its token; unknown members are nobody's business. */
export function readBlockRequest(
  members: Members,
  format: PayloadFormat,
): StreamOutcome<BlockRequest> {
  const numbers = { f: 0, l: 0, o: 0, n: 0, s: 0 }
  for (const name of ['f', 'l', 'o', 'n', 's'] as const) {
    const value = members.get(name)
    if (value === undefined && (name === 'f' || name === 'l'))
      return invalid(`\`${name}\` is missing`)
    if (value === undefined) continue
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
      return invalid(`\`${name}\` must be a whole number`)
    }
    numbers[name] = value
  }
  const { f: fileId, l: blockBytes, o: firstBlock } = numbers
  const bitmap = readBitmap(members.get('b'), format)
  if (!bitmap.ok) return bitmap
  if (blockBytes < BLOCK_BYTES_MIN || blockBytes > BLOCK_BYTES_MAX) return refusals.blockSize
  if (format === 'json' && jsonBytes(blockBytes) > MESSAGE_BYTES_MAX) return refusals.blockSize
  if (firstBlock < 0 || firstBlock > BLOCKS_MAX) {
    return refuse('OffsetOutOfBounds', `\`o\` must be 0 to ${BLOCKS_MAX}, not ${firstBlock}`)
  }
  const count = members.has('n') ? numbers.n : undefined
  if (count !== undefined && count < 1) return invalid('`n` must be 1 or more')
  if (count !== undefined && count > BLOCKS_MAX) {
    return refuse('BlockCountLimitExceeded', `\`n\` must be 1 to ${BLOCKS_MAX}, not ${count}`)
  }
  const streamVersion = members.has('s') ? numbers.s : undefined
  return accept({ fileId, blockBytes, firstBlock, count, bitmap: bitmap.value, streamVersion })
}

/** Hexadecimal text in JSON, bytes in CBOR, which count as they are (neighbours N85, W14). */
function readBitmap(value: unknown, format: PayloadFormat): StreamOutcome<Uint8Array | undefined> {
  if (value === undefined) return accept(undefined)
  const bitmap = format === 'cbor' ? asBytes(value) : fromHex(value)
  if (bitmap === undefined) {
    return invalid(format === 'cbor' ? '`b` must be bytes' : '`b` must be hexadecimal text')
  }
  if (bitmap.length >= BITMAP_BYTES_BELOW) {
    return refuse(
      'BlockBitmapLimitExceeded',
      `\`b\` has ${bitmap.length} bytes; it must have fewer than ${BITMAP_BYTES_BELOW}`,
    )
  }
  return accept(bitmap)
}

function asBytes(value: unknown): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined
}

function fromHex(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string' || !/^(?:[0-9a-fA-F]{2})*$/.test(value)) return undefined
  const pairs = value.match(/../g) ?? []
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16))
}

function jsonBytes(blockBytes: number): number {
  return JSON_FRAME_BYTES + TOKEN_BYTES_MAX + Math.ceil(blockBytes / 3) * 4
}
