/**
 * Operations of device certificates (gateway G86 to G88, G92 to G95).
 */
import type { Registry } from '@muster/registry'
import { handle } from './handle.ts'
import { withKeyPair, type KeyPairSource } from './key-pair.ts'
import type { OperationHandlers } from './operation.ts'

/** Handlers of this family. */
export function certificateOperations(
  registry: Registry,
  source: KeyPairSource,
): OperationHandlers {
  return {
    CreateCertificateFromCsr: handle(registry.createCertificateFromCsr),
    RegisterCertificate: handle(registry.registerCertificate),
    RegisterCertificateWithoutCA: handle(registry.registerCertificateWithoutCA),
    UpdateCertificate: handle(registry.updateCertificate),
    DescribeCertificate: handle(registry.describeCertificate),
    DeleteCertificate: handle(registry.deleteCertificate),
    ListCertificates: handle(registry.listCertificates),
    ListCertificatesByCA: handle(registry.listCertificatesByCA),
    ListOutgoingCertificates: handle(registry.listOutgoingCertificates),
    TransferCertificate: handle(registry.transferCertificate),
    AcceptCertificateTransfer: handle(registry.acceptCertificateTransfer),
    RejectCertificateTransfer: handle(registry.rejectCertificateTransfer),
    CancelCertificateTransfer: handle(registry.cancelCertificateTransfer),
    CreateKeysAndCertificate: withKeyPair(source, (input, keyPair, nowMs) =>
      registry.createKeysAndCertificate(input, keyPair, nowMs),
    ),
  }
}
