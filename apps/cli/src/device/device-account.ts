/** The account that a command works in, as its operator, and where its devices connect. */
import { IoTClient } from '@aws-sdk/client-iot'
import { DEFAULT_PORTS } from '@muster/server/options'
import { ControlPlaneError, findTarget } from '@muster/fleet/control'
import { isElsewhere } from '../flags/elsewhere.ts'
import { targetedFlags } from '../flags/local-server.ts'
import { amazonRoots } from './amazon-roots.ts'
import type { DeviceFlags } from './device-commands.ts'
import { traceRequests } from './wire-trace.ts'

/** Where devices connect. */
export interface DeviceEndpoint {
  readonly host: string
  readonly mqttPort: number
  readonly httpsPort: number
  /** AWS's 443: TLS by ALPN. */
  readonly alpnPort: number
  /**
   * PEM of the authority behind it.
   *
   * @throws Error when nothing says which it is
   */
  caPem(): string
}

/** An account and its data endpoint. */
export interface DeviceAccount {
  readonly iot: IoTClient
  readonly endpoint: DeviceEndpoint
}

/** AWS's ports for devices. */
const AWS_PORTS = { mqttPort: 8883, httpsPort: 8443, alpnPort: 443 }

/**
 * Runs `work` in the account that the flags name.
 *
 * @throws ControlPlaneError when the server has to be asked and does not answer
 */
export async function inAccount<T>(
  flags: DeviceFlags,
  work: (account: DeviceAccount) => Promise<T>,
): Promise<T> {
  const targeted = targetedFlags(flags)
  const { endpoints, region, credentials } = await findTarget(targeted, process.env)
  const { controlUrl, dataHost: host } = endpoints
  const { mqttPort = AWS_PORTS.mqttPort, httpsPort = AWS_PORTS.httpsPort } = endpoints
  const ports = isElsewhere(flags) ? AWS_PORTS : DEFAULT_PORTS
  const { alpnPort = ports.alpnPort } = targeted
  const iot = new IoTClient({
    region,
    maxAttempts: 4,
    ...(controlUrl !== undefined && { endpoint: controlUrl }),
    ...(credentials !== undefined && { credentials }),
  })
  if (flags.trace) traceRequests(iot, (line) => process.stderr.write(`${line}\n`))
  const caPem = (): string => endpoints.caPem ?? amazonsOwn(flags)
  try {
    return await work({ iot, endpoint: { host, mqttPort, httpsPort, alpnPort, caPem } })
  } finally {
    iot.destroy()
  }
}

/** Names the operation in what a request throws. */
export async function ask<T>(operation: string, request: Promise<T>): Promise<T> {
  try {
    return await request
  } catch (cause) {
    throw new ControlPlaneError(operation, cause)
  }
}

/** Whether AWS refused with this exception. */
export function isRefusedAs(cause: unknown, exception: string): boolean {
  const inner = cause instanceof ControlPlaneError ? cause.cause : cause
  return (inner as { readonly name?: string } | undefined)?.name === exception
}

function amazonsOwn({ endpoint }: DeviceFlags): string {
  if (endpoint === undefined) return amazonRoots()
  throw new Error('give --ca FILE: the authority that devices of this server trust')
}
