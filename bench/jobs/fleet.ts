/** What the server process makes and the generator uses. */

/** Connected devices of the lifecycle measure. */
export const DEVICES = 500
/** Things whose executions only wait. */
export const SMALL = 1000
export const LARGE = 100_000

/** Thing groups: the connected devices, and the crowds whose executions wait. */
export const groups = {
  devices: 'bench-devices',
  small: 'bench-small',
  large: 'bench-large',
} as const

/** One device's identity. */
export interface BenchDevice {
  readonly thingName: string
  readonly certificatePem: string
  readonly privateKeyPem: string
}

/** What the server process tells when it is ready. */
export interface Fleet {
  readonly mqttPort: number
  readonly httpUrl: string
  readonly caPem: string
  readonly devices: readonly BenchDevice[]
}

/** ARN of a group of the benchmark's account. */
export function groupArn(name: string): string {
  return `arn:aws:iot:us-east-1:123456789012:thinggroup/${name}`
}

/** ARN of a thing of the benchmark's account. */
export function thingArn(name: string): string {
  return `arn:aws:iot:us-east-1:123456789012:thing/${name}`
}
