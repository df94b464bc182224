/** What a device authenticates with: its own private key and the certificate for it. */
export interface DeviceIdentity {
  /** PEM; any intermediate certificates follow the leaf. */
  readonly certificatePem: string
  /** PEM, PKCS#8 or SEC1. */
  readonly privateKeyPem: string
}
