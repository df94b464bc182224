import type { CreateOTAUpdateRequest, OTAUpdateFile, OTAUpdateStatus } from '@aws-sdk/client-iot'

/** Members of the request that are kept as they came. */
export type OtaUpdateConfig = Pick<
  CreateOTAUpdateRequest,
  | 'description'
  | 'awsJobExecutionsRolloutConfig'
  | 'awsJobPresignedUrlConfig'
  | 'additionalParameters'
>

/** An OTA update: a job with a document of its own (neighbours N92 to N98). JSON through and through. */
export interface OtaUpdate {
  readonly otaUpdateId: string
  readonly otaUpdateArn: string
  /** Epoch milliseconds. */
  readonly createdAtMs: number
  readonly lastModifiedAtMs: number
  readonly status: OTAUpdateStatus
  readonly errorInfo?: { readonly code: string; readonly message: string }
  readonly targets: readonly string[]
  readonly protocols: readonly ('MQTT' | 'HTTP')[]
  readonly targetSelection: 'CONTINUOUS' | 'SNAPSHOT'
  readonly config: OtaUpdateConfig
  /** Signatures in base64. */
  readonly files: readonly KeptOtaFile[]
  readonly awsIotJobId: string
  readonly awsIotJobArn: string
  /** The stream that the service made for it. */
  readonly madeStreamId?: string
}

/** A file with its signature as text, which a record can hold. */
export interface KeptOtaFile {
  readonly file: OTAUpdateFile
  /** `customCodeSigning.signature.inlineDocument` in base64; not in {@link file} then. */
  readonly signature?: string
}

/** The job of an update is named after it (neighbours N92). */
export function otaJobId(otaUpdateId: string): string {
  return `AFR_OTA-${otaUpdateId}`
}
