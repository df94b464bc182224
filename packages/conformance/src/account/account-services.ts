/** SDK clients of a real account, as a profile of the shared AWS configuration has it. */
import { getCACertificates } from 'node:tls'
import * as iotSdk from '@aws-sdk/client-iot'
import * as dataSdk from '@aws-sdk/client-iot-data-plane'
import * as jobsSdk from '@aws-sdk/client-iot-jobs-data-plane'
import * as stsSdk from '@aws-sdk/client-sts'
import { rawSdk, type RawSdk } from '../raw-sdk-call.ts'
import type { SendCall } from './account-calls.ts'

/** How an account is reached; what is absent is the profile's, or AWS's own. */
export interface AccountAccess {
  /** Profile: credentials, region. Endpoints are the SDK's own affair: it reads `AWS_PROFILE`. */
  readonly profile?: string
  readonly region?: string
  /** Control plane. */
  readonly endpoint?: string
  /** PEM of a further authority to trust. */
  readonly caPem?: string
}

/** What all these clients are opened with. */
type SharedConfig = Pick<
  iotSdk.IoTClientConfig,
  'maxAttempts' | 'profile' | 'region' | 'requestHandler'
>

const REQUEST_TIMEOUT_MS = 30_000
const CONNECT_TIMEOUT_MS = 5000

/** Clients by service. */
export class AccountServices {
  readonly #iot: iotSdk.IoTClient
  readonly #raw: Readonly<Record<string, RawSdk>>

  constructor(access: AccountAccess) {
    const config = configOf(access)
    const { endpoint } = access
    const control = { ...config, ...(endpoint !== undefined && { endpoint }) }
    this.#iot = new iotSdk.IoTClient(control)
    this.#raw = {
      iot: rawSdk(this.#iot, iotSdk),
      'iot-data': rawSdk(new dataSdk.IoTDataPlaneClient(config), dataSdk),
      'iot-jobs-data': rawSdk(new jobsSdk.IoTJobsDataPlaneClient(config), jobsSdk),
      sts: rawSdk(new stsSdk.STSClient(config), stsSdk),
    }
  }

  /** The profile's region. @throws Error when nothing names one */
  async region(): Promise<string> {
    return await this.#iot.config.region()
  }

  /** Sends one call. @throws TypeError when there is no such service or operation */
  readonly send: SendCall = (service, operation, args) => {
    const raw = this.#raw[service]
    if (raw === undefined) throw new TypeError(`no service \`${service}\``)
    return raw.call(operation, args)
  }

  destroy(): void {
    for (const raw of Object.values(this.#raw)) raw.destroy()
  }
}

function configOf({ profile, region, caPem }: AccountAccess): SharedConfig {
  return {
    ...(profile !== undefined && { profile }),
    ...(region !== undefined && { region }),
    // Throttles and lost answers are the business of who makes the calls.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      ...(caPem !== undefined && { httpsAgent: { ca: [...getCACertificates('default'), caPem] } }),
    },
  }
}
