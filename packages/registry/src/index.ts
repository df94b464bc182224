export { openRegistry, type Registry } from './registry.ts'
export { atOnce, type Sliced } from './state/sliced.ts'
export type { RegistryChange } from './state/change.ts'
export type { Connectivity, Records, RegistryPorts, ThingShadow } from './state/ports.ts'
export type {
  BillingGroupRecord,
  PolicyRecord,
  PolicyVersionRecord,
  ThingGroupRecord,
  ThingRecord,
  ThingTypeRecord,
} from './state/records.ts'
export type { ThingOfPrincipal } from './principal/principal-state.ts'
export type {
  CaCertificateRecord,
  CertificateRecord,
  CertificateStatus,
} from './certificate/certificate-record.ts'
export type {
  CertificateFacts,
  CertificateIssuer,
  IssuedCertificate,
  IssueOptions,
} from './certificate/certificate-issuer.ts'
export type { KeyPairPem } from './certificate/create-certificate.ts'
export type {
  CertificateSource,
  FleetRegistered,
  FleetRegistration,
  FleetRegistrationBegun,
  OwnedCertificate,
} from './provisioning/fleet-provisioning.ts'
export type {
  CertificateRegisteredEvent,
  JustInTimeRegistration,
} from './provisioning/just-in-time.ts'
export type { ProvisioningCode, ProvisioningOutcome } from './provisioning/provisioning-code.ts'
export type {
  ProvisioningHookRecord,
  ProvisioningTemplateRecord,
  RegistrationTaskRecord,
} from './provisioning/provisioning-record.ts'
