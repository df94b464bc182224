/**
 * Operations of device certificates (gateway G86 to G95).
 */
import type {
  CreateCertificateFromCsrRequest,
  CreateKeysAndCertificateRequest,
  DeleteCertificateRequest,
  DescribeCertificateRequest,
  ListCertificatesByCARequest,
  ListCertificatesRequest,
  ListOutgoingCertificatesRequest,
  UpdateCertificateRequest,
} from '@aws-sdk/client-iot'
import { createRsaKeyPair } from '@muster/pki'
import type { Registry } from '@muster/registry'
import type { OperationHandlers } from './operation.ts'

/** Handlers of the certificate family. */
export function certificateOperations(registry: Registry): OperationHandlers {
  return {
    CreateCertificateFromCsr: ({ input, nowMs }) =>
      registry.createCertificateFromCsr(input as unknown as CreateCertificateFromCsrRequest, nowMs),
    CreateKeysAndCertificate: async ({ input, nowMs }) =>
      registry.createKeysAndCertificate(
        input as CreateKeysAndCertificateRequest,
        await createRsaKeyPair(),
        nowMs,
      ),
    UpdateCertificate: ({ input, nowMs }) =>
      registry.updateCertificate(input as unknown as UpdateCertificateRequest, nowMs),
    DescribeCertificate: ({ input }) =>
      registry.describeCertificate(input as unknown as DescribeCertificateRequest),
    DeleteCertificate: ({ input }) =>
      registry.deleteCertificate(input as unknown as DeleteCertificateRequest),
    ListCertificates: ({ input }) => registry.listCertificates(input as ListCertificatesRequest),
    ListCertificatesByCA: ({ input }) =>
      registry.listCertificatesByCA(input as unknown as ListCertificatesByCARequest),
    ListOutgoingCertificates: ({ input }) =>
      registry.listOutgoingCertificates(input as ListOutgoingCertificatesRequest),
  }
}
