/**
 * A connection past its TLS handshake, which ended in this process or in a gateway: what the
 * handshake told is asked here, whichever it was.
 */
import type { X509Certificate } from 'node:crypto'
import { TLSSocket } from 'node:tls'

/** What a gateway's opening told of a client; its streams implement it. */
export interface LinkedSocket {
  readonly isLinked: true
  readonly remoteAddress: string
  readonly remotePort: number
  readonly localAddress: string
  readonly localPort: number
  /** The SNI host; undefined when the client sent none. */
  readonly servername: string | undefined
  /** DER of the client's certificate and of those it sent above it. */
  readonly certificates: readonly Uint8Array[]
}

/** What is asked of a mutual-TLS socket past its handshake. */
export type HandshakenSocket = Pick<
  TLSSocket,
  | 'getPeerX509Certificate'
  | 'getPeerCertificate'
  | 'remoteAddress'
  | 'remotePort'
  | 'localAddress'
  | 'localPort'
> & { readonly servername?: unknown }

/** Either. */
export type SecureSocket = HandshakenSocket | LinkedSocket

/** Whether a stream came through TLS. */
export function isSecure<S extends object>(socket: S): socket is S & SecureSocket {
  return socket instanceof TLSSocket || 'isLinked' in socket
}

/** DER of the certificate that the client showed; undefined when it showed none. */
export function leafOf(socket: SecureSocket): Buffer | undefined {
  if (!('certificates' in socket)) return parsedLeaf(socket)?.raw
  const [leaf] = socket.certificates
  return leaf && Buffer.from(leaf.buffer, leaf.byteOffset, leaf.byteLength)
}

function parsedLeaf(socket: HandshakenSocket): X509Certificate | undefined {
  return socket.getPeerX509Certificate()
}

/** Certificates above the leaf, as the client sent them, nearest first; reading them is slow. */
export function chainOf(socket: SecureSocket): Buffer[] {
  if ('certificates' in socket) return socket.certificates.slice(1).map((der) => Buffer.from(der))
  const chain: Buffer[] = []
  let at = socket.getPeerCertificate(true)
  while (at.issuerCertificate !== undefined && at.issuerCertificate !== at && chain.length < 10) {
    at = at.issuerCertificate
    chain.push(at.raw)
  }
  return chain
}

/** The SNI host of a connection; undefined when the client sent none. */
export function serverNameOf(socket: object): string | undefined {
  const name: unknown = 'servername' in socket ? socket.servername : undefined
  return typeof name === 'string' && name !== '' ? name : undefined
}
