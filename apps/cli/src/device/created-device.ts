/** What `device create` made. */
import type { DeviceEndpoint } from './device-account.ts'
import type { DeviceFiles } from './device-files.ts'

/** A device that was made. */
export interface CreatedDevice {
  readonly thingName: string
  readonly thingArn: string
  readonly certificateId: string
  readonly certificateArn: string
  readonly policyName: string
  readonly endpoint: Omit<DeviceEndpoint, 'caPem'>
  readonly files: DeviceFiles
}
