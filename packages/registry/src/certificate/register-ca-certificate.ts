/**
 * RegisterCACertificate (gateway G89).
 */
import type {
  RegisterCACertificateRequest,
  RegisterCACertificateResponse,
} from '@aws-sdk/client-iot'
import { accept, iotArn, present, refuse, type Outcome, type Refused } from '@muster/model'
import type { RegistryState } from '../state/registry-state.ts'
import type { CertificateFacts } from './certificate-issuer.ts'
import type { CaCertificateRecord } from './certificate-record.ts'
import { checkNewTags, putTags } from '../tag/tags.ts'
import { registrationConfigOf } from './registration-config.ts'

const sameSubjectMax = 10

/**
 * Registers an authority: in mode DEFAULT with a verification certificate that it signed over the
 * account's registration code, in mode SNI_ONLY without.
 *
 * ResourceAlreadyExistsException, CertificateValidationException (no CA, expired, unreadable; the
 * proof likewise),
 * RegistrationCodeValidationException, LimitExceededException (more than ten of one subject),
 * ResourceNotFoundException (template), InvalidRequestException.
 */
export function registerCACertificate(
  state: RegistryState,
  input: RegisterCACertificateRequest,
  nowMs: number,
): Outcome<RegisterCACertificateResponse> {
  const read = state.ports.certificateIssuer.read(input.caCertificate ?? '')
  if (!read.ok) return read
  const facts = read.value
  const problem =
    problemWith(state, facts) ?? problemWithProof(state, facts, input) ?? checkNewTags(input.tags)
  if (problem !== undefined) return problem
  const config = registrationConfigOf(state, input.registrationConfig)
  if (!config.ok) return config
  const { certificateId } = facts
  const record: CaCertificateRecord = {
    certificateId,
    certificateArn: iotArn(state.ports.account, 'cacert', certificateId),
    status: input.setAsActive === true ? 'ACTIVE' : 'INACTIVE',
    certificatePem: facts.certificatePem,
    subject: facts.subject,
    validity: { notBeforeMs: facts.notBeforeMs, notAfterMs: facts.notAfterMs },
    certificateMode: input.certificateMode ?? 'DEFAULT',
    autoRegistrationStatus: input.allowAutoRegistration === true ? 'ENABLE' : 'DISABLE',
    ...present({ registrationConfig: config.value }),
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
    customerVersion: 1,
    generationId: state.ports.newId(),
  }
  state.certificates.caCertificates.set(certificateId, record)
  putTags(state, record.certificateArn, input.tags)
  state.emit({ kind: 'caCertificate', certificateId, after: record })
  return accept({ certificateArn: record.certificateArn, certificateId })
}

function problemWith(state: RegistryState, facts: CertificateFacts): Refused | undefined {
  const { caBySubject, caCertificates } = state.certificates
  const existing = caCertificates.get(facts.certificateId)
  if (existing !== undefined) {
    return refuse('ResourceAlreadyExistsException', 'The CA certificate is already registered', {
      resourceId: existing.certificateId,
      resourceArn: existing.certificateArn,
    })
  }
  if (!facts.isAuthority) {
    return refuse('CertificateValidationException', 'The certificate is not that of a CA (CA:TRUE)')
  }
  if (!facts.inDate) {
    return refuse('CertificateValidationException', 'The CA certificate is not valid at this time')
  }
  if (caBySubject.get(facts.subject).size >= sameSubjectMax) {
    return refuse(
      'LimitExceededException',
      `At most ${sameSubjectMax} CA certificates may have the same subject`,
    )
  }
  return undefined
}

/** What is wrong with the proof of ownership, if anything. */
function problemWithProof(
  state: RegistryState,
  facts: CertificateFacts,
  input: RegisterCACertificateRequest,
): Refused | undefined {
  const { verificationCertificate } = input
  if (input.certificateMode === 'SNI_ONLY') {
    return verificationCertificate === undefined
      ? undefined
      : refuse('InvalidRequestException', 'Mode SNI_ONLY takes no verificationCertificate')
  }
  if (verificationCertificate === undefined) {
    return refuse('InvalidRequestException', 'Mode DEFAULT needs a verificationCertificate')
  }
  const { certificateIssuer } = state.ports
  const proof = certificateIssuer.read(verificationCertificate)
  if (!proof.ok) return refuse(proof.error.code, proof.error.message)
  if (!certificateIssuer.isSignedBy(verificationCertificate, facts.certificatePem)) {
    return refuse(
      'RegistrationCodeValidationException',
      'The verification certificate is not signed by the CA certificate',
    )
  }
  if (!proof.value.inDate) {
    return refuse(
      'CertificateValidationException',
      'The verification certificate is not valid at this time',
    )
  }
  const code = state.certificates.registrationCode
  if (code === undefined || proof.value.commonName !== code) {
    return refuse(
      'RegistrationCodeValidationException',
      'The common name of the verification certificate is not the registration code',
    )
  }
  return undefined
}
