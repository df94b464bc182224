/**
 * The ALPN protocols and the host name of a TLS ClientHello, read before any server takes the socket (design
 * decision 11).
 */

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
const more: ClientHello = { kind: 'more' }
const invalid: ClientHello = { kind: 'invalid' }

/** @param bytes - everything received so far; a ClientHello may span TLS records */
export function readClientHello(bytes: Buffer): ClientHello {
  const message: Buffer[] = []
  let length = 0
  let at = 0
  for (;;) {
    if (at < bytes.length && bytes[at] !== handshakeRecord) return invalid
    if (at + 5 > bytes.length) return more
    if (bytes[at + 1] !== 3) return invalid
    const end = at + 5 + bytes.readUInt16BE(at + 3)
    if (end === at + 5) return invalid
    const part = bytes.subarray(at + 5, Math.min(end, bytes.length))
    message.push(part)
    length += part.length
    const whole = message.length === 1 ? part : Buffer.concat(message, length)
    if (whole.length > 0 && whole[0] !== clientHello) return invalid
    if (whole.length >= 4 && whole.length >= 4 + whole.readUIntBE(1, 3)) {
      return readProtocols(whole.subarray(4, 4 + whole.readUIntBE(1, 3)))
    }
    if (end > bytes.length) return more
    at = end
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
