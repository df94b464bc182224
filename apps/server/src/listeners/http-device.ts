/**
 * The HTTPS handler for devices: a client certificate in, jobs data plane and publish out
 * (gateway G1, G59 to G66, jobs J47).
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener } from 'node:http'
import { TLSSocket } from 'node:tls'
import { errorAnswer, parseQuery, type Answer, type AwsProtocol } from '@muster/aws-protocol'
import type { Account } from '@muster/model'
import type { DeviceAuthorization } from '../authorization/authorizer.ts'
import {
  deviceOf,
  serverNameOf,
  type CertificateLookup,
} from '../authentication/device-certificate.ts'
import { deviceDenial } from '../operations/device-authority.ts'
import { internalFailure, type Dispatch } from '../operations/dispatch.ts'
import { routeRequest } from '../operations/service-route.ts'
import { receive, send, sendAndClose, type ReceivedRequest } from './http-exchange.ts'
import { badEncoding, tooLarge, unroutable } from './http-signed.ts'

/** What the handler needs. */
export interface DevicePorts {
  readonly account: Account
  readonly protocol: AwsProtocol
  readonly certificates: CertificateLookup
  readonly authorization: DeviceAuthorization
  readonly dispatch: Dispatch
  /** Wall time, epoch milliseconds, for certificate validity. */
  readonly wallMs: () => number
}

/** Makes the handler; it answers every request and never throws. */
export function deviceListener(ports: DevicePorts): RequestListener {
  return (message, response) => {
    const requestId = randomUUID()
    receive(message)
      .then(async (request) => {
        if (request === 'aborted') return
        if (request === 'too-large') {
          sendAndClose(response, errorAnswer('iotdata', tooLarge, requestId))
          return
        }
        send(response, await answerDevice(ports, request, message, requestId))
      })
      .catch(() => send(response, errorAnswer('iotdata', internalFailure, requestId)))
  }
}

async function answerDevice(
  ports: DevicePorts,
  request: ReceivedRequest,
  message: IncomingMessage,
  requestId: string,
): Promise<Answer> {
  const { method, path, headers, sourceIp } = request
  const query = parseQuery(request.query)
  if (query === undefined) return errorAnswer('iotdata', badEncoding, requestId)
  // The listener speaks only the data planes, whatever the host says.
  const route = routeRequest(ports.protocol, { method, path, query, host: '', scope: undefined })
  const service = route.kind === 'operation' ? route.operation.service : route.service
  const { socket } = message
  if (!(socket instanceof TLSSocket)) return errorAnswer(service, internalFailure, requestId)
  const device = deviceOf(socket, ports.certificates, ports.wallMs())
  if (!device.ok) return errorAnswer(service, device.error, requestId)
  if (route.kind !== 'operation') {
    return errorAnswer(service, unroutable(route, method, path), requestId)
  }
  const { certificateId } = device.value
  return ports.dispatch({
    operation: route.operation,
    source: { labels: route.labels, query, headers, body: request.body },
    caller: { kind: 'device', certificateId },
    sourceIp,
    requestId,
    authorize: (input) => {
      const authorizer = ports.authorization.bind({
        certificateId,
        clientId: undefined,
        protocol: 'https',
        sourceIp,
        domainName: serverNameOf(socket),
        connectAttributes: [],
        lastWillTopic: undefined,
      })
      try {
        return deviceDenial(ports.account, authorizer, route.operation, input)
      } finally {
        authorizer.release()
      }
    },
  })
}
