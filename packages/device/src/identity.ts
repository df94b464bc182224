/** What a device authenticates with: its own private key and the certificate for it. */
export interface DeviceIdentity {
  /** PEM; any intermediate certificates follow the leaf. */
  readonly certificatePem: string
  /** PEM, PKCS#8 or SEC1. */
  readonly privateKeyPem: string
}

/** An identity, or where to find it: asked anew for each connection, so that it may rotate. */
export type IdentitySource = DeviceIdentity | (() => DeviceIdentity)

/** The identity to use now. */
export function currentIdentity(source: IdentitySource): DeviceIdentity {
  return typeof source === 'function' ? source() : source
}
