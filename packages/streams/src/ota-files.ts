/** Files of an update between requests and records: a record is JSON, a signature is bytes. */
import type { OTAUpdateFile } from '@aws-sdk/client-iot'
import type { KeptOtaFile } from './ota-update.ts'

/** A file as it is kept. */
export function keptFile(file: OTAUpdateFile): KeptOtaFile {
  const { codeSigning } = file
  const custom = codeSigning?.customCodeSigning
  const bytes = custom?.signature?.inlineDocument
  if (bytes === undefined) return { file }
  const unsigned = { ...custom, signature: {} }
  return {
    file: { ...file, codeSigning: { ...codeSigning, customCodeSigning: unsigned } },
    signature: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')),
  }
}

/** A kept file as it came. */
export function shownFile({ file, signature }: KeptOtaFile): OTAUpdateFile {
  if (signature === undefined) return file
  const inlineDocument = Uint8Array.from(atob(signature), (text) => text.charCodeAt(0))
  const customCodeSigning = {
    ...file.codeSigning?.customCodeSigning,
    signature: { inlineDocument },
  }
  return { ...file, codeSigning: { ...file.codeSigning, customCodeSigning } }
}
