/** Where a device connects: one AWS IoT data endpoint, or a server that speaks like one. */
export interface DeviceEndpoint {
  /** Host name or address to open the connection to. */
  readonly host: string
  /**
   * Name sent by SNI and expected in the server's certificate; `host` when left out. Set it when
   * `host` is an address that was resolved beforehand.
   */
  readonly serverName?: string
  /** MQTT over mutual TLS; 8883 when left out. */
  readonly mqttPort?: number
  /** HTTPS over mutual TLS; 8443 when left out. */
  readonly httpsPort?: number
  /** PEM of the authority that signed the server's certificate; the system's roots without it. */
  readonly caPem?: string
}
