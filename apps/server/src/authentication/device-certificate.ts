/** Authentication of devices: from the peer's certificate to a registered, active one. */
import { createHash } from 'node:crypto'
import { accept, refuse, type Outcome } from '@muster/model'
import { leafOf, serverNameOf, type SecureSocket } from '../listeners/secure-socket.ts'

/** What authentication needs to know of a certificate. */
export interface KnownCertificate {
  /** `ACTIVE` alone authenticates (gateway G9). */
  readonly status: string
  /** `SNI_ONLY` needs a host name in the handshake (gateway A1). */
  readonly certificateMode: string
  readonly validity: { readonly notBeforeMs: number; readonly notAfterMs: number }
}

/** Certificates by id. */
export interface CertificateLookup {
  certificate(certificateId: string): KnownCertificate | undefined
}

/** How strictly a handshake is judged. */
export interface HandshakeRules {
  /** Refuse every device that names no host, as older AWS texts demand (gateway A1). */
  readonly strictSni: boolean
  /** Wall time, epoch milliseconds, for certificate validity (design decision 8). */
  readonly wallMs: () => number
}

/** A device whose certificate authenticates. */
export interface AuthenticatedDevice {
  /** Lower-case hexadecimal SHA-256 of the certificate's DER (gateway G86). */
  readonly certificateId: string
}

/**
 * Authenticates the peer of a mutual-TLS socket. The handshake has proved possession of the key,
 * nothing else (gateway G8).
 *
 * Refuses with `UnauthorizedException` when the peer showed no certificate, and with
 * `ForbiddenException` when it is unknown, not ACTIVE, out of its
 * validity, or came without SNI where it must have one (gateway A12, A1).
 *
 * @param refused - told the reason, which the client is not
 */
export function deviceOf(
  socket: SecureSocket,
  certificates: CertificateLookup,
  rules: HandshakeRules,
  refused: (reason: string, certificateId: string | undefined) => void,
): Outcome<AuthenticatedDevice> {
  const certificateId = certificateIdOf(socket)
  if (certificateId === undefined) {
    refused('DEVICE_CERTIFICATE_MISSING', undefined)
    return refuse('UnauthorizedException', 'A client certificate is required')
  }
  const known = certificates.certificate(certificateId)
  const fault = certificateFault(known, serverNameOf(socket), rules)
  if (fault === undefined) return accept({ certificateId })
  refused(fault, certificateId)
  return refuse('ForbiddenException', 'Forbidden')
}

/** Server log reasons (gateway G10). */
const reasons: Readonly<Record<string, string>> = {
  INACTIVE: 'DEVICE_CERTIFICATE_INACTIVE',
  REVOKED: 'DEVICE_CERTIFICATE_REVOKED',
  PENDING_TRANSFER: 'DEVICE_CERTIFICATE_PENDING_TRANSFER',
  PENDING_ACTIVATION: 'DEVICE_CERTIFICATE_PENDING_ACTIVATION',
}

/**
 * Why a certificate does not authenticate, on MQTT and HTTPS alike (gateway G9, G10, A1, authz H1).
 *
 * @param known - as registered; undefined: not at all
 * @param serverName - the SNI host of the handshake
 * @returns the reason for the server's log; undefined when it authenticates
 */
export function certificateFault(
  known: KnownCertificate | undefined,
  serverName: string | undefined,
  rules: HandshakeRules,
): string | undefined {
  const wallMs = rules.wallMs()
  if (known === undefined) return 'DEVICE_CERTIFICATE_NOT_REGISTERED'
  if (known.status !== 'ACTIVE') return reasons[known.status] ?? 'DEVICE_CERTIFICATE_INACTIVE'
  if (wallMs < known.validity.notBeforeMs || wallMs > known.validity.notAfterMs) {
    return 'DEVICE_CERTIFICATE_EXPIRED'
  }
  if ((rules.strictSni || known.certificateMode === 'SNI_ONLY') && serverName === undefined) {
    return 'DEVICE_CERTIFICATE_NEEDS_SNI'
  }
  return undefined
}

/** Certificates by connection: a peer's certificate does not change, reading it is slow. */
const certificateIds = new WeakMap<SecureSocket, string>()

function certificateIdOf(socket: SecureSocket): string | undefined {
  const known = certificateIds.get(socket)
  if (known !== undefined) return known
  const leaf = leafOf(socket)
  if (leaf === undefined) return undefined
  const certificateId = createHash('sha256').update(leaf).digest('hex')
  certificateIds.set(socket, certificateId)
  return certificateId
}
