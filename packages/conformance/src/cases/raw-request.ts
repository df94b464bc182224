/**
 * Requests that no SDK makes: form posts and GETs of query protocols, and presigned WebSockets.
 */
import { Sha256 } from '@aws-crypto/sha256-js'
import { HttpRequest } from '@smithy/protocol-http'
import { SignatureV4 } from '@smithy/signature-v4'
import { Agent, request as send } from 'undici'
import { errorName, errorText, parsedJson } from '../raw-sdk-call.ts'
import type { Json } from '../scenario-format.ts'
import type { CallResult } from '../scenario-target.ts'
import type { CaseCaller } from './case-operator.ts'
import type { CaseKey } from './iam-additions.ts'

/** One request to sign and send. */
export interface RawRequest {
  readonly httpUrl: string
  readonly region: string
  readonly method: string
  /** With its query, if any. */
  readonly path: string
  /** Service of the credential scope. */
  readonly scope: string
  readonly caller: CaseCaller
  /** Members of a form: the body of a POST, the query of anything else. */
  readonly form?: Readonly<Record<string, string>>
}

/** Sends a request; the body is JSON where it can be, else the text under `text`. */
export async function rawRequest(request: RawRequest): Promise<CallResult> {
  const { httpUrl, region, method, scope, caller, form } = request
  const url = new URL(request.path, httpUrl)
  const isPost = method === 'POST'
  if (!isPost)
    for (const [name, value] of Object.entries(form ?? {})) url.searchParams.set(name, value)
  const body = isPost && form !== undefined ? new URLSearchParams(form).toString() : ''
  const unsigned = new HttpRequest({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    port: Number(url.port),
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: {
      host: url.host,
      ...(isPost && { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }),
    },
    body,
  })
  const { headers } =
    caller === 'anonymous' ? unsigned : await signer(scope, region, caller).sign(unsigned)
  const { host: _host, ...sent } = headers
  // One connection a request: a server that was restarted has closed those that were kept.
  const dispatcher = new Agent({ pipelining: 0 })
  try {
    const answer = await send(url, {
      method: method as 'GET',
      dispatcher,
      headers: sent,
      ...(isPost && { body }),
    })
    return resultOf(answer.statusCode, answer.headers, await answer.body.text())
  } finally {
    await dispatcher.close()
  }
}

/** An HTTP answer as a result; a body that is no JSON stands under `text`. */
export function resultOf(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  text: string,
): CallResult {
  const received = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, String(value)]),
  )
  const body: Json = parsedJson(text) ?? (text === '' ? {} : { text })
  if (status < 300) return { status, headers: received, body }
  const message = errorText(parsedJson(text) ?? {}, text)
  const error = errorName(received, body, text)
  return { status, error, headers: received, body, ...(message !== undefined && { message }) }
}

/**
 * The address of an MQTT connection over WebSocket, signed in its query.
 *
 * @param token - where the session token goes: `after` the signature as AWS asks for, `inside` it,
 *   or nowhere
 */
export async function presignedMqtt(
  httpUrl: string,
  region: string,
  key: CaseKey,
  token: string,
): Promise<string> {
  const { hostname, port, host } = new URL(httpUrl)
  const { sessionToken, ...withoutToken } = key
  const signing = token === 'inside' ? key : withoutToken
  const { query = {} } = await signer('iotdevicegateway', region, signing).presign(
    new HttpRequest({
      protocol: 'http:',
      hostname,
      port: Number(port),
      path: '/mqtt',
      headers: { host },
    }),
    { expiresIn: 300 },
  )
  const pairs = Object.entries(query).map(([name, value]) => [name, String(value)])
  if (token === 'after' && sessionToken !== undefined) {
    pairs.push(['X-Amz-Security-Token', sessionToken])
  }
  return `ws://${host}/mqtt?${new URLSearchParams(pairs).toString()}`
}

function signer(service: string, region: string, credentials: CaseKey): SignatureV4 {
  return new SignatureV4({ service, region, credentials, sha256: Sha256 })
}
