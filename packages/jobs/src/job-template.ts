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

/** A template as stored. */
export interface JobTemplate {
  readonly jobTemplateId: string
  readonly jobTemplateArn: string
  readonly description: string
  /** JSON text. */
  readonly document: string
  readonly documentSource?: string
  readonly createdAtMs: number
  readonly presignedUrlConfig?: PresignedUrlConfig
  readonly jobExecutionsRolloutConfig?: JobExecutionsRolloutConfig
  readonly abortConfig?: AbortConfig
  readonly timeoutConfig?: TimeoutConfig
  readonly jobExecutionsRetryConfig?: JobExecutionsRetryConfig
  readonly maintenanceWindows?: readonly MaintenanceWindow[]
  readonly destinationPackageVersions?: readonly string[]
}
