/**
 * Operations of registered authorities (gateway G89 to G91).
 */
import type { Registry } from '@muster/registry'
import { handle } from './handle.ts'
import type { OperationHandlers } from './operation.ts'

/** Handlers of this family. */
export function caCertificateOperations(registry: Registry): OperationHandlers {
  return {
    RegisterCACertificate: handle(registry.registerCACertificate),
    DescribeCACertificate: handle(registry.describeCACertificate),
    UpdateCACertificate: handle(registry.updateCACertificate),
    DeleteCACertificate: handle(registry.deleteCACertificate),
    ListCACertificates: handle(registry.listCACertificates),
    GetRegistrationCode: handle(registry.getRegistrationCode),
    DeleteRegistrationCode: handle(registry.deleteRegistrationCode),
  }
}
