/** A real account as flags and a profile name it. */
import { readFileSync } from 'node:fs'
import { AccountCalls, AccountServices, type AccountPlace } from '@muster/conformance'
import { parseDataEndpoint } from '@muster/fleet/control'
import type { NamedAccountFlags } from './account-flags.ts'

/** An account that answers. */
export interface AccountSession {
  readonly calls: AccountCalls
  readonly place: AccountPlace
  /** ARN of who calls. */
  readonly caller: string
  close(): void
}

/**
 * Asks the account who we are.
 *
 * @throws Error saying what the profile lacks
 */
export async function openSession(
  flags: NamedAccountFlags,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<AccountSession> {
  const { profile, region, endpoint, ca, prefix, rate } = flags
  // The SDKs look for endpoints by service under the profile that this variable names, and there alone.
  if (profile !== undefined) process.env['AWS_PROFILE'] = profile
  const services = new AccountServices({
    ...(profile !== undefined && { profile }),
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(ca !== undefined && { caPem: readFileSync(ca, 'utf8') }),
  })
  const calls = new AccountCalls({ send: services.send, prefix, perSecond: rate, signal, log })
  try {
    const name = await services.region().catch((cause: unknown) => {
      throw new Error(withoutRegion(profile), { cause })
    })
    const { body, status, error, message } = await calls.call('sts', 'GetCallerIdentity', {})
    if (status >= 300) throw new Error(`GetCallerIdentity: ${error}: ${message}`)
    const { Arn: caller, Account: accountId } = body as { Arn: string; Account: string }
    const [, partition = 'aws'] = caller.split(':')
    const place = { partition, region: name, accountId }
    return { calls, place, caller, close: () => services.destroy() }
  } catch (cause) {
    services.destroy()
    throw cause
  }
}

function withoutRegion(profile: string | undefined): string {
  const lacks =
    profile === undefined
      ? 'no region is known'
      : `profile \`${profile}\` has no region, or AWS's configuration files have no such profile`
  return `${lacks}: give --region, or set AWS_REGION`
}

/** Where its devices connect. */
export interface DeviceListeners {
  readonly host: string
  readonly mqttPort: number
  readonly httpsPort: number
  readonly ca: string | undefined
}

/** The data endpoint: the flag's, else the account's own. */
export async function deviceListeners(
  { calls }: AccountSession,
  flags: NamedAccountFlags,
): Promise<DeviceListeners> {
  const { ca, dataEndpoint, httpsPort = 8443 } = flags
  const { host, mqttPort } = parseDataEndpoint(dataEndpoint ?? (await told(calls)))
  return {
    host,
    mqttPort: flags.mqttPort ?? mqttPort ?? 8883,
    httpsPort,
    ca: ca === undefined ? undefined : readFileSync(ca, 'utf8'),
  }
}

async function told(calls: AccountCalls): Promise<string> {
  const input = { endpointType: 'iot:Data-ATS' }
  const { status, error, message, body } = await calls.call('iot', 'DescribeEndpoint', input)
  if (status >= 300) throw new Error(`DescribeEndpoint: ${error}: ${message}`)
  return (body as { endpointAddress: string }).endpointAddress
}
