/**
 * HTTP as the handlers see it: the head of a request, and an answer written once.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { parseQuery, percentDecode, type Answer } from '@muster/aws-protocol'
import type { RequestTransport } from '@muster/iam'
import type { ReceivedRequest } from '../mount.ts'
import { bodyBytesMax } from './http-limits.ts'
import { STATUS_CODES } from './node-http.ts'
import { plainIp } from './plain-ip.ts'
import { isSecure } from './secure-socket.ts'

/** A request without its body. */
export function headOf(message: IncomingMessage): ReceivedRequest {
  const url = message.url ?? '/'
  const mark = url.indexOf('?')
  return {
    method: message.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: message.headers,
    rawHeaders: message.rawHeaders,
    body: noBytes,
    sourceIp: plainIp(message.socket.remoteAddress ?? ''),
    secureTransport: isSecure(message.socket),
    isGone: () => message.socket.destroyed,
  }
}

/** What a request's context keys need of how it came (identities I22). */
export function transportOf({ headers, secureTransport }: ReceivedRequest): RequestTransport {
  const userAgent = headers['user-agent']
  return { secureTransport, userAgent: typeof userAgent === 'string' ? userAgent : undefined }
}

/** Query parameters; undefined when path or query is not valid percent-encoding. */
export function queryOf({
  path,
  query,
}: Pick<ReceivedRequest, 'path' | 'query'>): ReturnType<typeof parseQuery> {
  return percentDecode(path) === undefined ? undefined : parseQuery(query)
}

/** What stands for a body that is not there, or not read. */
export const noBytes: Uint8Array = new Uint8Array(0)

/**
 * Writes an answer. A client that is gone is nobody's fault; one that is still sending what nobody
 * reads is disconnected.
 */
export function send(response: ServerResponse, answer: Answer): void {
  if (response.writableEnded || response.destroyed) return
  const { body } = answer
  // Text goes out with its head in one write, and so in one TLS record; bytes would be a second piece.
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length
  const { req: request } = response
  const { 'content-length': announced, 'transfer-encoding': chunked } = request.headers
  const endless = chunked !== undefined || Number(announced ?? 0) > bodyBytesMax
  if (!request.complete && endless) {
    response.shouldKeepAlive = false
    response.on('finish', () => request.socket.destroySoon())
  }
  response.writeHead(answer.status, { ...answer.headers, 'content-length': length })
  response.end(body)
}

/** How long who was refused may keep its side open, before its connection is cut off. */
const lingeringMs = 500

/**
 * Writes an answer to a connection that no response was made for, and ends it; nobody else listens
 * to the socket any more.
 */
export function endWith(socket: Duplex, { body, headers, status }: Answer): void {
  const bytes = Buffer.from(body)
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
    `date: ${new Date().toUTCString()}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${bytes.length}`,
    'connection: close',
  ]
  socket.on('error', () => socket.destroy())
  socket.end(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes]))
  const cut = setTimeout(() => socket.destroy(), lingeringMs)
  socket.once('close', () => clearTimeout(cut))
}
