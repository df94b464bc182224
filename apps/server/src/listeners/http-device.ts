/**
 * The HTTPS handler for devices: a client certificate in, jobs data plane and publish out
 * (gateway G1, G59 to G66, jobs J47).
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener } from 'node:http'
import { TLSSocket } from 'node:tls'
import { errorAnswer, type Answer, type AwsProtocol } from '@muster/aws-protocol'
import type { ConnectionAuthorizer, DeviceAuthorization } from '../authorization/authorizer.ts'
import {
  deviceOf,
  serverNameOf,
  type CertificateLookup,
  type HandshakeRules,
} from '../authentication/device-certificate.ts'
import { deviceDenial } from '../authorization/device-https-authority.ts'
import type { Logger } from '../log.ts'
import { internalFailure, type Dispatch } from '../operations/dispatch.ts'
import { routeRequest } from '../operations/service-route.ts'
import { bodyRefusals, headOf, queryOf, receive, send } from './http-exchange.ts'
import { badEncoding, unroutable } from './http-signed.ts'

/** What the handler needs. */
export interface DevicePorts {
  readonly protocol: AwsProtocol
  readonly certificates: CertificateLookup
  readonly authorization: DeviceAuthorization
  readonly dispatch: Dispatch
  readonly rules: HandshakeRules
  /** Told of bugs. */
  readonly log?: Logger
}

/** Makes the handler; it answers every request and never throws. */
export function deviceListener(ports: DevicePorts): RequestListener {
  return (message, response) => {
    const requestId = randomUUID()
    answerTo(ports, message, requestId)
      .then((answer) => {
        if (answer !== undefined) send(response, answer)
      })
      .catch((cause: unknown) => {
        ports.log?.error({ err: cause, requestId }, 'request failed')
        send(response, errorAnswer('iotdata', internalFailure, requestId))
      })
  }
}

async function answerTo(
  ports: DevicePorts,
  message: IncomingMessage,
  requestId: string,
): Promise<Answer | undefined> {
  const head = headOf(message)
  const { method, path } = head
  const query = queryOf(head)
  if (query === undefined) return errorAnswer('iotdata', badEncoding, requestId)
  // The listener speaks only the data planes, whatever the host says.
  const route = routeRequest(ports.protocol, { method, path, query, host: '', scope: undefined })
  const service = route.kind === 'operation' ? route.operation.service : route.service
  const { socket } = message
  if (!(socket instanceof TLSSocket)) throw new TypeError('a device comes over TLS')
  const device = deviceOf(socket, ports.certificates, ports.rules)
  if (!device.ok) return errorAnswer(service, device.error, requestId)
  if (route.kind !== 'operation') {
    return errorAnswer(service, unroutable(route, method, path), requestId)
  }
  const request = await receive(message)
  if (request === 'aborted') return undefined
  if (typeof request === 'string') return errorAnswer(service, bodyRefusals[request], requestId)
  const { certificateId } = device.value
  const { headers, body, isGone, sourceIp } = request
  return ports.dispatch({
    operation: route.operation,
    source: { labels: route.labels, query, headers, body },
    caller: { kind: 'device', certificateId },
    sourceIp,
    isGone,
    requestId,
    authorize: (needed) =>
      deviceDenial(authorizerOf(ports.authorization, socket, certificateId, sourceIp), needed),
  })
}

/** Policies bound to a connection once, for all its requests; they follow every change. */
const authorizers = new WeakMap<TLSSocket, ConnectionAuthorizer>()

function authorizerOf(
  authorization: DeviceAuthorization,
  socket: TLSSocket,
  certificateId: string,
  sourceIp: string,
): ConnectionAuthorizer {
  const bound = authorizers.get(socket)
  if (bound !== undefined) return bound
  const authorizer = authorization.bind({
    certificateId,
    clientId: undefined,
    protocol: 'https',
    sourceIp,
    domainName: serverNameOf(socket),
    connectAttributes: [],
    lastWillTopic: undefined,
  })
  authorizers.set(socket, authorizer)
  socket.once('close', () => authorizer.release())
  return authorizer
}
