export { openRegistry, type Registry } from './registry.ts'
export type { RegistryChange } from './state/change.ts'
export type { Connectivity, Records, RegistryPorts } from './state/ports.ts'
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
