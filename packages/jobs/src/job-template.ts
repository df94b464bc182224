/**
 * A customer's job template (jobs J70, J90).
 */
import type {
  AbortConfig,
  JobExecutionsRetryConfig,
  JobExecutionsRolloutConfig,
  MaintenanceWindow,
  PresignedUrlConfig,
  TimeoutConfig,
} from '@aws-sdk/client-iot'

/** What a template gives to the jobs made from it, besides the document. */
export interface TemplateConfigs {
  readonly presignedUrlConfig?: PresignedUrlConfig
  readonly jobExecutionsRolloutConfig?: JobExecutionsRolloutConfig
  readonly abortConfig?: AbortConfig
  readonly timeoutConfig?: TimeoutConfig
  readonly jobExecutionsRetryConfig?: JobExecutionsRetryConfig
  readonly maintenanceWindows?: readonly MaintenanceWindow[]
  readonly destinationPackageVersions?: readonly string[]
}

/** A template as stored. */
export interface JobTemplate extends TemplateConfigs {
  readonly jobTemplateId: string
  readonly jobTemplateArn: string
  readonly description: string
  /** JSON text. */
  readonly document: string
  readonly documentSource?: string
  readonly createdAtMs: number
}
