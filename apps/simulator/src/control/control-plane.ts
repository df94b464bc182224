/**
 * The operator's side of a fleet: `@aws-sdk/client-iot` with bounded waits, so that a server which
 * is down, refuses or stalls gives an error and never a hang.
 */
import { IoTClient, type IoTClientConfig } from '@aws-sdk/client-iot'
import type { Endpoints } from '../endpoints.ts'

/** Who signs control-plane requests. */
export interface OperatorOptions {
  readonly endpoints: Endpoints
  /** AWS region. */
  readonly region: string
  /** Key pair or provider; the SDK's default chain (environment, profile) when left out. */
  readonly credentials?: NonNullable<IoTClientConfig['credentials']>
}

/** A client whose requests end within seconds, one way or the other. */
export function controlPlane(options: OperatorOptions): IoTClient {
  const { endpoints, region, credentials } = options
  return new IoTClient({
    region,
    // AWS throttles these operations to about ten a second: there the client finds its own pace.
    ...(endpoints.controlUrl === undefined
      ? { retryMode: 'adaptive', maxAttempts: 10 }
      : { maxAttempts: 4 }),
    requestHandler: {
      connectionTimeout: 3000,
      requestTimeout: 15_000,
      httpsAgent: { maxSockets: 64 },
    },
    ...(endpoints.controlUrl === undefined ? {} : { endpoint: endpoints.controlUrl }),
    ...(credentials === undefined ? {} : { credentials }),
  })
}

/** A control-plane request that failed, named so that a reader knows what to look at. */
export class ControlPlaneError extends Error {
  override readonly name = 'ControlPlaneError'
  /** AWS exception name or the system's error code. */
  readonly code: string

  constructor(operation: string, cause: unknown) {
    const error = cause as { name?: string; message?: string; code?: string }
    const code = error.code ?? error.name ?? 'Unknown'
    super(`${operation} failed: ${code}${error.message ? `: ${error.message}` : ''}`, { cause })
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
