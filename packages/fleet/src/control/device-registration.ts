/** One device as the registry should know it. */
export interface DeviceRegistration {
  readonly thingName: string
  readonly thingType?: string
  readonly attributes: Readonly<Record<string, string>>
  /** A name of the fleet's groups or the root group. */
  readonly thingGroup: string
  /** The device gets its certificate by a claim over MQTT; by CSR through the operator otherwise. */
  readonly byClaim?: boolean
}
