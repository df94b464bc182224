/**
 * HTTP as the handlers see it: a request read whole within its limits, and an answer written once.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer, SignedRequest } from '@muster/aws-protocol'
import { bodyBytesMax } from './http-limits.ts'

/** A request, read to its end. */
export interface ReceivedRequest extends SignedRequest {
  readonly sourceIp: string
}

/** A body that is longer than allowed, or that broke off. */
export type BodyFault = 'too-large' | 'aborted'

/** Reads a request whole. Resolves to a fault, never rejects. */
export async function receive(
  message: IncomingMessage,
  bytesMax: number = bodyBytesMax,
): Promise<ReceivedRequest | BodyFault> {
  const body = await readBody(message, bytesMax)
  return typeof body === 'string' ? body : { ...headOf(message), body }
}

/** A request without its body. */
export function headOf(message: IncomingMessage): ReceivedRequest {
  const url = message.url ?? '/'
  const mark = url.indexOf('?')
  return {
    method: message.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: message.headers,
    body: noBytes,
    sourceIp: plainIp(message.socket.remoteAddress ?? ''),
  }
}

const noBytes = new Uint8Array(0)

/** IPv4 without the prefix that dual-stack sockets give it. */
export function plainIp(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address
}

function readBody(message: IncomingMessage, bytesMax: number): Promise<Uint8Array | BodyFault> {
  if (Number(message.headers['content-length'] ?? 0) > bytesMax) {
    return Promise.resolve('too-large')
  }
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = []
    let length = 0
    message.on('data', (chunk: Uint8Array) => {
      length += chunk.length
      if (length > bytesMax) {
        chunks.length = 0
        message.removeAllListeners('data')
        resolve('too-large')
      } else chunks.push(chunk)
    })
    message.on('end', () => resolve(join(chunks)))
    message.on('error', () => resolve('aborted'))
    message.on('close', () => resolve('aborted'))
  })
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 0) return noBytes
  const [first] = chunks
  const bytes = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** Writes an answer. A client that is gone is nobody's fault. */
export function send(response: ServerResponse, answer: Answer): void {
  if (response.writableEnded || response.destroyed) return
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length })
  response.end(body)
}

/** Answers and closes: the rest of the request is not worth reading. */
export function sendAndClose(response: ServerResponse, answer: Answer): void {
  response.shouldKeepAlive = false
  send(response, answer)
  response.req.unpipe()
  response.on('finish', () => response.req.socket.destroySoon())
}
