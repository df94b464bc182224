/**
 * The certificate family of operations, as members of the registry.
 */
import type * as iot from '@aws-sdk/client-iot'
import type { Outcome } from '@muster/model'
import type { RegistryState } from '../state/registry-state.ts'
import type { CaCertificateRecord, CertificateRecord } from './certificate-record.ts'
import {
  createCertificateFromCsr,
  createKeysAndCertificate,
  type KeyPairPem,
} from './create-certificate.ts'
import { describeCertificate } from './describe-certificate.ts'
import {
  listCertificates,
  listCertificatesByCA,
  listOutgoingCertificates,
} from './list-certificates.ts'
import { deleteCertificate, updateCertificate } from './update-certificate.ts'

/** Operations and lookups of certificates. */
export interface CertificateOperations {
  /** @param certificateId - 64 lowercase hex characters */
  certificate(certificateId: string): CertificateRecord | undefined
  /** @param certificateId - 64 lowercase hex characters */
  caCertificate(certificateId: string): CaCertificateRecord | undefined
  createCertificateFromCsr(
    input: iot.CreateCertificateFromCsrRequest,
    nowMs: number,
  ): Outcome<iot.CreateCertificateFromCsrResponse>
  /** @param keyPair - made beforehand, off the main thread */
  createKeysAndCertificate(
    input: iot.CreateKeysAndCertificateRequest,
    keyPair: KeyPairPem,
    nowMs: number,
  ): Outcome<iot.CreateKeysAndCertificateResponse>
  updateCertificate(input: iot.UpdateCertificateRequest, nowMs: number): Outcome<object>
  describeCertificate(
    input: iot.DescribeCertificateRequest,
  ): Outcome<iot.DescribeCertificateResponse>
  deleteCertificate(input: iot.DeleteCertificateRequest): Outcome<object>
  listCertificates(input: iot.ListCertificatesRequest): Outcome<iot.ListCertificatesResponse>
  listCertificatesByCA(
    input: iot.ListCertificatesByCARequest,
  ): Outcome<iot.ListCertificatesByCAResponse>
  listOutgoingCertificates(
    input: iot.ListOutgoingCertificatesRequest,
  ): Outcome<iot.ListOutgoingCertificatesResponse>
}

/** Binds the family to a state. */
export function certificateOperations(state: RegistryState): CertificateOperations {
  return {
    certificate: (certificateId) => state.certificates.certificates.get(certificateId),
    caCertificate: (certificateId) => state.certificates.caCertificates.get(certificateId),
    createCertificateFromCsr: (input, nowMs) => createCertificateFromCsr(state, input, nowMs),
    createKeysAndCertificate: (input, keyPair, nowMs) =>
      createKeysAndCertificate(state, input, keyPair, nowMs),
    updateCertificate: (input, nowMs) => updateCertificate(state, input, nowMs),
    describeCertificate: (input) => describeCertificate(state, input),
    deleteCertificate: (input) => deleteCertificate(state, input),
    listCertificates: (input) => listCertificates(state, input),
    listCertificatesByCA: (input) => listCertificatesByCA(state, input),
    listOutgoingCertificates: (input) => listOutgoingCertificates(state, input),
  }
}
