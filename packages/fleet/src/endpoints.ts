/** Where a fleet connects and where its operator works. */
export interface Endpoints {
  /**
   * Control plane URL, `http://127.0.0.1:4566`; AWS's own for the region when left out.
   */
  readonly controlUrl?: string
  /** Of a local server's admin API, where it asks for one: it moves the clock and tells usage. */
  readonly adminToken?: string
  /** Host of the data endpoint, for devices. */
  readonly dataHost: string
  /** MQTT over mutual TLS; default 8883. */
  readonly mqttPort?: number
  /** HTTPS over mutual TLS; default 8443. */
  readonly httpsPort?: number
  /** PEM of the authority behind the data endpoint; the system's roots when left out. */
  readonly caPem?: string
}
