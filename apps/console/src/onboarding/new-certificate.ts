/** New certificates, however their key comes about. */
import {
  CreateCertificateFromCsrCommand,
  CreateKeysAndCertificateCommand,
  type IoTClient,
} from '@aws-sdk/client-iot'

/** Who makes the key. */
export type KeySource =
  /** This page: the key never leaves it. */
  | 'page'
  /** AWS IoT (CreateKeysAndCertificate): the key comes over the wire once. */
  | 'service'
  /** The device: it gives a request, and keeps its key. */
  | 'csr'

/** A certificate that was made. */
export interface NewCertificate {
  readonly certificateId: string
  readonly certificateArn: string
  readonly certificatePem: string
  /** Secret; undefined where the device has it. */
  readonly privateKeyPem: string | undefined
}

/** Whether the page can make keys: browsers let only pages of a secure origin. */
export function canMakeKeys(): boolean {
  return isSecureContext
}

/**
 * Makes an active certificate.
 *
 * @param commonName - of the key that the page makes
 * @param csrPem - of `csr`
 * @throws what the SDK throws
 */
export async function newCertificate(
  iot: IoTClient,
  { source, commonName, csrPem }: { source: KeySource; commonName: string; csrPem: string },
): Promise<NewCertificate> {
  if (source === 'service') {
    const made = await iot.send(new CreateKeysAndCertificateCommand({ setAsActive: true }))
    return { ...certificateOf(made), privateKeyPem: made.keyPair?.PrivateKey }
  }
  const own =
    source === 'page'
      ? await (await import('./device-key.ts')).makeKeyAndCsr(commonName)
      : undefined
  const made = await iot.send(
    new CreateCertificateFromCsrCommand({
      certificateSigningRequest: own?.csrPem ?? csrPem,
      setAsActive: true,
    }),
  )
  return { ...certificateOf(made), privateKeyPem: own?.privateKeyPem }
}

function certificateOf(made: {
  readonly certificateId?: string | undefined
  readonly certificateArn?: string | undefined
  readonly certificatePem?: string | undefined
}): Omit<NewCertificate, 'privateKeyPem'> {
  const { certificateId, certificateArn, certificatePem } = made
  if (certificateId === undefined || certificateArn === undefined || certificatePem === undefined) {
    throw new Error('The server answered without the certificate.')
  }
  return { certificateId, certificateArn, certificatePem }
}
