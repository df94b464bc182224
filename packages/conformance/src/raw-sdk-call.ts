/**
 * AWS SDK calls whose answers are kept as they came over the wire.
 */
import * as iotSdk from '@aws-sdk/client-iot'
import * as jobsSdk from '@aws-sdk/client-iot-jobs-data-plane'
import type { Json, JsonObject } from './scenario-format.ts'
import type { SdkValue } from './cases/case-values.ts'
import type { CallResult } from './scenario-target.ts'

/** Where calls go and who signs them. */
export interface SdkEndpoint {
  readonly endpoint: string
  readonly region: string
  readonly credentials: iotSdk.IoTClientConfig['credentials']
}

/** Calls one service by operation name. */
export interface RawSdk {
  call(
    operation: string,
    args: JsonObject | { readonly [member: string]: SdkValue },
  ): Promise<CallResult>
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
export interface AnyClient {
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

/**
 * Calls a service by operation name.
 *
 * @param client - a client of an AWS SDK package
 * @param sdk - that package: its commands are found by name
 */
export function rawSdk(client: AnyClient, sdk: object): RawSdk {
  let last: Answer | undefined
  const keep =
    (next: (args: unknown) => Promise<{ response: WireResponse }>) =>
    async (args: unknown): Promise<{ response: WireResponse }> => {
      const result = await next(args)
      const { response } = result
      const bytes = await readAll(response.body)
      response.body = bytes
      last = { response, text: new TextDecoder().decode(bytes) }
      return result
    }
  client.middlewareStack.add(keep, { step: 'deserialize', priority: 'low', name: 'keepAnswer' })
  return {
    call: async (operation, args) => {
      const Command = (sdk as Readonly<Record<string, unknown>>)[`${operation}Command`] as
        | (new (input: object) => object)
        | undefined
      if (Command === undefined) throw new TypeError(`the SDK has no operation \`${operation}\``)
      last = undefined
      let output: unknown
      try {
        output = await client.send(new Command(args) as never)
      } catch (cause) {
        // A refusal was kept above; without an answer it is the call itself that failed.
        if (last === undefined) throw cause
      }
      // A call of TypeScript's flow analysis does not see the middleware.
      const answer = last as Answer | undefined
      if (answer === undefined) throw new Error(`${operation} brought no answer`)
      return toResult(answer, output)
    },
    destroy: () => client.destroy(),
  }
}

interface Answer {
  readonly response: WireResponse
  readonly text: string
}

async function readAll(body: unknown): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body
  if (typeof body === 'string') return Buffer.from(body)
  const chunks: Uint8Array[] = []
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function toResult({ response, text }: Answer, output: unknown): CallResult {
  const { statusCode: status, headers } = response
  const body = text === '' ? {} : (parsedJson(text) ?? plain(output))
  if (status < 300) return { status, headers, body }
  const error = errorName(headers, body, text)
  const message = errorText(body, text)
  return { status, error, headers, body, ...(message !== undefined && { message }) }
}

/** The exception's name: `x-amzn-errortype`, `__type`, or the `Code` of XML. */
export function errorName(
  headers: Readonly<Record<string, string>>,
  body: Json,
  text: string,
): string {
  const { __type: type } = body as { __type?: unknown }
  const named = headers['x-amzn-errortype'] ?? type ?? /<Code>([^<]*)<\/Code>/.exec(text)?.[1]
  return String(named ?? '').replace(/^.*#|:.*$/g, '')
}

/** What a refusal says, if anything. */
export function errorText(body: Json, text: string): string | undefined {
  const { message, Message } = body as { message?: unknown; Message?: unknown }
  const said = message ?? Message ?? /<Message>([^<]*)<\/Message>/.exec(text)?.[1]
  return said === undefined ? undefined : unescapedXml(String(said), body)
}

function unescapedXml(text: string, body: Json): string {
  if (Object.keys(body as object).length > 0) return text
  const signs: Readonly<Record<string, string>> = {
    quot: '"',
    apos: "'",
    lt: '<',
    gt: '>',
    amp: '&',
    '#39': "'",
    '#34': '"',
  }
  return text.replaceAll(/&(#?\w+);/g, (whole, name: string) => signs[name] ?? whole)
}

/** JSON of a text; undefined when it is none. */
export function parsedJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** What an SDK read from an answer that is no JSON, as JSON. */
function plain(output: unknown): Json {
  if (output === undefined) return {}
  const { $metadata: _metadata, ...members } = output as Record<string, unknown>
  return JSON.parse(JSON.stringify(members)) as Json
}
