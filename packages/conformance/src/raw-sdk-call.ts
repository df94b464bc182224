/**
 * AWS SDK calls whose answers are kept as they came over the wire.
 */
import * as iotSdk from '@aws-sdk/client-iot'
import * as jobsSdk from '@aws-sdk/client-iot-jobs-data-plane'
import type { Json, JsonObject } from './scenario-format.ts'
import type { CallResult } from './scenario-target.ts'

/** Where calls go and who signs them. */
export interface SdkEndpoint {
  readonly endpoint: string
  readonly region: string
  readonly credentials: iotSdk.IoTClientConfig['credentials']
}

/** Calls one service by operation name. */
export interface RawSdk {
  call(operation: string, args: JsonObject): Promise<CallResult>
  destroy(): void
}

/** Control plane. */
export function rawIot(endpoint: SdkEndpoint): RawSdk {
  return rawSdk(new iotSdk.IoTClient(config(endpoint)), iotSdk)
}

/** Jobs data plane, signed for `iot-jobs-data`. */
export function rawJobsData(endpoint: SdkEndpoint): RawSdk {
  return rawSdk(new jobsSdk.IoTJobsDataPlaneClient(config(endpoint)), jobsSdk)
}

function config({ endpoint, region, credentials }: SdkEndpoint): iotSdk.IoTClientConfig {
  const known = credentials === undefined ? {} : { credentials }
  return { endpoint, region, ...known, maxAttempts: 1 }
}

/** The parts of an SDK client that both services share. */
interface AnyClient {
  readonly middlewareStack: {
    add(middleware: unknown, options: { step: 'deserialize'; priority: 'low'; name: string }): void
  }
  send(command: never): Promise<unknown>
  destroy(): void
}

interface WireResponse {
  statusCode: number
  headers: Readonly<Record<string, string>>
  body: unknown
}

function rawSdk(client: AnyClient, sdk: object): RawSdk {
  let last: CallResult | undefined
  const keep =
    (next: (args: unknown) => Promise<{ response: WireResponse }>) =>
    async (args: unknown): Promise<{ response: WireResponse }> => {
      const result = await next(args)
      const { response } = result
      const bytes = await readAll(response.body)
      response.body = bytes
      last = toResult(response, bytes)
      return result
    }
  client.middlewareStack.add(keep, { step: 'deserialize', priority: 'low', name: 'keepAnswer' })
  return {
    call: async (operation, args) => {
      const Command = (sdk as Readonly<Record<string, unknown>>)[`${operation}Command`] as
        | (new (input: JsonObject) => object)
        | undefined
      if (Command === undefined) throw new TypeError(`the SDK has no operation \`${operation}\``)
      last = undefined
      try {
        await client.send(new Command(args) as never)
      } catch (cause) {
        // A refusal was kept above; without an answer it is the call itself that failed.
        if (last === undefined) throw cause
      }
      if (last === undefined) throw new Error(`${operation} brought no answer`)
      return last
    },
    destroy: () => client.destroy(),
  }
}

async function readAll(body: unknown): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body
  if (typeof body === 'string') return Buffer.from(body)
  const chunks: Uint8Array[] = []
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function toResult(response: WireResponse, bytes: Uint8Array): CallResult {
  const text = new TextDecoder().decode(bytes)
  const body = text === '' ? {} : (JSON.parse(text) as Json)
  if (response.statusCode < 300) return { status: response.statusCode, body }
  const type =
    response.headers['x-amzn-errortype'] ?? String((body as { __type?: unknown }).__type ?? '')
  return { status: response.statusCode, error: type.replace(/^.*#|:.*$/g, ''), body }
}
