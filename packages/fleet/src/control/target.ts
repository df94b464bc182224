/**
 * Which server a command line means: a local one by its ports, or AWS by endpoint and profile.
 */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { DescribeEndpointCommand, type IoTClientConfig } from '@aws-sdk/client-iot'
import { fromIni } from '@aws-sdk/credential-providers'
import { present } from '@muster/model'
import type { Endpoints } from '../endpoints.ts'
import { askAdmin } from './admin-api.ts'
import { call, controlPlane, ControlPlaneError } from './control-plane.ts'
import { parseDataEndpoint, type DataEndpoint } from './data-endpoint.ts'

/** Flags that name a server. */
export interface TargetFlags {
  readonly httpPort?: number
  readonly mqttPort?: number
  readonly httpsPort?: number
  /** File with the PEM of the server's authority; a local server is asked for it otherwise. */
  readonly ca?: string
  /** Control plane URL. */
  readonly endpoint?: string
  /** Data endpoint, `HOST` or `HOST:PORT` with the port of MQTT; the server is asked otherwise. */
  readonly dataEndpoint?: string
  /** Profile of the shared AWS configuration. */
  readonly profile?: string
  /** Of a local server's admin API. */
  readonly adminToken?: string
  readonly region?: string
}

/** A server to run against. */
export interface Target {
  readonly endpoints: Endpoints
  readonly region: string
  /** The SDK's default chain when left out. */
  readonly credentials?: NonNullable<IoTClientConfig['credentials']>
}

const ASK_TIMEOUT_MS = 5000

/**
 * Finds the server. A local one tells its ports and its authority, so that `--http-port` alone is
 * enough.
 *
 * @param environment - `MUSTER_ACCESS_KEY_ID` and `MUSTER_SECRET_ACCESS_KEY` name a local operator
 * @throws ControlPlaneError when the server has to be asked and does not answer; Error when the
 *   authority's file holds no certificate or the data endpoint is none
 */
export async function findTarget(
  flags: TargetFlags,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Target> {
  const { endpoint, dataEndpoint, profile, region = 'us-east-1' } = flags
  const remote = endpoint !== undefined || dataEndpoint !== undefined || profile !== undefined
  return remote ? await remoteTarget(flags, region) : await localTarget(flags, region, environment)
}

async function remoteTarget(flags: TargetFlags, region: string): Promise<Target> {
  const { adminToken, endpoint: controlUrl, profile } = flags
  const credentials = profile === undefined ? undefined : fromIni({ profile })
  const caPem = flags.ca === undefined ? undefined : readAuthority(flags.ca)
  const known = present({ controlUrl, caPem, adminToken })
  const data = await dataEndpoint(flags, region, { dataHost: '', ...known }, credentials)
  const named = flags.mqttPort ?? data.mqttPort
  const asked = named === undefined || flags.httpsPort === undefined ? await askForPorts(known) : {}
  return {
    region,
    ...present({ credentials }),
    endpoints: {
      dataHost: data.host,
      ...known,
      ...asked,
      ...present({ mqttPort: named, httpsPort: flags.httpsPort }),
    },
  }
}

async function dataEndpoint(
  flags: TargetFlags,
  region: string,
  endpoints: Endpoints,
  credentials: Target['credentials'],
): Promise<DataEndpoint> {
  if (flags.dataEndpoint !== undefined) {
    const given = parseDataEndpoint(flags.dataEndpoint)
    const { mqttPort = given.mqttPort } = flags
    if (given.mqttPort === undefined || mqttPort === given.mqttPort) return given
    throw new Error(`--mqtt-port ${mqttPort} is not that of --data-endpoint ${flags.dataEndpoint}`)
  }
  const client = controlPlane({ endpoints, region, credentials })
  try {
    const input = { endpointType: 'iot:Data-ATS' }
    const found = await call('DescribeEndpoint', client.send(new DescribeEndpointCommand(input)))
    return parseDataEndpoint(found.endpointAddress ?? '')
  } finally {
    client.destroy()
  }
}

async function localTarget(
  flags: TargetFlags,
  region: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Target> {
  const controlUrl = `http://127.0.0.1:${flags.httpPort ?? 4566}`
  const { adminToken, ca, mqttPort, httpsPort } = flags
  const caPem = ca === undefined ? await askForAuthority(controlUrl) : readAuthority(ca)
  return {
    region,
    credentials: {
      accessKeyId: environment['MUSTER_ACCESS_KEY_ID'] ?? 'test',
      secretAccessKey: environment['MUSTER_SECRET_ACCESS_KEY'] ?? 'test',
    },
    endpoints: {
      controlUrl,
      dataHost: 'localhost',
      caPem,
      ...(await askForPorts({ controlUrl })),
      ...present({ adminToken, mqttPort, httpsPort }),
    },
  }
}

/** The ports where a server says it listens; none from AWS, or from one that does not say. */
async function askForPorts(
  endpoints: Pick<Endpoints, 'controlUrl' | 'caPem'>,
): Promise<Pick<Endpoints, 'mqttPort' | 'httpsPort'>> {
  try {
    const signal = AbortSignal.timeout(ASK_TIMEOUT_MS)
    const response = await askAdmin(endpoints, 'health', { signal })
    if (response?.ok !== true) return {}
    const { ports } = (await response.json()) as { ports?: Partial<Record<string, number>> }
    return present({ mqttPort: ports?.['mqttPort'], httpsPort: ports?.['httpsPort'] })
  } catch {
    return {}
  }
}

/** @throws Error naming the file when it cannot be read or holds no certificate */
function readAuthority(file: string): string {
  const pem = readFileSync(file, 'utf8')
  if (!isCertificate(pem)) throw new Error(`${file}: expected the authority's certificate in PEM`)
  return pem
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}

async function askForAuthority(controlUrl: string): Promise<string> {
  try {
    const response = await fetch(new URL('/_muster/ca.pem', controlUrl), {
      signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
    })
    if (response.ok) return await response.text()
    throw new Error(`status ${response.status}`)
  } catch (cause) {
    const { code } = (cause as { cause?: { code?: string } }).cause ?? {}
    const why = code ?? (cause instanceof Error ? cause.message : String(cause))
    throw new ControlPlaneError(
      `asking ${controlUrl} for its authority`,
      new Error(`${why}; is a server up (\`muster up\`)? against AWS use --profile or --endpoint`),
    )
  }
}
