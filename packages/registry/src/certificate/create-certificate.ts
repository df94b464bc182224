/**
 * Certificates that the service signs (gateway G86, G87).
 */
import type {
  CreateCertificateFromCsrRequest,
  CreateCertificateFromCsrResponse,
  CreateKeysAndCertificateRequest,
  CreateKeysAndCertificateResponse,
} from '@aws-sdk/client-iot'
import { accept, iotArn, present, type Outcome } from '@muster/model'
import type { RegistryState } from '../state/registry-state.ts'
import type { IssuedCertificate } from './certificate-issuer.ts'
import type { CertificateRecord } from './certificate-record.ts'

/** A key pair that the service made and does not keep, in PEM. */
export interface KeyPairPem {
  readonly publicKeyPem: string
  readonly privateKeyPem: string
}

/** CreateCertificateFromCsr: the same request twice gives two certificates (gateway G87). */
export function createCertificateFromCsr(
  state: RegistryState,
  input: CreateCertificateFromCsrRequest,
  nowMs: number,
): Outcome<CreateCertificateFromCsrResponse> {
  const csr = input.certificateSigningRequest ?? ''
  const issued = state.ports.certificateIssuer.issueFromCsr(csr)
  if (!issued.ok) return issued
  const record = addIssued(
    state,
    issued.value,
    input.setAsActive === true ? 'ACTIVE' : 'INACTIVE',
    nowMs,
  )
  return accept(answer(record))
}

/** CreateKeysAndCertificate with the pair made beforehand; RSA-2048 on AWS (gateway G87). */
export function createKeysAndCertificate(
  state: RegistryState,
  input: CreateKeysAndCertificateRequest,
  keyPair: KeyPairPem,
  nowMs: number,
): Outcome<CreateKeysAndCertificateResponse> {
  const issued = state.ports.certificateIssuer.issueForKey(keyPair.publicKeyPem)
  if (!issued.ok) return issued
  const record = addIssued(
    state,
    issued.value,
    input.setAsActive === true ? 'ACTIVE' : 'INACTIVE',
    nowMs,
  )
  return accept({
    ...answer(record),
    keyPair: { PublicKey: keyPair.publicKeyPem, PrivateKey: keyPair.privateKeyPem },
  })
}

/** Puts a certificate just signed into the registry and tells of it. */
export function addIssued(
  state: RegistryState,
  issued: IssuedCertificate,
  status: CertificateRecord['status'],
  nowMs: number,
  claimOfTemplate?: string,
): CertificateRecord {
  return addCertificate(state, {
    ...issued,
    status,
    certificateMode: 'DEFAULT',
    nowMs,
    ...present({ claimOfTemplate }),
  })
}

/** What a new record is made of. */
export interface NewCertificate extends IssuedCertificate {
  readonly status: CertificateRecord['status']
  readonly certificateMode: CertificateRecord['certificateMode']
  readonly caCertificateId?: string
  readonly claimOfTemplate?: string
  readonly nowMs: number
}

/** Adds a record to the registry and tells of it; the id must be new. */
export function addCertificate(
  state: RegistryState,
  certificate: NewCertificate,
): CertificateRecord {
  const { certificateId, caCertificateId, claimOfTemplate, nowMs } = certificate
  const record: CertificateRecord = {
    certificateId,
    certificateArn: iotArn(state.ports.account, 'cert', certificateId),
    status: certificate.status,
    certificatePem: certificate.certificatePem,
    validity: { notBeforeMs: certificate.notBeforeMs, notAfterMs: certificate.notAfterMs },
    certificateMode: certificate.certificateMode,
    ...present({ caCertificateId, claimOfTemplate }),
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
    customerVersion: 1,
    generationId: state.ports.newId(),
  }
  state.certificates.certificates.set(certificateId, record)
  state.emit({ kind: 'certificate', certificateId, after: record })
  return record
}

function answer(record: CertificateRecord): CreateCertificateFromCsrResponse {
  const { certificateArn, certificateId, certificatePem } = record
  return { certificateArn, certificateId, certificatePem }
}
