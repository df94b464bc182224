/**
 * What provisioning refuses with: AWS's exceptions, and codes that only its MQTT API has.
 */
import type { ExceptionName, Outcome } from '@muster/model'

/** Codes of provisioning (gateway G103). */
export type ProvisioningCode =
  | ExceptionName
  | 'AccessDenied'
  | 'InvalidCertificateOwnershipToken'
  | 'ResourceConflictsException'
  | 'Throttled'

/** What a step of provisioning answers. */
export type ProvisioningOutcome<T> = Outcome<T, ProvisioningCode>

/** What registration at a CONNECT answers: the device may be none of a registering authority. */
export type JustInTimeOutcome<T> = Outcome<
  T,
  ProvisioningCode | 'DEVICE_CERTIFICATE_NOT_REGISTERED'
>
