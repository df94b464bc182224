/** What a script is told through k6's environment; `muster load k6` fills it in. */

/** One device's orders. */
export interface Settings {
  readonly thingName: string
  /** Path of the PEM file with the key; k6 takes a relative one from the script's folder. */
  readonly keyFile: string
  /** Path of the PEM file with the certificate; that of the key when both are in one. */
  readonly certificateFile: string
  /** Host name or address of the data endpoint. */
  readonly host: string
  readonly port: number
  /** Name of a profile. */
  readonly profile: string
  /** Highest rate, a second and device; undefined: the profile's. */
  readonly ratePerSecond: number | undefined
  /** Length of the run, its stages in proportion; undefined: the profile's. */
  readonly durationSeconds: number | undefined
  /** Bounds on answers, milliseconds; undefined: the profile's. */
  readonly p95Ms: number | undefined
  readonly p99Ms: number | undefined
  /** Share of requests that ask for what the policy forbids, 0 to 1. */
  readonly deniedShare: number
  /** A thing whose jobs this device may not touch; it need not exist. */
  readonly otherThing: string
  /** Topic of telemetry. */
  readonly topic: string
  /** Bytes of a telemetry message. */
  readonly payloadBytes: number
}

/** Variables as k6 has them in `__ENV`. */
type Variables = Readonly<Record<string, string | undefined>>

/** How a device reaches the data endpoint: the variable of the port, and the port without it. */
const PATHS = {
  mqtt: { variable: 'MQTT_PORT', port: 8883 },
  https: { variable: 'HTTPS_PORT', port: 8443 },
} as const

/**
 * Reads the orders.
 *
 * @throws Error naming the variable that is missing or wrong, and what was expected
 */
export function settingsIn(variables: Variables, path: keyof typeof PATHS): Settings {
  const text = (name: string): string | undefined => {
    const value = variables[name]
    return value === '' ? undefined : value
  }
  const needed = (name: string): string => {
    const value = text(name)
    if (value === undefined) throw new Error(`${name} is not set`)
    return value
  }
  const number = (name: string, from: number, to: number): number | undefined => {
    const value = text(name)
    if (value === undefined) return undefined
    const read = Number(value)
    if (read >= from && read <= to) return read
    throw new Error(`${name} is \`${value}\`: expected a number from ${from} to ${to}`)
  }
  const thingName = needed('THING_NAME')
  const keyFile = needed('KEY_FILE')
  return {
    thingName,
    keyFile,
    certificateFile: text('CERTIFICATE_FILE') ?? keyFile,
    host: text('HOST') ?? 'localhost',
    port: number(PATHS[path].variable, 1, 65_535) ?? PATHS[path].port,
    profile: text('PROFILE') ?? 'smoke',
    ratePerSecond: number('RATE', 0.01, 100_000),
    durationSeconds: number('DURATION_SECONDS', 0.1, 604_800),
    p95Ms: number('P95_MS', 1, 3_600_000),
    p99Ms: number('P99_MS', 1, 3_600_000),
    deniedShare: number('DENIED_SHARE', 0, 1) ?? 0.2,
    otherThing: text('OTHER_THING') ?? `${thingName}-is-not-this`,
    topic: text('TOPIC') ?? `telemetry/${thingName}`,
    payloadBytes: number('PAYLOAD_BYTES', 48, 131_072) ?? 128,
  }
}
