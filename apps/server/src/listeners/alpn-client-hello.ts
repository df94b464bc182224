/**
 * The ALPN protocols and the host name of a TLS ClientHello, read before any server takes the socket (design
 * decision 11).
 */

import { GrowingBytes } from './growing-bytes.ts'

/** What the first bytes of a connection say. */
export type ClientHello =
  | { readonly kind: 'more' }
  /** Not TLS, or not a ClientHello. */
  | { readonly kind: 'invalid' }
  | {
      readonly kind: 'hello'
      readonly protocols: readonly string[]
      /** As the client wrote it; undefined where it names no host. */
      readonly serverName?: string
    }

const handshakeRecord = 22
const clientHello = 1
const alpnExtension = 16
const serverNameExtension = 0
/** Type, version, length. */
const RECORD_HEADER_BYTES = 5
/** Type, length. */
const MESSAGE_HEAD_BYTES = 4
const more: ClientHello = { kind: 'more' }
const invalid: ClientHello = { kind: 'invalid' }

/**
 * Reads a ClientHello as it arrives, in pieces of any size and over any number of TLS records. Each byte is
 * looked at once, however small the pieces and the records are.
 */
export class ClientHelloReader {
  /** The record's header while it is not whole. */
  readonly #header = Buffer.alloc(RECORD_HEADER_BYTES)
  #headerLength = 0
  /** Bytes of the record that are still to come. */
  #recordLeft = 0
  readonly #message = new GrowingBytes()
  #ended: ClientHello | undefined

  /** Takes what came next, and tells what all of it says; what follows a ClientHello is not looked at. */
  push(bytes: Buffer): ClientHello {
    for (let at = 0; at < bytes.length && this.#ended === undefined;) {
      at = this.#recordLeft === 0 ? this.#readHeader(bytes, at) : this.#readRecord(bytes, at)
    }
    return this.#ended ?? more
  }

  #readHeader(bytes: Buffer, from: number): number {
    const taken = bytes.copy(this.#header, this.#headerLength, from)
    this.#headerLength += taken
    const isWrong =
      this.#header[0] !== handshakeRecord || (this.#headerLength > 1 && this.#header[1] !== 3)
    if (isWrong) this.#ended = invalid
    if (this.#headerLength < RECORD_HEADER_BYTES) return from + taken
    this.#headerLength = 0
    this.#recordLeft = this.#header.readUInt16BE(3)
    if (this.#recordLeft === 0) this.#ended = invalid
    return from + taken
  }

  #readRecord(bytes: Buffer, from: number): number {
    const part = bytes.subarray(from, from + this.#recordLeft)
    this.#recordLeft -= part.length
    this.#message.push(part)
    const { bytes: message, length } = this.#message
    if (message[0] !== clientHello) this.#ended = invalid
    else if (length >= MESSAGE_HEAD_BYTES) {
      const end = MESSAGE_HEAD_BYTES + message.readUIntBE(1, 3)
      if (length >= end) this.#ended = readProtocols(message.subarray(MESSAGE_HEAD_BYTES, end))
    }
    return from + part.length
  }
}

function readProtocols(body: Buffer): ClientHello {
  const reader = { body, at: 2 + 32, failed: false }
  skip(reader, 1) // session id
  skip(reader, 2) // cipher suites
  skip(reader, 1) // compression methods
  if (reader.failed) return invalid
  if (reader.at === body.length) return { kind: 'hello', protocols: [] }
  const extensions = take(reader, 2)
  const inner = { body: extensions, at: 0, failed: reader.failed }
  let protocols: readonly string[] = []
  let serverName: string | undefined
  while (!inner.failed && inner.at < extensions.length) {
    if (inner.at + 4 > extensions.length) return invalid
    const type = extensions.readUInt16BE(inner.at)
    inner.at += 2
    const extension = take(inner, 2)
    if (type === serverNameExtension) serverName = readServerName(extension)
    if (type !== alpnExtension) continue
    const names = readNames(extension)
    if (names === undefined || inner.failed) return invalid
    protocols = names
  }
  if (inner.failed) return invalid
  return { kind: 'hello', protocols, ...(serverName !== undefined && { serverName }) }
}

function readNames(extension: Buffer): readonly string[] | undefined {
  const list = take({ body: extension, at: 0, failed: false }, 2)
  const names = { body: list, at: 0, failed: false }
  const protocols: string[] = []
  while (!names.failed && names.at < list.length) protocols.push(take(names, 1).toString('latin1'))
  return names.failed ? undefined : protocols
}

/** Of the names there is one kind, a host (RFC 6066). */
function readServerName(extension: Buffer): string | undefined {
  const list = take({ body: extension, at: 0, failed: false }, 2)
  const name = { body: list, at: 1, failed: list.length === 0 || list[0] !== 0 }
  const host = take(name, 2).toString('latin1')
  return name.failed ? undefined : host
}

interface Reader {
  readonly body: Buffer
  at: number
  failed: boolean
}

function skip(reader: Reader, lengthBytes: number): void {
  take(reader, lengthBytes)
}

/** Bytes behind a length of one or two bytes. */
function take(reader: Reader, lengthBytes: number): Buffer {
  const { body } = reader
  const start = reader.at + lengthBytes
  if (reader.failed || start > body.length) return fail(reader)
  const end = start + body.readUIntBE(reader.at, lengthBytes)
  if (end > body.length) return fail(reader)
  reader.at = end
  return body.subarray(start, end)
}

function fail(reader: Reader): Buffer {
  reader.failed = true
  return reader.body.subarray(0, 0)
}
