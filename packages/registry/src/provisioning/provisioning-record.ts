/**
 * What the registry remembers of provisioning.
 */

/** One version of a template (gateway G108). */
export interface TemplateVersionRecord {
  /** 1 first; never used again. */
  readonly versionId: number
  readonly templateBody: string
  readonly createdAtMs: number
}

/** Called before a device is provisioned (gateway G107). */
export interface ProvisioningHookRecord {
  /** `2020-04-01`. */
  readonly payloadVersion: string
  /** ARN of the function on AWS; mapped to an HTTP address by the server. */
  readonly targetArn: string
}

/** A provisioning template with its versions, oldest first (gateway G108). */
export interface ProvisioningTemplateRecord {
  readonly templateName: string
  readonly type: 'FLEET_PROVISIONING' | 'JITP'
  readonly description?: string
  readonly enabled: boolean
  /** Stored, not assumed. */
  readonly provisioningRoleArn: string
  readonly preProvisioningHook?: ProvisioningHookRecord
  readonly createdAtMs: number
  readonly modifiedAtMs: number
  readonly defaultVersionId: number
  readonly nextVersionId: number
  readonly versions: readonly TemplateVersionRecord[]
}

/** Proof that a device owns a certificate it was just given (gateway G104). */
export interface OwnershipTokenRecord {
  readonly certificateId: string
  /** Certificate id of the connection that asked. */
  readonly ownerCertificateId: string
  readonly expiresAtMs: number
}

/** AWS's states of a bulk registration (gateway G114). */
export type RegistrationTaskStatus =
  | 'InProgress'
  | 'Completed'
  | 'Failed'
  | 'Cancelled'
  | 'Cancelling'

/** A bulk registration (gateway G114). */
export interface RegistrationTaskRecord {
  /** UUID. */
  readonly taskId: string
  readonly createdAtMs: number
  readonly modifiedAtMs: number
  readonly templateBody: string
  readonly inputFileBucket: string
  readonly inputFileKey: string
  readonly roleArn: string
  readonly status: RegistrationTaskStatus
  readonly message?: string
  readonly successCount: number
  readonly failureCount: number
  /** 0 to 100. */
  readonly percentageProgress: number
}
