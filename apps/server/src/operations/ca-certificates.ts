/**
 * Operations of registered authorities (gateway G89 to G91).
 */
import type {
  DeleteCACertificateRequest,
  DescribeCACertificateRequest,
  ListCACertificatesRequest,
  RegisterCACertificateRequest,
  UpdateCACertificateRequest,
} from '@aws-sdk/client-iot'
import type { Registry } from '@muster/registry'
import type { OperationHandlers } from './operation.ts'

/** Handlers of this family. */
export function caCertificateOperations(registry: Registry): OperationHandlers {
  return {
    RegisterCACertificate: ({ input, nowMs }) =>
      registry.registerCACertificate(input as unknown as RegisterCACertificateRequest, nowMs),
    DescribeCACertificate: ({ input, nowMs }) =>
      registry.describeCACertificate(input as unknown as DescribeCACertificateRequest, nowMs),
    UpdateCACertificate: ({ input, nowMs }) =>
      registry.updateCACertificate(input as unknown as UpdateCACertificateRequest, nowMs),
    DeleteCACertificate: ({ input, nowMs }) =>
      registry.deleteCACertificate(input as unknown as DeleteCACertificateRequest, nowMs),
    ListCACertificates: ({ input, nowMs }) =>
      registry.listCACertificates(input as unknown as ListCACertificatesRequest, nowMs),
    GetRegistrationCode: ({ input, nowMs }) => registry.getRegistrationCode(input, nowMs),
    DeleteRegistrationCode: ({ input, nowMs }) => registry.deleteRegistrationCode(input, nowMs),
  }
}
