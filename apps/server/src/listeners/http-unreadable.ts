/**
 * Requests that no handler sees, for Node refuses them below: they are answered in AWS's shape too,
 * with `Date` and `x-amzn-RequestId` (gateway G128, G129).
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { errorAnswer, type AwsService } from '@muster/aws-protocol'
import { refuse, type Refusal } from '@muster/model'
import type { Refusals } from '../decisions/refusals.ts'
import { endWith, headOf, send } from './http-exchange.ts'
import { plainIp } from './plain-ip.ts'

/**
 * Answers what is no request at all, and closes: its end cannot be found.
 *
 * @param refusals - told of each
 * @param service - whose errors they are; undefined where it is not known yet
 */
export function answerUnreadable(
  server: Server,
  refusals: Pick<Refusals, 'request'>,
  service?: AwsService,
): void {
  const tell = (socket: Duplex, refusal: Refusal): void => {
    const { remoteAddress = '' } = socket as Duplex & { readonly remoteAddress?: string }
    const sourceIp = plainIp(remoteAddress)
    refusals.request({ service, sourceIp }, refusal)
  }
  server.on('clientError', (cause: UnreadableError, socket) => {
    const refusal = refusalOf(cause)
    // A handshake that failed, or a client that is gone: nobody speaks HTTP there.
    if (refusal === undefined) socket.destroy()
    // What comes after the first fault is as unreadable, and told once.
    else if (socket.writable) {
      tell(socket, refusal)
      endWith(socket, errorAnswer(service, refusal, randomUUID()))
    }
  })
  server.on('connect', (_message, socket: Duplex) => {
    const refusal = refuse('UnknownOperationException', 'This server is no proxy').error
    tell(socket, refusal)
    endWith(socket, errorAnswer(service, refusal, randomUUID()))
  })
  server.on('checkExpectation', ({ headers, socket }, response) => {
    const message = `The expectation '${headers.expect}' cannot be met`
    const refusal = refuse('ExpectationFailedException', message).error
    tell(socket, refusal)
    send(response, errorAnswer(service, refusal, randomUUID()))
  })
}

/**
 * A listener that HTTP/1.1 requests without Host, or with two, do not reach: whoever stands between
 * might have read the other one (RFC 9112, 3.2).
 */
export function hostRequired(
  listener: RequestListener,
  refusals: Pick<Refusals, 'request'>,
  service?: AwsService,
): RequestListener {
  return (message, response) => {
    const refusal = hostRefusal(message)
    if (refusal === undefined) {
      listener(message, response)
      return
    }
    response.shouldKeepAlive = false
    const { method, sourceIp, path } = headOf(message)
    refusals.request({ service, request: `${method} ${path}`, sourceIp }, refusal)
    send(response, errorAnswer(service, refusal, randomUUID()))
  }
}

/** Why a request does not say whom it is for; undefined when it does, or need not (HTTP/1.0). */
export function hostRefusal({
  rawHeaders,
  httpVersion,
}: Pick<IncomingMessage, 'rawHeaders' | 'httpVersion'>): Refusal | undefined {
  let hosts = 0
  // Names and values in turn.
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  if (hosts === 1 || (hosts === 0 && httpVersion === '1.0')) return undefined
  const problem = hosts === 0 ? 'The Host header is missing' : 'There are two Host headers'
  return refuse('InvalidRequestException', problem).error
}

/** What Node says of bytes that are no request. */
interface UnreadableError extends NodeJS.ErrnoException {
  readonly rawPacket?: Uint8Array
}

function refusalOf({ code = '', rawPacket }: UnreadableError): Refusal | undefined {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return refuse('RequestHeaderFieldsTooLargeException', 'The headers are too large').error
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return refuse('RequestEntityTooLargeException', 'The chunk extensions are too large').error
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return refuse('RequestTimeoutException', 'The request did not end in time').error
    default:
      if (!code.startsWith('HPE_')) return undefined
      return refuse(
        'InvalidRequestException',
        isMqtt(rawPacket)
          ? 'The request is MQTT, not HTTP: offer ALPN x-amzn-mqtt-ca here, or use the MQTT port'
          : 'The request is not valid HTTP',
      ).error
  }
}

/** A CONNECT: its type, a length, `MQTT`. */
function isMqtt(bytes: Uint8Array | undefined): boolean {
  return bytes?.[0] === 0x10 && Buffer.from(bytes.subarray(2, 10)).includes('MQ')
}
