/** What a script is told through k6's environment; `run.ts` fills it in. */

/** One shard's orders. */
export interface Environment {
  readonly thingName: string
  /** Path of the PEM file with the key. */
  readonly keyFile: string
  /** Path of the PEM file with the certificate. */
  readonly certificateFile: string
  /** Host name or address of the data endpoint. */
  readonly host: string
  readonly port: number
  readonly profile: string
  /** File that the shard's summary is written to. */
  readonly summaryFile: string
}

type Variables = Readonly<Record<string, string | undefined>>

/** @throws Error naming the variable that is missing or wrong */
export function environmentIn(variables: Variables, defaultPort: number): Environment {
  const needed = (name: string): string => {
    const value = variables[name]
    if (value === undefined || value === '') throw new Error(`${name} is not set`)
    return value
  }
  const port = Number(variables['PORT'] ?? defaultPort)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error('PORT is not a port')
  const keyFile = needed('KEY_FILE')
  return {
    thingName: needed('THING_NAME'),
    keyFile,
    certificateFile: variables['CERTIFICATE_FILE'] ?? keyFile,
    host: variables['HOST'] ?? 'localhost',
    port,
    profile: variables['PROFILE'] ?? 'smoke',
    summaryFile: variables['SUMMARY_FILE'] ?? 'summary.json',
  }
}

/** The variables that {@link environmentIn} reads. */
export function variablesOf(environment: Environment): Record<string, string> {
  return {
    THING_NAME: environment.thingName,
    KEY_FILE: environment.keyFile,
    CERTIFICATE_FILE: environment.certificateFile,
    HOST: environment.host,
    PORT: String(environment.port),
    PROFILE: environment.profile,
    SUMMARY_FILE: environment.summaryFile,
  }
}
