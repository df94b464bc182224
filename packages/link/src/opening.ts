/** What a gateway knows of a client when its handshake is over, and how a frame carries it. */

/** Which listener a client came to, and for HTTP by ALPN what it is to meet there (gateway G1, G3). */
export const listeners = ['mqtt', 'https', 'alpn-mqtt', 'alpn-https', 'alpn-signed'] as const
export type LinkListener = (typeof listeners)[number]

/** What a TLS handshake told. */
export interface Opening {
  readonly listener: LinkListener
  readonly sourceIp: string
  readonly sourcePort: number
  readonly targetIp: string
  readonly targetPort: number
  /** The SNI host; undefined when the client sent none. */
  readonly serverName: string | undefined
  /** The protocol that ALPN chose; undefined for none. */
  readonly alpnProtocol: string | undefined
  /** DER of the client's certificate and of those it sent above it, nearest first; often one. */
  readonly certificates: readonly Uint8Array[]
}

/** Certificates above this are left out: a chain that long is nobody's. */
export const certificatesMax = 10

/** @throws RangeError for a member that is longer than its length field can say */
export function encodeOpening(opening: Opening): Uint8Array {
  const texts = [opening.sourceIp, opening.targetIp, opening.serverName, opening.alpnProtocol].map(
    (text = '') => Buffer.from(text, 'utf8'),
  )
  const certificates = opening.certificates.slice(0, certificatesMax)
  const bytes = Buffer.allocUnsafe(
    6 +
      texts.reduce((sum, text) => sum + 2 + text.length, 0) +
      certificates.reduce((sum, der) => sum + 4 + der.byteLength, 0),
  )
  bytes[0] = listeners.indexOf(opening.listener)
  bytes.writeUInt16LE(opening.sourcePort, 1)
  bytes.writeUInt16LE(opening.targetPort, 3)
  bytes[5] = certificates.length
  let at = 6
  for (const text of texts) {
    bytes.writeUInt16LE(text.length, at)
    bytes.set(text, at + 2)
    at += 2 + text.length
  }
  for (const der of certificates) {
    bytes.writeUInt32LE(der.byteLength, at)
    bytes.set(der, at + 4)
    at += 4 + der.byteLength
  }
  return bytes
}

/**
 * Certificates are copied out of the frame: they stay as long as the client.
 *
 * @returns undefined for bytes that are no opening
 */
export function decodeOpening(payload: Uint8Array): Opening | undefined {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  const listener = listeners[bytes[0] ?? listeners.length]
  if (listener === undefined || bytes.length < 6) return undefined
  let at = 6
  const take = (lengthBytes: 2 | 4): Buffer | undefined => {
    const start = at + lengthBytes
    if (start > bytes.length) return undefined
    const end = start + bytes.readUIntLE(at, lengthBytes)
    if (end > bytes.length) return undefined
    at = end
    return bytes.subarray(start, end)
  }
  const texts: string[] = []
  for (let count = 0; count < 4; count++) {
    const text = take(2)
    if (text === undefined) return undefined
    texts.push(text.toString('utf8'))
  }
  const certificates: Uint8Array[] = []
  for (let count = bytes[5] ?? 0; count > 0; count--) {
    const der = take(4)
    if (der === undefined) return undefined
    certificates.push(new Uint8Array(der))
  }
  if (at !== bytes.length || certificates.length > certificatesMax) return undefined
  const [sourceIp = '', targetIp = '', serverName = '', alpnProtocol = ''] = texts
  return {
    listener,
    sourceIp,
    sourcePort: bytes.readUInt16LE(1),
    targetIp,
    targetPort: bytes.readUInt16LE(3),
    serverName: serverName === '' ? undefined : serverName,
    alpnProtocol: alpnProtocol === '' ? undefined : alpnProtocol,
    certificates,
  }
}
