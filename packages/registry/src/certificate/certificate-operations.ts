/**
 * The certificate family of operations, as members of the registry.
 */
import type * as iot from '@aws-sdk/client-iot'
import type { Outcome } from '@muster/model'
import type { Operation } from '../state/operation.ts'
import type { RegistryState } from '../state/registry-state.ts'
import type { CaCertificateRecord, CertificateRecord } from './certificate-record.ts'
import {
  deleteCACertificate,
  describeCACertificate,
  listCACertificates,
  updateCACertificate,
} from './ca-certificate.ts'
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
import { registerCACertificate } from './register-ca-certificate.ts'
import { registerCertificate, registerCertificateWithoutCA } from './register-certificate.ts'
import { deleteRegistrationCode, getRegistrationCode } from './registration-code.ts'
import {
  acceptCertificateTransfer,
  cancelCertificateTransfer,
  rejectCertificateTransfer,
  transferCertificate,
} from './transfer-certificate.ts'
import { deleteCertificate, updateCertificate } from './update-certificate.ts'

/** Operations and lookups of certificates (gateway G86 to G95). */
export interface CertificateOperations {
  /** @param certificateId - 64 lowercase hex characters */
  certificate(certificateId: string): CertificateRecord | undefined
  /** @param certificateId - 64 lowercase hex characters */
  caCertificate(certificateId: string): CaCertificateRecord | undefined
  /** @param keyPair - made beforehand, off the main thread */
  createKeysAndCertificate(
    input: iot.CreateKeysAndCertificateRequest,
    keyPair: KeyPairPem,
    nowMs: number,
  ): Outcome<iot.CreateKeysAndCertificateResponse>
  readonly createCertificateFromCsr: Operation<
    iot.CreateCertificateFromCsrRequest,
    iot.CreateCertificateFromCsrResponse
  >
  readonly registerCertificate: Operation<
    iot.RegisterCertificateRequest,
    iot.RegisterCertificateResponse
  >
  readonly registerCertificateWithoutCA: Operation<
    iot.RegisterCertificateWithoutCARequest,
    iot.RegisterCertificateWithoutCAResponse
  >
  readonly updateCertificate: Operation<iot.UpdateCertificateRequest, object>
  readonly describeCertificate: Operation<
    iot.DescribeCertificateRequest,
    iot.DescribeCertificateResponse
  >
  readonly deleteCertificate: Operation<iot.DeleteCertificateRequest, object>
  readonly listCertificates: Operation<iot.ListCertificatesRequest, iot.ListCertificatesResponse>
  readonly listCertificatesByCA: Operation<
    iot.ListCertificatesByCARequest,
    iot.ListCertificatesByCAResponse
  >
  readonly listOutgoingCertificates: Operation<
    iot.ListOutgoingCertificatesRequest,
    iot.ListOutgoingCertificatesResponse
  >
  readonly transferCertificate: Operation<
    iot.TransferCertificateRequest,
    iot.TransferCertificateResponse
  >
  readonly acceptCertificateTransfer: Operation<iot.AcceptCertificateTransferRequest, object>
  readonly rejectCertificateTransfer: Operation<iot.RejectCertificateTransferRequest, object>
  readonly cancelCertificateTransfer: Operation<iot.CancelCertificateTransferRequest, object>
  readonly registerCACertificate: Operation<
    iot.RegisterCACertificateRequest,
    iot.RegisterCACertificateResponse
  >
  readonly describeCACertificate: Operation<
    iot.DescribeCACertificateRequest,
    iot.DescribeCACertificateResponse
  >
  readonly updateCACertificate: Operation<iot.UpdateCACertificateRequest, object>
  readonly deleteCACertificate: Operation<iot.DeleteCACertificateRequest, object>
  readonly listCACertificates: Operation<
    iot.ListCACertificatesRequest,
    iot.ListCACertificatesResponse
  >
  readonly getRegistrationCode: Operation<
    iot.GetRegistrationCodeRequest,
    iot.GetRegistrationCodeResponse
  >
  readonly deleteRegistrationCode: Operation<iot.DeleteRegistrationCodeRequest, object>
}

/** Binds the family to a state. */
export function certificateOperations(state: RegistryState): CertificateOperations {
  return {
    certificate: (certificateId) => state.certificates.certificates.get(certificateId),
    caCertificate: (certificateId) => state.certificates.caCertificates.get(certificateId),
    createKeysAndCertificate: (input, keyPair, nowMs) =>
      createKeysAndCertificate(state, input, keyPair, nowMs),
    createCertificateFromCsr: (input, nowMs) => createCertificateFromCsr(state, input, nowMs),
    registerCertificate: (input, nowMs) => registerCertificate(state, input, nowMs),
    registerCertificateWithoutCA: (input, nowMs) =>
      registerCertificateWithoutCA(state, input, nowMs),
    updateCertificate: (input, nowMs) => updateCertificate(state, input, nowMs),
    describeCertificate: (input) => describeCertificate(state, input),
    deleteCertificate: (input) => deleteCertificate(state, input),
    listCertificates: (input) => listCertificates(state, input),
    listCertificatesByCA: (input) => listCertificatesByCA(state, input),
    listOutgoingCertificates: (input) => listOutgoingCertificates(state, input),
    transferCertificate: (input, nowMs) => transferCertificate(state, input, nowMs),
    acceptCertificateTransfer: (input, nowMs) => acceptCertificateTransfer(state, input, nowMs),
    rejectCertificateTransfer: (input, nowMs) => rejectCertificateTransfer(state, input, nowMs),
    cancelCertificateTransfer: (input, nowMs) => cancelCertificateTransfer(state, input, nowMs),
    registerCACertificate: (input, nowMs) => registerCACertificate(state, input, nowMs),
    describeCACertificate: (input) => describeCACertificate(state, input),
    updateCACertificate: (input, nowMs) => updateCACertificate(state, input, nowMs),
    deleteCACertificate: (input) => deleteCACertificate(state, input),
    listCACertificates: (input) => listCACertificates(state, input),
    getRegistrationCode: () => getRegistrationCode(state),
    deleteRegistrationCode: () => deleteRegistrationCode(state),
  }
}
