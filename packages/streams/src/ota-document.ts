/**
 * The job document of an OTA update (neighbours N99).
 */
import type { OTAUpdateFile } from '@aws-sdk/client-iot'
import type { FileFacts, S3File } from './s3-file.ts'

/** One file with all that its entry needs. */
export interface OtaDocumentFile {
  readonly file: OTAUpdateFile
  readonly facts: FileFacts
  /** In the stream, else its place. */
  readonly fileId: number
  /** For a link. */
  readonly location: S3File
}

/** What a document says for all of its files. */
export interface OtaDocumentFrame {
  readonly protocols: readonly ('MQTT' | 'HTTP')[]
  /** With MQTT. */
  readonly streamId: string | undefined
  readonly region: string
}

/**
 * Writes the document: links are placeholders, so that each request gets a fresh one (jobs J103).
 */
export function otaDocument(
  { protocols, streamId, region }: OtaDocumentFrame,
  files: readonly OtaDocumentFile[],
): string {
  const hasLinks = protocols.includes('HTTP')
  return JSON.stringify({
    afr_ota: {
      protocols,
      ...(streamId !== undefined && { streamname: streamId }),
      files: files.map((entry) => ({
        filepath: entry.file.fileName ?? '',
        filesize: entry.facts.bytes,
        fileid: entry.fileId,
        ...signing(entry.file),
        ...(entry.file.fileType !== undefined && { fileType: entry.file.fileType }),
        ...signature(entry.file),
        ...(hasLinks && {
          update_data_url: `\${aws:iot:s3-presigned-url-v2:${linkedUrl(entry, region)}}`,
          auth_scheme: 'aws.s3.presigned',
        }),
      })),
    },
  })
}

/** What begins a placeholder: text of a user's with it in would become one. */
export const PLACEHOLDER_START = '${aws:iot:'

function signing({ codeSigning }: OTAUpdateFile): object {
  const certfile = codeSigning?.customCodeSigning?.certificateChain?.certificateName
  return certfile === undefined ? {} : { certfile }
}

/** `sig-sha256-ecdsa`, or `sig--` of what is unsigned (neighbours W17). */
function signature({ codeSigning }: OTAUpdateFile): object {
  const { customCodeSigning: custom } = codeSigning ?? {}
  if (custom === undefined) return { 'sig--': null }
  const { hashAlgorithm = '', signatureAlgorithm = '' } = custom
  const name = `sig-${hashAlgorithm}-${signatureAlgorithm}`.toLowerCase()
  return { [name]: new TextDecoder().decode(custom.signature?.inlineDocument) }
}

function linkedUrl({ facts, location }: OtaDocumentFile, region: string): string {
  const { bucket, key, version } = location
  const path = key.split('/').map(encodeURIComponent).join('/')
  const ofVersion =
    facts.isVersion === true && version !== undefined
      ? `%3FversionId%3D${encodeURIComponent(version)}`
      : ''
  return `https://s3.${region}.amazonaws.com/${bucket}/${path}${ofVersion}`
}
