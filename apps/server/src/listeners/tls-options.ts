/**
 * TLS as every device listener speaks it (gateway G5, G6, A1).
 */
import { constants, randomBytes } from 'node:crypto'
import type { TlsOptions } from 'node:tls'
import { UnknownHostError } from './handshakes.ts'

/** What the server shows and which names it answers to. */
export interface TlsSettings {
  /** One EC and one RSA certificate, so that every TLS 1.2 suite works (gateway G5). */
  readonly certificates: readonly {
    readonly certificatePem: string
    readonly privateKeyPem: string
  }[]
  /** Names a client may send as SNI; compared in lower case. */
  readonly knownHosts: readonly string[]
  /**
   * 48 bytes to issue session tickets by: cheaper reconnects, more memory per connection; undefined:
   * none are issued.
   */
  readonly ticketKeys: Buffer | undefined
}

/** Other keys whenever a server starts, and none where tickets are switched off. */
export function newTicketKeys({ sessionTickets }: { sessionTickets: boolean }): Buffer | undefined {
  return sessionTickets ? randomBytes(48) : undefined
}

/** Key exchange groups; X25519 first costs the least, on both sides. */
const groups = 'X25519:P-256:P-384:P-521'

/** gateway G5: the three suites of TLS 1.3; for 1.2 ECDHE and plain RSA with AES, GCM or CBC. */
const suites = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-SHA256',
  'ECDHE-RSA-AES128-SHA256',
  'ECDHE-ECDSA-AES256-SHA384',
  'ECDHE-RSA-AES256-SHA384',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA256',
  'AES256-SHA256',
  'AES128-SHA',
  'AES256-SHA',
].join(':')

/** Options for `tls.createServer` and `https.createServer`, without client certificates or ALPN. */
export function tlsOptions(settings: TlsSettings): TlsOptions {
  const { knownHosts, ticketKeys } = settings
  const known = new Set(knownHosts.map((host) => host.toLowerCase()))
  return {
    cert: settings.certificates.map(({ certificatePem }) => certificatePem),
    key: settings.certificates.map(({ privateKeyPem }) => privateKeyPem),
    minVersion: 'TLSv1.2',
    ciphers: suites,
    honorCipherOrder: true,
    ecdhCurve: groups,
    // TLS 1.3 clients still see OpenSSL's stateful tickets; nothing is kept to resume them with.
    secureOptions: ticketKeys === undefined ? constants.SSL_OP_NO_TICKET : 0,
    // Node's own differs from process to process: a client is to come back to any gateway.
    ...(ticketKeys !== undefined && { ticketKeys, sessionIdContext: 'muster' }),
    // Slow handshakes hold a socket, not more: this is how long.
    handshakeTimeout: 10_000,
    SNICallback: (name, answer) => {
      // No context of its own: switching contexts here would lose the EC certificate.
      if (known.has(name.toLowerCase())) answer(null)
      else answer(new UnknownHostError(`unknown host \`${name}\``)) // gateway G6: the handshake fails
    },
  }
}
