/**
 * Which server a command line means: a local one by its ports, or AWS by endpoint and profile.
 */
import { readFileSync } from 'node:fs'
import { DescribeEndpointCommand, type IoTClientConfig } from '@aws-sdk/client-iot'
import { fromIni } from '@aws-sdk/credential-providers'
import type { Endpoints } from '../endpoints.ts'
import { call, controlPlane, ControlPlaneError } from './control-plane.ts'

/** Flags that name a server. */
export interface TargetFlags {
  readonly httpPort?: number
  readonly mqttPort?: number
  readonly httpsPort?: number
  /** File with the PEM of the server's authority; a local server is asked for it otherwise. */
  readonly ca?: string
  /** Control plane URL. */
  readonly endpoint?: string
  /** Data endpoint host; AWS is asked for it otherwise. */
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
 * Finds the server.
 *
 * @param environment - `MUSTER_ACCESS_KEY_ID` and `MUSTER_SECRET_ACCESS_KEY` name a local operator
 * @throws ControlPlaneError when the server has to be asked and does not answer; Error when the
 *   authority's file cannot be read
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
  const { adminToken, endpoint, profile, ca, mqttPort, httpsPort } = flags
  const credentials = profile === undefined ? {} : { credentials: fromIni({ profile }) }
  const control = endpoint === undefined ? {} : { controlUrl: endpoint }
  let dataHost = flags.dataEndpoint
  if (dataHost === undefined) {
    const client = controlPlane({ endpoints: { dataHost: '', ...control }, region, ...credentials })
    const input = { endpointType: 'iot:Data-ATS' }
    const found = await call('DescribeEndpoint', client.send(new DescribeEndpointCommand(input)))
    client.destroy()
    dataHost = found.endpointAddress ?? ''
  }
  return {
    region,
    ...credentials,
    endpoints: {
      dataHost,
      ...control,
      ...(adminToken === undefined ? {} : { adminToken }),
      ...(mqttPort === undefined ? {} : { mqttPort }),
      ...(httpsPort === undefined ? {} : { httpsPort }),
      ...(ca === undefined ? {} : { caPem: readFileSync(ca, 'utf8') }),
    },
  }
}

async function localTarget(
  flags: TargetFlags,
  region: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Target> {
  const controlUrl = `http://127.0.0.1:${flags.httpPort ?? 4566}`
  const { adminToken, ca, mqttPort, httpsPort } = flags
  return {
    region,
    credentials: {
      accessKeyId: environment['MUSTER_ACCESS_KEY_ID'] ?? 'test',
      secretAccessKey: environment['MUSTER_SECRET_ACCESS_KEY'] ?? 'test',
    },
    endpoints: {
      controlUrl,
      dataHost: 'localhost',
      caPem: ca === undefined ? await askForAuthority(controlUrl) : readFileSync(ca, 'utf8'),
      ...(adminToken === undefined ? {} : { adminToken }),
      ...(mqttPort === undefined ? {} : { mqttPort }),
      ...(httpsPort === undefined ? {} : { httpsPort }),
    },
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
