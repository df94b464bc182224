/**
 * What CreateOTAUpdate refuses by its input alone (neighbours N92 to N95); what is wrong with the rest
 * of the world fails the creation afterwards (N96).
 */
import type { CodeSigning, CreateOTAUpdateRequest, OTAUpdateFile } from '@aws-sdk/client-iot'
import { accept, invalidRequest, type Outcome, type Refused } from '@muster/model'
import { PLACEHOLDER_START } from './ota-document.ts'
import { readLocation, type S3File } from './s3-file.ts'

/** The job's id must fit in 64 characters. */
const ID_CHARACTERS_MAX = 56
const FILES_MAX = 50
const EXPIRES_SECONDS = { min: 60, max: 3600 }

/** Where a file of an update comes from. */
export type OtaSource =
  | { readonly kind: 's3'; readonly location: S3File }
  | { readonly kind: 'stream'; readonly streamId: string; readonly fileId: number }

/** A request that can be tried. */
export interface CheckedOtaUpdate {
  readonly protocols: readonly ('MQTT' | 'HTTP')[]
  readonly files: readonly { readonly file: OTAUpdateFile; readonly source: OtaSource }[]
}

/** InvalidRequestException for everything. */
export function checkOtaUpdate(input: CreateOTAUpdateRequest): Outcome<CheckedOtaUpdate> {
  const { otaUpdateId = '', files = [], awsJobPresignedUrlConfig } = input
  if (otaUpdateId.length > ID_CHARACTERS_MAX) {
    return invalidRequest(
      `otaUpdateId has ${otaUpdateId.length} characters; its job AFR_OTA-… allows ${ID_CHARACTERS_MAX}.`,
    )
  }
  if (files.length < 1 || files.length > FILES_MAX) {
    return invalidRequest(`An OTA update must have 1 to ${FILES_MAX} files, not ${files.length}.`)
  }
  const { expiresInSec } = awsJobPresignedUrlConfig ?? {}
  if (expiresInSec !== undefined && !isWithin(expiresInSec, EXPIRES_SECONDS)) {
    const { min, max } = EXPIRES_SECONDS
    return invalidRequest(`expiresInSec must be ${min} to ${max}, not ${expiresInSec}.`)
  }
  const protocols: readonly ('MQTT' | 'HTTP')[] = [...new Set(input.protocols ?? ['MQTT' as const])]
  const checked: CheckedOtaUpdate['files'][number][] = []
  for (const file of files) {
    const refused = nameFault(file) ?? signingFault(file.codeSigning)
    if (refused !== undefined) return refused
    const source = sourceOf(file)
    if (!source.ok) return source
    checked.push({ file, source: source.value })
  }
  const mixed = sourcesFault(
    checked.map(({ source }) => source),
    protocols,
  )
  return mixed ?? accept({ protocols, files: checked })
}

function isWithin(value: number, { min, max }: { min: number; max: number }): boolean {
  return value >= min && value <= max
}

function nameFault({ fileName, codeSigning }: OTAUpdateFile): Refused | undefined {
  const { customCodeSigning } = codeSigning ?? {}
  const { certificateChain, hashAlgorithm, signature, signatureAlgorithm } = customCodeSigning ?? {}
  const signed = new TextDecoder().decode(signature?.inlineDocument)
  const texts = [
    fileName,
    certificateChain?.certificateName,
    hashAlgorithm,
    signatureAlgorithm,
    signed,
  ]
  if (texts.every((text) => text?.includes(PLACEHOLDER_START) !== true)) return undefined
  return invalidRequest(`\`${PLACEHOLDER_START}…\` cannot be part of a file's name or signature.`)
}

/** neighbours N95. */
function signingFault(signing: CodeSigning | undefined): Refused | undefined {
  if (signing === undefined) return undefined
  const { awsSignerJobId, customCodeSigning, startSigningJobParameter } = signing
  const given = [awsSignerJobId, customCodeSigning, startSigningJobParameter]
  const count = given.filter((one) => one !== undefined).length
  if (count !== 1) {
    return invalidRequest(
      'codeSigning must have exactly one of awsSignerJobId, startSigningJobParameter and customCodeSigning.',
    )
  }
  if (customCodeSigning === undefined) {
    return invalidRequest(
      'Code signing by AWS Signer is not there: sign the file yourself and give customCodeSigning.',
    )
  }
  const { hashAlgorithm, signature, signatureAlgorithm } = customCodeSigning
  if (signature?.inlineDocument === undefined) {
    return invalidRequest('customCodeSigning must have a signature with an inlineDocument.')
  }
  for (const name of [hashAlgorithm, signatureAlgorithm]) {
    if (name === undefined || name === '') {
      return invalidRequest('customCodeSigning must have hashAlgorithm and signatureAlgorithm.')
    }
  }
  return undefined
}

/** neighbours N94. */
function sourceOf({ fileLocation, fileName = '' }: OTAUpdateFile): Outcome<OtaSource> {
  const { s3Location, stream } = fileLocation ?? {}
  if ((s3Location === undefined) === (stream === undefined)) {
    return invalidRequest(
      `fileLocation of \`${fileName}\` must have exactly one of s3Location and stream.`,
    )
  }
  if (stream === undefined) {
    const location = readLocation(s3Location, `\`${fileName}\``)
    return location.ok ? accept({ kind: 's3', location: location.value }) : location
  }
  const { fileId, streamId } = stream
  if (streamId === undefined || fileId === undefined) {
    return invalidRequest(`stream of \`${fileName}\` must have a streamId and a fileId.`)
  }
  return accept({ kind: 'stream', streamId, fileId })
}

/** The document names one stream for all files. */
function sourcesFault(
  sources: readonly OtaSource[],
  protocols: readonly string[],
): Refused | undefined {
  const streams = sources.flatMap((source) => (source.kind === 'stream' ? [source.streamId] : []))
  if (streams.length === 0) return undefined
  if (protocols.includes('HTTP')) {
    return invalidRequest('A file that comes over HTTP needs an s3Location, not a stream.')
  }
  if (streams.length === sources.length && new Set(streams).size === 1) return undefined
  return invalidRequest('All files of an OTA update must come from one stream, or all from S3.')
}
