/**
 * The HTTPS handler for devices: a client certificate in, jobs data plane and publish out
 * (gateway G1, G59 to G66, jobs J47).
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener } from 'node:http'
import type { Socket } from 'node:net'
import { errorAnswer, type Answer, type AwsProtocol, type AwsService } from '@muster/aws-protocol'
import type { Refusal } from '@muster/model'
import type { ConnectionAuthorizer, DeviceAuthorization } from '../authorization/authorizer.ts'
import {
  deviceOf,
  type CertificateLookup,
  type HandshakeRules,
} from '../authentication/device-certificate.ts'
import { deviceDenial } from '../authorization/device-https-authority.ts'
import type { Refusals } from '../decisions/refusals.ts'
import { actionOf, type RefusedRequest } from '../decisions/request-refusals.ts'
import type { Logger } from '../log.ts'
import { internalFailure, type Dispatch, type OperationRequest } from '../operations/dispatch.ts'
import { routeRequest, type ServiceRoute } from '../operations/service-route.ts'
import type { ReceivedRequest } from '../mount.ts'
import { headOf, queryOf, send } from './http-exchange.ts'
import { badEncoding, unroutable } from './http-signed.ts'
import type { HttpsPrincipals } from './https-principals.ts'
import type { CertificateNeeds } from './mqtt-certificate.ts'
import {
  credentialsAnswer,
  giveCredentials,
  roleAliasAsked,
  type CredentialsProvider,
} from './role-alias-credentials.ts'
import { bodyRefusals, type RequestBodies } from './request-bodies.ts'
import { isSecure, leafOf, serverNameOf, type SecureSocket } from './secure-socket.ts'

/** What the handler needs. */
export interface DeviceNeeds {
  readonly protocol: AwsProtocol
  readonly certificates: CertificateLookup
  readonly authorization: DeviceAuthorization
  readonly dispatch: Dispatch
  readonly bodies: RequestBodies
  readonly credentials: CredentialsProvider
  readonly principals: Pick<HttpsPrincipals, 'asked'>
  readonly rules: HandshakeRules
  /** The issuer line of a certificate that this server's authority did not issue. */
  readonly foreignIssuer: CertificateNeeds['foreignIssuer']
  readonly refusals: Pick<Refusals, 'certificate' | 'handshake' | 'request'>
  /** Told of bugs. */
  readonly log?: Logger
}

/** Makes the handler; it answers every request and never throws. */
export function deviceListener(needs: DeviceNeeds): RequestListener {
  const connections = new BoundConnections(needs.authorization)
  return (message, response) => {
    const requestId = randomUUID()
    answerTo(needs, connections, message, requestId)
      .then((answer) => {
        if (answer !== undefined) send(response, answer)
      })
      .catch((cause: unknown) => {
        needs.log?.error({ err: cause, requestId }, 'request failed')
        send(response, errorAnswer('iotdata', internalFailure, requestId))
      })
  }
}

async function answerTo(
  needs: DeviceNeeds,
  connections: BoundConnections,
  message: IncomingMessage,
  requestId: string,
): Promise<Answer | undefined> {
  const head = headOf(message)
  const { method, path } = head
  const known = connections.routed(message)
  const query = known?.query ?? queryOf(head)
  let service: AwsService = 'iotdata'
  const refused = (refusal: Refusal, more: Partial<RefusedRequest> = {}): Answer => {
    const request = `${method} ${path}`
    needs.refusals.request({ request, sourceIp: head.sourceIp, service, ...more }, refusal)
    return errorAnswer(service, refusal, requestId)
  }
  if (query === undefined) return refused(badEncoding)
  // The listener speaks only the data planes, whatever the host says.
  const roleAlias = roleAliasAsked(head)
  const asked = { method, path, query, host: '', scope: undefined }
  const route = known?.route ?? routeRequest(needs.protocol, asked)
  if (known === undefined) connections.remember(message, { query, route })
  service = route.kind === 'operation' ? route.operation.service : route.service
  const { socket } = message
  if (!isSecure(socket)) throw new TypeError('a device comes over TLS')
  const device = deviceOf(socket, needs.certificates, needs.rules, (reason, certificateId) => {
    const leaf = leafOf(socket)
    needs.refusals.certificate({
      reason,
      certificateId,
      foreignIssuer: leaf && needs.foreignIssuer(leaf),
      action: actionAsked(route, roleAlias),
      protocol: 'https',
      sourceIp: head.sourceIp,
    })
  })
  if (roleAlias !== undefined) {
    const certificate = device.ok ? device.value.certificateId : undefined
    if (certificate !== undefined) needs.principals.asked(socket, certificate)
    const who = { head, socket, roleAlias, certificateId: certificate }
    const outcome = giveCredentials(needs.credentials, who)
    if (!outcome.ok && certificate !== undefined) {
      tellRefused(needs, head, certificate, outcome.error)
    }
    return credentialsAnswer(outcome, requestId)
  }
  if (!device.ok) return errorAnswer(service, device.error, requestId)
  const { certificateId } = device.value
  needs.principals.asked(socket, certificateId)
  const caller = { kind: 'device', certificateId } as const
  if (route.kind !== 'operation') return refused(unroutable(route, method, path), { caller })
  const request = await needs.bodies.receive(message)
  if (request === 'aborted') return undefined
  if (typeof request === 'string') return refused(bodyRefusals[request], { caller })
  const { headers, body, isGone, sourceIp } = request
  return dispatchDevice(needs, {
    operation: route.operation,
    source: { labels: route.labels, query, headers, body },
    certificateId,
    sourceIp,
    isGone,
    requestId,
    authorizer: () => connections.authorizer(socket, certificateId, sourceIp),
  })
}

/** A request of an authenticated device. */
export interface DeviceRequest extends Pick<
  OperationRequest,
  'operation' | 'source' | 'sourceIp' | 'isGone' | 'requestId'
> {
  readonly certificateId: string
  /** Policies bound to its connection. */
  readonly authorizer: () => ConnectionAuthorizer
}

/** Applies a request as far as the device's policies allow. */
export function dispatchDevice(
  needs: Pick<DeviceNeeds, 'dispatch' | 'refusals'>,
  { certificateId, authorizer, ...request }: DeviceRequest,
): Promise<Answer> {
  const { sourceIp, operation } = request
  const caller = { kind: 'device', certificateId } as const
  return needs.dispatch({
    ...request,
    caller,
    authorize: (needed) => {
      const denied = deviceDenial(authorizer(), needed)
      // The policies log their own denials; they are not asked for what is not for devices at all.
      if (denied !== undefined && !needed.devices) {
        const { service, name } = operation
        needs.refusals.request({ service, operation: name, caller, sourceIp }, denied)
      }
      return denied
    },
  })
}

/** Policies log their own denials. */
function tellRefused(
  { refusals }: DeviceNeeds,
  { headers, sourceIp }: ReceivedRequest,
  certificateId: string,
  refusal: Refusal,
): void {
  if (refusal.message === 'Access Denied') return
  const named = headers['x-amzn-iot-thingname']
  const thingName = typeof named === 'string' ? named : undefined
  const caller = { kind: 'device', certificateId } as const
  const operation = 'AssumeRoleWithCertificate'
  refusals.request({ service: 'iot', operation, caller, thingName, sourceIp }, refusal)
}

function actionAsked(route: ServiceRoute, roleAlias: string | undefined): string {
  if (roleAlias !== undefined) return 'iot:AssumeRoleWithCertificate'
  return route.kind === 'operation' ? actionOf(route.operation) : 'HTTP'
}

/** Where a request goes. */
interface Routed {
  readonly query: ReadonlyMap<string, readonly string[]>
  readonly route: ServiceRoute
}

/**
 * Policies bound to each connection once, for all its requests; they follow every change. And where its
 * last request went: a device asks the same again and again.
 */
class BoundConnections {
  readonly #authorization: DeviceAuthorization
  readonly #bound = new WeakMap<SecureSocket, ConnectionAuthorizer>()
  readonly #last = new WeakMap<Socket, Routed & Pick<IncomingMessage, 'method' | 'url'>>()

  constructor(authorization: DeviceAuthorization) {
    this.#authorization = authorization
  }

  routed({ method, socket, url }: IncomingMessage): Routed | undefined {
    const last = this.#last.get(socket)
    return last?.url === url && last?.method === method ? last : undefined
  }

  remember({ method, socket, url }: IncomingMessage, routed: Routed): void {
    this.#last.set(socket, { ...routed, method, url })
  }

  authorizer(
    socket: SecureSocket & Pick<Socket, 'once'>,
    certificateId: string,
    sourceIp: string,
  ): ConnectionAuthorizer {
    const bound = this.#bound.get(socket)
    if (bound !== undefined) return bound
    const authorizer = this.#authorization.bind({
      certificateId,
      clientId: undefined,
      protocol: 'https',
      sourceIp,
      domainName: serverNameOf(socket),
      connectAttributes: [],
      lastWillTopic: undefined,
    })
    this.#bound.set(socket, authorizer)
    socket.once('close', () => authorizer.release())
    return authorizer
  }
}
