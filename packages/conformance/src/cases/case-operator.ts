/**
 * Calls of operators, whoever signs them: SDK clients by service and key.
 */
import * as cognitoSdk from '@aws-sdk/client-cognito-identity'
import * as iotSdk from '@aws-sdk/client-iot'
import * as dataSdk from '@aws-sdk/client-iot-data-plane'
import * as jobsSdk from '@aws-sdk/client-iot-jobs-data-plane'
import * as stsSdk from '@aws-sdk/client-sts'
import { HttpRequest } from '@smithy/protocol-http'
import { rawSdk, type RawSdk } from '../raw-sdk-call.ts'
import type { CallResult } from '../scenario-target.ts'
import type { SdkValue } from './case-values.ts'
import type { CaseKey } from './iam-additions.ts'

/** Who signs; `anonymous` does not. */
export type CaseCaller = CaseKey | 'anonymous'

/** What all these clients are opened with. */
type SdkConfig = Pick<
  iotSdk.IoTClientConfig,
  'credentials' | 'endpoint' | 'maxAttempts' | 'region' | 'signer'
>

const SERVICES: Readonly<Record<string, (config: SdkConfig) => RawSdk>> = {
  iot: (config) => rawSdk(new iotSdk.IoTClient(config), iotSdk),
  'iot-data': (config) => rawSdk(new dataSdk.IoTDataPlaneClient(config), dataSdk),
  'iot-jobs-data': (config) => rawSdk(new jobsSdk.IoTJobsDataPlaneClient(config), jobsSdk),
  sts: (config) => rawSdk(new stsSdk.STSClient(config), stsSdk),
  'sts by GET': (config) => rawSdk(stsByGet(config), stsSdk),
  'cognito-identity': (config) => rawSdk(new cognitoSdk.CognitoIdentityClient(config), cognitoSdk),
}

/** STS with everything in the query, as programs without an SDK call it. */
function stsByGet(config: SdkConfig): stsSdk.STSClient {
  const client = new stsSdk.STSClient(config)
  client.middlewareStack.add(
    (next) => (call) => {
      const { request } = call
      if (!HttpRequest.isInstance(request)) throw new TypeError('expected an HTTP request')
      const query = Object.fromEntries(new URLSearchParams(String(request.body)))
      const { 'content-type': _type, 'content-length': _length, ...headers } = request.headers
      request.headers = headers
      request.query = query
      request.method = 'GET'
      request.body = undefined
      return next(call)
    },
    { step: 'build', priority: 'low', name: 'queryInsteadOfForm' },
  )
  return client
}

/** SDK clients of one case. */
export class CaseOperator {
  readonly #endpoint: string
  readonly #region: string
  readonly #clients = new Map<string, RawSdk>()

  constructor(endpoint: string, region: string) {
    this.#endpoint = endpoint
    this.#region = region
  }

  /**
   * Calls an operation.
   *
   * @throws TypeError when there is no such service or operation; the SDK's error when no answer came
   */
  async call(
    service: string,
    operation: string,
    args: { readonly [member: string]: SdkValue },
    caller: CaseCaller,
  ): Promise<CallResult> {
    return await this.#client(service, caller).call(operation, sent(args))
  }

  destroy(): void {
    for (const client of this.#clients.values()) client.destroy()
    this.#clients.clear()
  }

  #client(service: string, caller: CaseCaller): RawSdk {
    const key = `${service} ${JSON.stringify(caller)}`
    const known = this.#clients.get(key)
    if (known !== undefined) return known
    const open = SERVICES[service]
    if (open === undefined) throw new TypeError(`no service \`${service}\``)
    const client = open({
      endpoint: this.#endpoint,
      region: this.#region,
      maxAttempts: 1,
      ...(caller === 'anonymous'
        ? {
            credentials: { accessKeyId: 'anonymous', secretAccessKey: 'anonymous' },
            signer: { sign: (request) => Promise.resolve(request) },
          }
        : { credentials: caller }),
    })
    this.#clients.set(key, client)
    return client
  }
}

/** A payload given as JSON is sent as such; a text is one already. */
export function sent(args: { readonly [member: string]: SdkValue }): {
  readonly [member: string]: SdkValue
} {
  const { payload } = args
  const isBytes = payload instanceof Uint8Array
  const isCommandPayload =
    typeof payload === 'object' && payload !== null && 'contentType' in payload
  if (payload === undefined || isBytes || isCommandPayload) return args
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  return { ...args, payload: Buffer.from(text) }
}
