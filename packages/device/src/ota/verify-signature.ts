import { verify } from 'node:crypto'
import type { OtaFile } from './ota-document.ts'

/**
 * Whether a file is what was signed: the signature of the document, in base64, over its content.
 *
 * @param publicKeyPem - of who signs, a public key or a certificate
 */
export function isSignedBy(file: OtaFile, content: Buffer, publicKeyPem: string): boolean {
  const { signature } = file
  if (signature === undefined) return false
  try {
    return verify(signature.hash, content, publicKeyPem, Buffer.from(signature.value, 'base64'))
  } catch {
    // A hash that nobody knows, or a key of another kind.
    return false
  }
}
