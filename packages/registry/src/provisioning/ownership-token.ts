/**
 * Tokens that prove a device owns the certificate it was just given (gateway G104), and the end of
 * what was never used.
 */
import { accept, refuse } from '@muster/model'
import type { CertificateRecord } from '../certificate/certificate-record.ts'
import { removeCertificate } from '../certificate/update-certificate.ts'
import type { RegistryState } from '../state/registry-state.ts'
import type { ProvisioningOutcome } from './provisioning-code.ts'
import { partsOfExpiryKey } from './provisioning-state.ts'

const tokenLifeMs = 3_600_000

/**
 * A new token for a certificate.
 *
 * @param ownerCertificateId - of the connection that asked; another one's token counts as unknown
 * @returns 96 hex characters, good for one hour of the clock
 */
export function issueOwnershipToken(
  state: RegistryState,
  certificateId: string,
  ownerCertificateId: string,
  nowMs: number,
): string {
  const { newId } = state.ports
  const token = `${newId()}${newId()}${newId()}`.replaceAll('-', '')
  const expiresAtMs = nowMs + tokenLifeMs
  state.provisioning.tokens.set(token, { certificateId, ownerCertificateId, expiresAtMs })
  return token
}

/**
 * The certificate behind a token, or refusal `InvalidCertificateOwnershipToken` (gateway G103), also
 * when an operator has taken the certificate out of use since.
 */
export function certificateOfToken(
  state: RegistryState,
  token: string,
  ownerCertificateId: string,
  nowMs: number,
): ProvisioningOutcome<CertificateRecord> {
  if (token === '') {
    return refuse(
      'InvalidCertificateOwnershipToken',
      'Certificate ownership token cannot be empty.',
    )
  }
  const record = state.provisioning.tokens.get(token)
  const certificate = state.certificates.certificates.get(record?.certificateId ?? '')
  if (
    record === undefined ||
    certificate === undefined ||
    record.ownerCertificateId !== ownerCertificateId ||
    record.expiresAtMs <= nowMs ||
    (certificate.status !== 'PENDING_ACTIVATION' && certificate.status !== 'ACTIVE')
  ) {
    return refuse(
      'InvalidCertificateOwnershipToken',
      'The certificate ownership token is unknown, expired or of a certificate out of use',
    )
  }
  return accept(certificate)
}

/**
 * Ends what is due: tokens, with their certificates if still PENDING_ACTIVATION, and claims of
 * trusted users with theirs (gateway G104, G106).
 */
export function expireProvisioning(state: RegistryState, nowMs: number): void {
  const { claims, tokens } = state.provisioning
  const { certificates } = state.certificates
  for (;;) {
    const due = nextExpiry(state)
    if (due === undefined || due.expiresAtMs > nowMs) return
    const { id, kind } = due
    const certificate = certificates.get(
      kind === 'claim' ? id : (tokens.get(id)?.certificateId ?? ''),
    )
    if (kind === 'claim') claims.delete(id)
    else tokens.delete(id)
    const unused = kind === 'claim' || certificate?.status === 'PENDING_ACTIVATION'
    if (certificate !== undefined && unused) removeCertificate(state, certificate)
  }
}

/** When {@link expireProvisioning} is due next, epoch milliseconds. */
export function nextProvisioningExpiryMs(state: RegistryState): number | undefined {
  return nextExpiry(state)?.expiresAtMs
}

function nextExpiry(state: RegistryState): ReturnType<typeof partsOfExpiryKey> | undefined {
  for (const key of state.provisioning.expiries) return partsOfExpiryKey(key)
  return undefined
}
