/**
 * Requests that no handler sees, for Node refuses them below: they are answered in AWS's shape too,
 * with `Date` and `x-amzn-RequestId` (gateway G128, G129).
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { errorAnswer, type AwsService } from '@muster/aws-protocol'
import { refuse, type Refusal } from '@muster/model'
import { endWith, send } from './http-exchange.ts'

/**
 * Answers what is no request at all, and closes: its end cannot be found.
 *
 * @param service - whose errors they are; undefined where it is not known yet
 */
export function answerUnreadable(server: Server, service?: AwsService): void {
  server.on('clientError', (cause: NodeJS.ErrnoException, socket) => {
    const refusal = refusalOf(cause)
    // A handshake that failed, or a client that is gone: nobody speaks HTTP there.
    if (refusal === undefined) socket.destroy()
    else refuseConnection(socket, service, refusal)
  })
  server.on('connect', (_message, socket: Duplex) => {
    const refusal = refuse('UnknownOperationException', 'This server is no proxy').error
    refuseConnection(socket, service, refusal)
  })
  server.on('checkExpectation', ({ headers }, response) => {
    const message = `The expectation '${headers.expect}' cannot be met`
    const refusal = refuse('ExpectationFailedException', message).error
    send(response, errorAnswer(service, refusal, randomUUID()))
  })
}

/**
 * A listener that HTTP/1.1 requests without Host, or with two, do not reach: whoever stands between
 * might have read the other one (RFC 9112, 3.2).
 */
export function hostRequired(listener: RequestListener, service?: AwsService): RequestListener {
  return (message, response) => {
    const refusal = hostRefusal(message)
    if (refusal === undefined) {
      listener(message, response)
      return
    }
    response.shouldKeepAlive = false
    send(response, errorAnswer(service, refusal, randomUUID()))
  }
}

/** Why a request does not say whom it is for; undefined when it does, or need not (HTTP/1.0). */
export function hostRefusal({
  headersDistinct,
  httpVersion,
}: Pick<IncomingMessage, 'headersDistinct' | 'httpVersion'>): Refusal | undefined {
  const hosts = headersDistinct['host']?.length ?? 0
  if (hosts === 1 || (hosts === 0 && httpVersion === '1.0')) return undefined
  const problem = hosts === 0 ? 'The Host header is missing' : 'There are two Host headers'
  return refuse('InvalidRequestException', problem).error
}

function refuseConnection(socket: Duplex, service: AwsService | undefined, refusal: Refusal): void {
  // What comes after the first fault is as unreadable, and told once.
  if (!socket.writable) return
  endWith(socket, errorAnswer(service, refusal, randomUUID()))
}

function refusalOf({ code = '' }: NodeJS.ErrnoException): Refusal | undefined {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return refuse('RequestHeaderFieldsTooLargeException', 'The headers are too large').error
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return refuse('RequestEntityTooLargeException', 'The chunk extensions are too large').error
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return refuse('RequestTimeoutException', 'The request did not end in time').error
    default:
      return code.startsWith('HPE_')
        ? refuse('InvalidRequestException', 'The request is not valid HTTP').error
        : undefined
  }
}
