/**
 * Operations of device certificates (gateway G86 to G88, G92 to G95).
 */
import type {
  AcceptCertificateTransferRequest,
  CancelCertificateTransferRequest,
  CreateCertificateFromCsrRequest,
  CreateKeysAndCertificateRequest,
  DeleteCertificateRequest,
  DescribeCertificateRequest,
  ListCertificatesByCARequest,
  ListCertificatesRequest,
  ListOutgoingCertificatesRequest,
  RegisterCertificateRequest,
  RegisterCertificateWithoutCARequest,
  RejectCertificateTransferRequest,
  TransferCertificateRequest,
  UpdateCertificateRequest,
} from '@aws-sdk/client-iot'
import { createRsaKeyPair } from '@muster/pki'
import type { Registry } from '@muster/registry'
import type { OperationHandlers } from './operation.ts'

/** Handlers of this family. */
export function certificateOperations(registry: Registry): OperationHandlers {
  return {
    CreateCertificateFromCsr: ({ input, nowMs }) =>
      registry.createCertificateFromCsr(input as unknown as CreateCertificateFromCsrRequest, nowMs),
    RegisterCertificate: ({ input, nowMs }) =>
      registry.registerCertificate(input as unknown as RegisterCertificateRequest, nowMs),
    RegisterCertificateWithoutCA: ({ input, nowMs }) =>
      registry.registerCertificateWithoutCA(
        input as unknown as RegisterCertificateWithoutCARequest,
        nowMs,
      ),
    UpdateCertificate: ({ input, nowMs }) =>
      registry.updateCertificate(input as unknown as UpdateCertificateRequest, nowMs),
    DescribeCertificate: ({ input, nowMs }) =>
      registry.describeCertificate(input as unknown as DescribeCertificateRequest, nowMs),
    DeleteCertificate: ({ input, nowMs }) =>
      registry.deleteCertificate(input as unknown as DeleteCertificateRequest, nowMs),
    ListCertificates: ({ input, nowMs }) =>
      registry.listCertificates(input as unknown as ListCertificatesRequest, nowMs),
    ListCertificatesByCA: ({ input, nowMs }) =>
      registry.listCertificatesByCA(input as unknown as ListCertificatesByCARequest, nowMs),
    ListOutgoingCertificates: ({ input, nowMs }) =>
      registry.listOutgoingCertificates(input as unknown as ListOutgoingCertificatesRequest, nowMs),
    TransferCertificate: ({ input, nowMs }) =>
      registry.transferCertificate(input as unknown as TransferCertificateRequest, nowMs),
    AcceptCertificateTransfer: ({ input, nowMs }) =>
      registry.acceptCertificateTransfer(
        input as unknown as AcceptCertificateTransferRequest,
        nowMs,
      ),
    RejectCertificateTransfer: ({ input, nowMs }) =>
      registry.rejectCertificateTransfer(
        input as unknown as RejectCertificateTransferRequest,
        nowMs,
      ),
    CancelCertificateTransfer: ({ input, nowMs }) =>
      registry.cancelCertificateTransfer(
        input as unknown as CancelCertificateTransferRequest,
        nowMs,
      ),
    CreateKeysAndCertificate: async ({ input, nowMs }) =>
      registry.createKeysAndCertificate(
        input as CreateKeysAndCertificateRequest,
        await createRsaKeyPair(),
        nowMs,
      ),
  }
}
