/**
 * PEM armour (RFC 7468).
 */
import { Buffer } from 'node:buffer'

const armour = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/

/**
 * The DER bytes of the first PEM block whose label is one of `labels`.
 *
 * @returns undefined when there is no such block or it is not base64
 */
export function pemToDer(pem: string, ...labels: readonly string[]): Uint8Array | undefined {
  let rest = pem
  for (;;) {
    const match = armour.exec(rest)
    if (match === null) return undefined
    const [block, label = '', body = ''] = match
    if (labels.includes(label)) {
      const base64 = body.replace(/\s+/g, '')
      if (base64.length === 0 || base64.length % 4 !== 0) return undefined
      return Buffer.from(base64, 'base64')
    }
    rest = rest.slice(match.index + block.length)
  }
}

/** A PEM block with lines of 64 characters and a final newline, as AWS writes certificates. */
export function derToPem(der: Uint8Array, label: string): string {
  const base64 = Buffer.from(der).toString('base64')
  const lines = base64.match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

/** A DER certificate in PEM. */
export function certificatePem(der: Uint8Array): string {
  return derToPem(der, 'CERTIFICATE')
}
