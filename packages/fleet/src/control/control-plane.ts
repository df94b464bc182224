/**
 * The operator's side of a fleet: `@aws-sdk/client-iot` with bounded waits, so that a server which
 * is down, refuses or stalls gives an error and never a hang.
 */
import { getCACertificates } from 'node:tls'
import { IoTClient, type IoTClientConfig } from '@aws-sdk/client-iot'
import type { Endpoints } from '../endpoints.ts'
import { mendKeys } from './mend-keys.ts'
import { PatientRetries, type Patience } from './patient-retries.ts'

/** Who signs control-plane requests. */
export interface OperatorOptions {
  readonly endpoints: Endpoints
  /** AWS region. */
  readonly region: string
  /** Key pair or provider; the SDK's default chain (environment, profile) when left out. */
  readonly credentials?: NonNullable<IoTClientConfig['credentials']> | undefined
  /** For a server that goes away meanwhile; none when left out. */
  readonly patience?: Patience
}

/** A client whose requests end within seconds, or when patience with the server does. */
export function controlPlane(options: OperatorOptions): IoTClient {
  const { endpoints, region, credentials, patience = { outageSeconds: 0 } } = options
  const { caPem, controlUrl } = endpoints
  return new IoTClient({
    region,
    // AWS throttles these operations to about ten a second: there the client finds its own pace.
    ...(controlUrl === undefined
      ? { retryMode: 'adaptive', maxAttempts: 10 }
      : { endpoint: controlUrl, retryStrategy: new PatientRetries(patience) }),
    requestHandler: {
      connectionTimeout: 3000,
      requestTimeout: 15_000,
      httpsAgent: { maxSockets: 64, ...(caPem !== undefined && { ca: trusted(caPem) }) },
    },
    ...(credentials === undefined ? {} : { credentials }),
  })
}

/** The authority of the data endpoint beside the system's: a control plane may have either. */
function trusted(caPem: string): string[] {
  return [...getCACertificates('default'), caPem]
}

/** A control-plane request that failed, named so that a reader knows what to look at. */
export class ControlPlaneError extends Error {
  override readonly name = 'ControlPlaneError'
  /** AWS exception name or the system's error code. */
  readonly code: string

  constructor(operation: string, cause: unknown) {
    const error = cause as { name?: string; message?: string; code?: string }
    const code = error.code ?? error.name ?? 'Unknown'
    const mend = mendKeys(code)
    const said = error.message ?? ''
    const told = mend === undefined ? said : `${said.replace(/\.$/, '')}; ${mend}`
    super(`${operation} failed: ${code}${told === '' ? '' : `: ${told}`}`, { cause })
    this.code = code
  }
}

/** Runs one request, naming the operation in what it throws. */
export async function call<T>(operation: string, request: Promise<T>): Promise<T> {
  try {
    return await request
  } catch (cause) {
    throw new ControlPlaneError(operation, cause)
  }
}

/** Whether a failed request was refused with this AWS exception. */
export function isRefusal(cause: unknown, exception: string): boolean {
  const inner = cause instanceof ControlPlaneError ? cause.cause : cause
  return (inner as { name?: string } | undefined)?.name === exception
}
