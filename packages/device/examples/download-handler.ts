import { createHash } from 'node:crypto'
import { request, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { JobHandler } from '../src/index.ts'

/** How often a download that broke off is gone on with. */
const ATTEMPTS = 3

/** A link that gives no file; trying again is no use. */
class LinkError extends Error {}

/**
 * Fetches `url` of the document and holds it against `sha256`: what comes broken is FAILED. A download
 * that breaks off goes on where it was.
 *
 * @param caPem - authority of the file's server, beside the public ones
 */
export function downloadHandler(caPem: string): JobHandler {
  return async ({ document, signal }) => {
    const { sha256, url } = document as { readonly sha256?: unknown; readonly url?: unknown }
    if (typeof url !== 'string' || typeof sha256 !== 'string') {
      return { status: 'REJECTED', statusDetails: { reason: 'expected `url` and `sha256`' } }
    }
    const parts: Buffer[] = []
    for (let attempt = 1; !(await fetchRest(url, caPem, parts, signal)); attempt++) {
      if (attempt === ATTEMPTS) return failed(`the file broke off ${ATTEMPTS} times`)
    }
    const found = createHash('sha256').update(Buffer.concat(parts)).digest('hex')
    return found === sha256
      ? { status: 'SUCCEEDED' }
      : failed('the file is not what the digest says')
  }
}

function failed(reason: string): ReturnType<JobHandler> {
  return { status: 'FAILED', statusDetails: { reason } }
}

/**
 * Fetches what is not there yet.
 *
 * @returns false where it broke off
 * @throws LinkError when the server gives no file
 */
async function fetchRest(
  url: string,
  ca: string,
  parts: Buffer[],
  signal: AbortSignal,
): Promise<boolean> {
  const have = parts.reduce((sum, { length }) => sum + length, 0)
  const send = url.startsWith('https:') ? requestHttps : request
  const headers = have > 0 ? { range: `bytes=${have}-` } : {}
  try {
    const { promise, reject, resolve } = Promise.withResolvers<IncomingMessage>()
    send(url, { ca, headers, signal }, resolve).once('error', reject).end()
    const response = await promise
    const { statusCode } = response
    if (statusCode !== 200 && statusCode !== 206) {
      response.resume()
      throw new LinkError(`the link answers ${statusCode}`)
    }
    // Who knows no ranges begins anew.
    if (statusCode === 200) parts.length = 0
    for await (const part of response) parts.push(part as Buffer)
    return response.complete
  } catch (cause) {
    if (cause instanceof LinkError || signal.aborted) throw cause
    return false
  }
}
