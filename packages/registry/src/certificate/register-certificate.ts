/**
 * Certificates that somebody else signed (gateway G88).
 */
import type {
  RegisterCertificateRequest,
  RegisterCertificateResponse,
  RegisterCertificateWithoutCARequest,
  RegisterCertificateWithoutCAResponse,
} from '@aws-sdk/client-iot'
import { accept, refuse, type Outcome } from '@muster/model'
import type { RegistryState } from '../state/registry-state.ts'
import type { CertificateFacts } from './certificate-issuer.ts'
import type { CaCertificateRecord, CertificateRecord } from './certificate-record.ts'
import { addCertificate } from './create-certificate.ts'

/** Statuses that a certificate may be registered with. */
type RegisteredStatus = 'ACTIVE' | 'INACTIVE' | 'REVOKED'

/**
 * RegisterCertificate: the authority that signed it must be registered and ACTIVE.
 *
 * CertificateValidationException for a certificate that cannot be read or that no registered
 * authority signed; CertificateConflictException when several authorities have the issuer's name
 * and none is given; CertificateStateException for an INACTIVE authority (gateway G91) or a status
 * that cannot be registered; ResourceAlreadyExistsException for a registered certificate.
 */
export function registerCertificate(
  state: RegistryState,
  input: RegisterCertificateRequest,
  nowMs: number,
): Outcome<RegisterCertificateResponse> {
  const read = readForRegistration(state, input.certificatePem)
  if (!read.ok) return read
  const status = statusOf(input.status, input.setAsActive)
  if (!status.ok) return status
  const authority = authorityOf(state, read.value, input.caCertificatePem)
  if (!authority.ok) return authority
  if (authority.value.status !== 'ACTIVE') {
    return refuse(
      'CertificateStateException',
      `The CA certificate is not ACTIVE: ${authority.value.certificateId}`,
    )
  }
  return accept(
    answer(
      addCertificate(state, {
        ...read.value,
        status: status.value,
        certificateMode: authority.value.certificateMode,
        caCertificateId: authority.value.certificateId,
        nowMs,
      }),
    ),
  )
}

/**
 * RegisterCertificateWithoutCA: any certificate, self-signed ones too; the device must then send
 * SNI (gateway G6). Refusals as {@link registerCertificate} has them, save those of authorities.
 */
export function registerCertificateWithoutCA(
  state: RegistryState,
  input: RegisterCertificateWithoutCARequest,
  nowMs: number,
): Outcome<RegisterCertificateWithoutCAResponse> {
  const read = readForRegistration(state, input.certificatePem)
  if (!read.ok) return read
  const status = statusOf(input.status, false)
  if (!status.ok) return status
  return accept(
    answer(
      addCertificate(state, {
        ...read.value,
        status: status.value,
        certificateMode: 'SNI_ONLY',
        nowMs,
      }),
    ),
  )
}

/**
 * The registered authority that signed a certificate.
 *
 * @param caCertificatePem - which one is meant, when the caller says so
 * @returns CertificateValidationException, CertificateConflictException
 */
export function authorityOf(
  state: RegistryState,
  certificate: CertificateFacts,
  caCertificatePem: string | undefined,
): Outcome<CaCertificateRecord> {
  const { certificateIssuer } = state.ports
  const { caBySubject, caCertificates } = state.certificates
  let ids = [...caBySubject.get(certificate.issuer)]
  if (caCertificatePem !== undefined) {
    const read = certificateIssuer.read(caCertificatePem)
    if (!read.ok) return read
    ids = ids.filter((id) => id === read.value.certificateId)
  }
  if (ids.length > 1) {
    return refuse(
      'CertificateConflictException',
      'Several registered CA certificates have the name of the issuer: give caCertificatePem',
    )
  }
  const authority = caCertificates.get(ids[0] ?? '')
  if (
    authority === undefined ||
    !certificateIssuer.isSignedBy(certificate.certificatePem, authority.certificatePem)
  ) {
    return refuse(
      'CertificateValidationException',
      'No registered CA certificate signed this certificate',
    )
  }
  return accept(authority)
}

/** Refuses what is registered already. */
function readForRegistration(
  state: RegistryState,
  certificatePem: string | undefined,
): Outcome<CertificateFacts> {
  const read = state.ports.certificateIssuer.read(certificatePem ?? '')
  if (!read.ok) return read
  const existing = state.certificates.certificates.get(read.value.certificateId)
  if (existing === undefined) return read
  const { certificateArn, certificateId } = existing
  return refuse(
    'ResourceAlreadyExistsException',
    `The certificate with id ${certificateId} already exists.`,
    { resourceId: certificateId, resourceArn: certificateArn },
  )
}

function statusOf(
  status: string | undefined,
  setAsActive: boolean | undefined,
): Outcome<RegisteredStatus> {
  if (status === undefined) return accept(setAsActive === true ? 'ACTIVE' : 'INACTIVE')
  if (status === 'ACTIVE' || status === 'INACTIVE' || status === 'REVOKED') return accept(status)
  return refuse(
    'CertificateStateException',
    `Not allowed to register certificate with ${status} status`,
  )
}

function answer(record: CertificateRecord): RegisterCertificateResponse {
  return { certificateArn: record.certificateArn, certificateId: record.certificateId }
}
