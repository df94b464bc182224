import { caCertificate, certificate } from '../../authorization/operator-resources.ts'
import { withKeyPair } from '../key-pair.ts'
import type { Operations } from '../operation-row.ts'

/** "Other certificate operations" of gateway section 8: all but CreateCertificateFromCsr. */
const rate = { perSecond: 10 } as const

/** Certificates of devices (gateway G86 to G88, G92 to G95). */
export const certificates: Operations<'iot'> = {
  CreateKeysAndCertificate: {
    rule:
      ({ registry, provisioning, clock }) =>
      (input, _nowMs, call) =>
        withKeyPair(provisioning.keyPairs, call, (keyPair) =>
          registry.createKeysAndCertificate(input, keyPair, clock.nowMs()),
        ),
    rate,
  },
  CreateCertificateFromCsr: {
    rule: ({ registry }) => registry.createCertificateFromCsr,
    rate: { perSecond: 15 },
  },
  RegisterCertificate: { rule: ({ registry }) => registry.registerCertificate, rate },
  RegisterCertificateWithoutCA: {
    rule: ({ registry }) => registry.registerCertificateWithoutCA,
    rate,
  },
  UpdateCertificate: {
    rule: ({ registry }) => registry.updateCertificate,
    resources: [certificate],
    rate,
  },
  DescribeCertificate: {
    rule: ({ registry }) => registry.describeCertificate,
    resources: [certificate],
    rate,
  },
  DeleteCertificate: {
    rule: ({ registry }) => registry.deleteCertificate,
    resources: [certificate],
    rate,
  },
  ListCertificates: { rule: ({ registry }) => registry.listCertificates, rate },
  ListCertificatesByCA: { rule: ({ registry }) => registry.listCertificatesByCA, rate },
  ListOutgoingCertificates: { rule: ({ registry }) => registry.listOutgoingCertificates, rate },
  TransferCertificate: {
    rule: ({ registry }) => registry.transferCertificate,
    resources: [certificate],
    rate,
  },
  AcceptCertificateTransfer: {
    rule: ({ registry }) => registry.acceptCertificateTransfer,
    resources: [certificate],
    rate,
  },
  RejectCertificateTransfer: {
    rule: ({ registry }) => registry.rejectCertificateTransfer,
    resources: [certificate],
    rate,
  },
  CancelCertificateTransfer: {
    rule: ({ registry }) => registry.cancelCertificateTransfer,
    resources: [certificate],
    rate,
  },
  // Registered authorities (gateway G89 to G91).
  RegisterCACertificate: { rule: ({ registry }) => registry.registerCACertificate, rate },
  DescribeCACertificate: {
    rule: ({ registry }) => registry.describeCACertificate,
    resources: [caCertificate],
    rate,
  },
  UpdateCACertificate: {
    rule: ({ registry }) => registry.updateCACertificate,
    resources: [caCertificate],
    rate,
  },
  DeleteCACertificate: {
    rule: ({ registry }) => registry.deleteCACertificate,
    resources: [caCertificate],
    rate,
  },
  ListCACertificates: { rule: ({ registry }) => registry.listCACertificates, rate },
  GetRegistrationCode: { rule: ({ registry }) => registry.getRegistrationCode, rate },
  DeleteRegistrationCode: { rule: ({ registry }) => registry.deleteRegistrationCode, rate },
}
