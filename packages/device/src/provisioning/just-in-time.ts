/**
 * Just-in-time registration and provisioning (gateway G96 to G99): the device comes with a
 * certificate of an authority that the account knows; its first connection is dropped while the
 * account makes the certificate its own, so the device simply tries again.
 */
import { createDeviceKeyAndCsr, issueDeviceCertificate, loadAuthority } from '@muster/pki'
import type { DeviceIdentity } from '../identity.ts'

/** The authority of a production line. */
export interface ProductionAuthority {
  readonly certificatePem: string
  /** EC P-256. */
  readonly privateKeyPem: string
}

/**
 * A key and a certificate signed by the production line's authority, followed by the authority's,
 * which the service may need to see. Start the device with it and enough time for its retries.
 *
 * @param nowMs - epoch milliseconds
 * @throws Error when the authority cannot be read or has expired
 */
export function justInTimeIdentity(
  authority: ProductionAuthority,
  commonName: string,
  nowMs: number,
): DeviceIdentity {
  const loaded = loadAuthority(authority.certificatePem, authority.privateKeyPem, nowMs)
  if (!loaded.ok) throw new Error(loaded.error.message)
  const { privateKeyPem, csrPem } = createDeviceKeyAndCsr({ commonName })
  const issued = issueDeviceCertificate(loaded.value, csrPem, { nowMs })
  if (!issued.ok) throw new Error(issued.error.message)
  return {
    privateKeyPem,
    certificatePem: issued.value.certificatePem + authority.certificatePem,
  }
}
