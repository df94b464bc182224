/**
 * Web pages of other origins that the operator named with `--cors-origin` (identities I108): their
 * browsers are told that they may call the AWS operations and read the answers.
 */
import type { RequestListener, ServerResponse } from 'node:http'

/** Headers of AWS's answers that SDKs read. */
const EXPOSED = 'x-amzn-requestid, x-amzn-errortype, x-amzn-errormessage, x-amzn-trace-id, date'
/** How long a browser need not ask again, seconds. */
const PREFLIGHT_SECONDS = 172_800

/**
 * Puts the CORS headers on answers to pages of the named origins, and answers their preflights.
 *
 * @param origins - as browsers send them: `https://app.example.com`; none: nothing changes
 */
export function crossOrigin(
  origins: readonly string[],
  listener: RequestListener,
): RequestListener {
  if (origins.length === 0) return listener
  return (message, response) => {
    const { origin } = message.headers
    if (origin === undefined || !origins.includes(origin)) {
      listener(message, response)
      return
    }
    allow(response, origin)
    if (message.method !== 'OPTIONS') {
      listener(message, response)
      return
    }
    const asked = message.headers['access-control-request-headers']
    response.setHeader('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE')
    if (asked !== undefined) response.setHeader('access-control-allow-headers', asked)
    response.setHeader('access-control-max-age', PREFLIGHT_SECONDS)
    response.writeHead(204).end()
  }
}

function allow(response: ServerResponse, origin: string): void {
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-expose-headers', EXPOSED)
  response.setHeader('vary', 'origin')
}
