/**
 * Handshakes that failed, as far as the server can know why, for the decision log. AWS has no words
 * for them: the reasons that begin with `TLS_` are ours.
 */
import type { Denial, Reasons } from './decision.ts'

/** A handshake that came to nothing. */
export interface FailedHandshake {
  /** Node's or OpenSSL's code: `ERR_SSL_NO_SHARED_CIPHER`; one of ours: {@link tlsFailures}. */
  readonly code: string
  readonly listener: 'MQTT' | 'HTTPS' | 'ALPN'
  readonly sourceIp: string
  /** SNI host of the ClientHello; undefined where none came, or no ClientHello. */
  readonly serverName?: string | undefined
}

type Told = readonly [reason: string, what: string, hint: string]

const trust =
  'let the client trust the authority: ca.pem of the data folder, or GET /_muster/ca.pem (mosquitto: --cafile)'
const untrusted: Told = [
  'TLS_UNTRUSTED_AUTHORITY',
  'the client does not trust the certificate of this server',
  trust,
]
const left: Told = [
  'TLS_CLIENT_LEFT',
  'the client left during the handshake or right after it, as one does that does not trust the server',
  trust,
]

/** Failures by code. */
export const tlsFailures: Readonly<Record<string, Told>> = {
  ECONNRESET: left,
  CLIENT_LEFT: left,
  UNKNOWN_HOST: [
    'TLS_UNKNOWN_HOST',
    'the client asked for a host name that is none of this server',
    'connect to localhost, or start the server with --hostname NAME',
  ],
  NO_TLS: [
    'TLS_EXPECTED',
    'bytes came that are no TLS',
    'connect with TLS, mqtts:// or https://: AWS IoT Core takes nothing in the clear',
  ],
  NO_PROXY_HEADER: [
    'PROXY_EXPECTED',
    'a balancer that is named with --proxy-from sent no PROXY protocol v2 header',
    'let it send one (HAProxy: send-proxy-v2), or name its address no more',
  ],
  ERR_SSL_NO_APPLICATION_PROTOCOL: [
    'TLS_ALPN',
    'the client offered only ALPN names that are not spoken here',
    'offer x-amzn-mqtt-ca or x-amzn-http-ca on the port that stands for 443, and none or http/1.1 for SigV4',
  ],
  ERR_SSL_UNSUPPORTED_PROTOCOL: [
    'TLS_VERSION',
    'the client speaks only old versions of TLS',
    'use TLS 1.2 or 1.3',
  ],
  ERR_SSL_NO_SHARED_CIPHER: [
    'TLS_CIPHER',
    'the client offered no cipher suite that AWS takes',
    'offer ECDHE with AES-GCM, as every current TLS library does',
  ],
  ERR_TLS_HANDSHAKE_TIMEOUT: [
    'TLS_TIMEOUT',
    'the handshake did not end in time',
    'connect with TLS: a client in the clear may wait for the server to begin',
  ],
}

/** A failed handshake as a denial with its reasons. */
export function tlsRefusal(failed: FailedHandshake): [Denial, Reasons] {
  const { code, listener, serverName, sourceIp } = failed
  const known = Object.hasOwn(tlsFailures, code) ? tlsFailures[code] : undefined
  const [reason, what, hint] = known ?? byPattern(code)
  const denial: Denial = {
    kind: 'tls',
    effect: 'deny',
    action: 'TLS',
    reason,
    protocol: listener === 'HTTPS' ? 'https' : 'mqtt',
    sourceIp,
    resource: serverName,
  }
  const port = listener === 'ALPN' ? 'port that stands for 443' : `${listener} port`
  const named = serverName === undefined ? '' : ` (host \`${serverName}\`)`
  return [denial, { summary: `the handshake on the ${port} failed: ${what}${named}`, hint }]
}

function byPattern(code: string): Told {
  const expected = tlsFailures['NO_TLS']
  // The first bytes of another protocol are read as a record that makes no sense.
  if (
    /HTTP_REQUEST|HTTPS_PROXY|WRONG_VERSION|PACKET_LENGTH|BAD_RECORD|UNKNOWN_PROTOCOL/.test(code)
  ) {
    if (expected !== undefined) return expected
  }
  if (/ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN)/.test(code)) return untrusted
  return ['TLS_FAILED', `OpenSSL says ${code}`, 'check the TLS settings of the client']
}
