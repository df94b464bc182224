/**
 * One frame of a link: the bytes of many connections, one way, of one turn of the event loop. Pure:
 * whoever carries frames finds their ends.
 *
 * Little-endian. Header: version (1), session (8), sequence (4). Then entries: kind (1), connection
 * (4), length (4), payload. A frame without entries is a heartbeat.
 */

/** What an entry says. */
export const entryKind = {
  /** A client came: payload as `encodeOpening` writes it. Gateway to core only. */
  open: 1,
  /** Bytes of the client, or for it. */
  bytes: 2,
  /** No more bytes will come this way. */
  end: 3,
  /** The connection is gone both ways. */
  reset: 4,
  /** So many bytes more may come; payload: four bytes. */
  credit: 5,
  /** A message about the link itself, on connection 0: JSON. */
  notice: 6,
  /** The sender gives the link up; payload: why, as text. */
  bye: 7,
} as const

export type EntryKind = (typeof entryKind)[keyof typeof entryKind]

/** Bytes of a frame before its first entry. */
export const frameHeaderBytes = 13
/** Bytes of an entry before its payload. */
export const entryHeaderBytes = 9
/** Most bytes of a frame; NATS takes a megabyte where nothing else is said. */
export const frameBytesMax = 524_288
/** Most bytes of one entry's payload, so that one always fits a frame. */
export const payloadBytesMax: number = frameBytesMax - frameHeaderBytes - entryHeaderBytes

const version = 1
const kindMax: number = entryKind.bye

/** One connection's part of a frame. */
export interface Entry {
  readonly kind: EntryKind
  /** Counted by the gateway from 1; 0 stands for the link itself. */
  readonly connection: number
  readonly payload: Uint8Array
}

/** A frame read whole. */
export interface Frame {
  /** Chosen at random by the core when the gateway joined. */
  readonly session: bigint
  /** Counted from 1 each way. */
  readonly sequence: number
  readonly entries: readonly Entry[]
}

/** Collects entries until they are written as one frame. */
export class FrameWriter {
  readonly #session: bigint
  #entries: Entry[] = []
  #bytes = frameHeaderBytes

  constructor(session: bigint) {
    this.#session = session
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0
  }

  /** Whether a payload of this length still fits into the frame. */
  fits(payloadBytes: number): boolean {
    return this.#bytes + entryHeaderBytes + payloadBytes <= frameBytesMax
  }

  /** The payload must not change before {@link take}. */
  add(kind: EntryKind, connection: number, payload: Uint8Array): void {
    this.#entries.push({ kind, connection, payload })
    this.#bytes += entryHeaderBytes + payload.byteLength
  }

  /** The frame of everything added since the last one. */
  take(sequence: number): Uint8Array {
    const entries = this.#entries
    const frame = Buffer.allocUnsafe(this.#bytes)
    this.#entries = []
    this.#bytes = frameHeaderBytes
    frame[0] = version
    frame.writeBigUInt64LE(this.#session, 1)
    frame.writeUInt32LE(sequence, 9)
    let at = frameHeaderBytes
    for (const { kind, connection, payload } of entries) {
      const length = payload.byteLength
      frame[at] = kind
      frame.writeUInt32LE(connection, at + 1)
      frame.writeUInt32LE(length, at + 5)
      frame.set(payload, at + entryHeaderBytes)
      at += entryHeaderBytes + length
    }
    return frame
  }
}

/**
 * Reads a whole frame; payloads are views of it.
 *
 * @returns undefined for bytes that are no frame of this version
 */
export function readFrame(bytes: Uint8Array): Frame | undefined {
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (frame.length < frameHeaderBytes || frame.length > frameBytesMax || frame[0] !== version) {
    return undefined
  }
  const entries: Entry[] = []
  let at = frameHeaderBytes
  while (at < frame.length) {
    if (at + entryHeaderBytes > frame.length) return undefined
    const kind = frame[at] ?? 0
    const start = at + entryHeaderBytes
    const end = start + frame.readUInt32LE(at + 5)
    if (kind < 1 || kind > kindMax || end > frame.length) return undefined
    entries.push({
      kind: kind as EntryKind,
      connection: frame.readUInt32LE(at + 1),
      payload: frame.subarray(start, end),
    })
    at = end
  }
  return { session: frame.readBigUInt64LE(1), sequence: frame.readUInt32LE(9), entries }
}
