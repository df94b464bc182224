/**
 * The HTTP handler for operators: SigV4 in, AWS operations and STS out. The loopback listener and
 * the port that stands for AWS's 443 use the same one.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener } from 'node:http'
import {
  errorAnswer,
  statedSignature,
  type Answer,
  type AwsProtocol,
  type AwsService,
} from '@muster/aws-protocol'
import type { RequestTransport } from '@muster/iam'
import { refuse, type Outcome, type Refusal } from '@muster/model'
import type { OperatorAuthorization } from '../authorization/operator-authorization.ts'
import {
  authenticateSigned,
  refuseSigned,
  type AuthenticationPorts,
  type SignedCaller,
} from '../authentication/signed-caller.ts'
import { guardUnsigned } from '../authentication/origin.ts'
import type { Refusals } from '../decisions/refusals.ts'
import type { RefusedRequest } from '../decisions/request-refusals.ts'
import type { Logger } from '../log.ts'
import type { ReceivedRequest } from '../mount.ts'
import { internalFailure, type Dispatch, type OperationRequest } from '../operations/dispatch.ts'
import { routeRequest, type ServiceRoute } from '../operations/service-route.ts'
import {
  answerCognito,
  cognitoScope,
  TARGET_PREFIX,
  type CognitoServices,
} from '../cognito/answer-cognito.ts'
import { answerSts, globalRegion, isStsForm, stsForm, type StsServices } from '../sts/answer-sts.ts'
import { crossOrigin } from './cross-origin.ts'
import { callerOf, Signer, told } from './signed-refusals.ts'
import { headOf, queryOf, send, transportOf } from './http-exchange.ts'
import { bodyRefusals, type RequestBodies } from './request-bodies.ts'

/** What the handler needs. */
export interface SignedNeeds {
  readonly protocol: AwsProtocol
  readonly authentication: AuthenticationPorts
  readonly authority: Pick<OperatorAuthorization, 'denial'>
  readonly dispatch: Dispatch
  readonly bodies: RequestBodies
  readonly refusals: Pick<Refusals, 'request' | 'admin'>
  /** Identity pools. */
  readonly cognito: CognitoServices
  /** What STS stands on at this moment. */
  readonly sts: () => StsServices
  /** Told of bugs. */
  readonly log?: Logger
}

/** Makes the handler; it answers every request and never throws. */
export function signedListener(needs: SignedNeeds): RequestListener {
  return crossOrigin(needs.authentication.corsOrigins, (message, response) => {
    const requestId = randomUUID()
    answerTo(message, requestId, needs)
      .then((answer) => {
        if (answer !== undefined) send(response, answer)
      })
      .catch((cause: unknown) => {
        needs.log?.error({ err: cause, requestId }, 'request failed')
        send(response, errorAnswer(undefined, internalFailure, requestId))
      })
  })
}

async function answerTo(
  message: IncomingMessage,
  requestId: string,
  needs: SignedNeeds,
): Promise<Answer | undefined> {
  const request = await needs.bodies.receive(message)
  if (request === 'aborted') return undefined
  if (typeof request !== 'string') return answerSigned(needs, request, requestId)
  const { method, path, sourceIp } = headOf(message)
  needs.refusals.request({ request: `${method} ${path}`, sourceIp }, bodyRefusals[request])
  return errorAnswer(undefined, bodyRefusals[request], requestId)
}

async function answerSigned(
  needs: SignedNeeds,
  request: ReceivedRequest,
  requestId: string,
): Promise<Answer> {
  const query = queryOf(request)
  const { method, path, headers, sourceIp } = request
  const refused = (refusal: Refusal, more: Partial<RefusedRequest> = {}): Answer => {
    needs.refusals.request({ request: `${method} ${path}`, sourceIp, ...more }, refusal)
    return errorAnswer(more.service as AwsService | undefined, refusal, requestId)
  }
  if (query === undefined) return refused(badEncoding)
  const stated = statedSignature(request)
  const transport = transportOf(request)
  const scope = stated.ok ? stated.value.service : undefined
  const guard = (): Outcome<undefined> => guardUnsigned(needs.authentication, request.headers)
  if (request.path === '/' && (scope === undefined || scope === 'sts')) {
    const form = stsForm(request, query)
    if (scope === 'sts' || isStsForm(form)) {
      const signer = new Signer(() =>
        authenticateSigned(needs.authentication, request, ['sts'], {
          regions: [globalRegion],
          stated,
        }),
      )
      const asked = { ...request, transport, form, authenticate: signer.authenticate, guard }
      const answer = await answerSts(needs.sts(), asked, requestId)
      const what = { service: 'sts', operation: form.get('Action') } as const
      return told(needs.refusals, request, { ...what, signer, answer })
    }
  }
  const target = request.headers['x-amz-target']
  if (typeof target === 'string' && target.startsWith(TARGET_PREFIX)) {
    const signer = new Signer(() =>
      authenticateSigned(needs.authentication, request, [cognitoScope], { stated }),
    )
    const asked = { ...request, transport, target, authenticate: signer.authenticate, guard }
    const answer = await answerCognito(needs.cognito, asked, requestId)
    const what = { service: cognitoScope, operation: target.slice(TARGET_PREFIX.length) } as const
    return told(needs.refusals, request, { ...what, signer, answer })
  }
  const host = typeof headers.host === 'string' ? headers.host : ''
  const route = routeRequest(needs.protocol, { method, path, query, host, scope: scope ?? 'iot' })
  const service = serviceOf(route)
  if (!stated.ok) {
    refuseSigned(needs.authentication, request, stated.error)
    return errorAnswer(service, stated.error, requestId)
  }
  const caller = await authenticateSigned(needs.authentication, request, route.scopes, { stated })
  if (!caller.ok) return errorAnswer(service, caller.error, requestId)
  if (route.kind !== 'operation') {
    return refused(unroutable(route, method, path), { service, caller: callerOf(caller.value) })
  }
  return dispatchSigned(needs, {
    operation: route.operation,
    source: { labels: route.labels, query, headers, body: request.body },
    signed: caller.value,
    sourceIp: request.sourceIp,
    isGone: request.isGone,
    requestId,
    transport,
  })
}

/** A request whose signature was verified. */
export interface SignedOperation extends Pick<
  OperationRequest,
  'operation' | 'source' | 'sourceIp' | 'isGone' | 'requestId'
> {
  readonly signed: SignedCaller
  readonly transport: RequestTransport
}

/** Applies a request as far as the policies of whoever signed it allow. */
export function dispatchSigned(
  needs: Pick<SignedNeeds, 'dispatch' | 'authority'>,
  { signed, transport, ...request }: SignedOperation,
): Promise<Answer> {
  const { operation, sourceIp } = request
  return needs.dispatch({
    ...request,
    caller: callerOf(signed),
    authorize: ({ permissions }) =>
      needs.authority.denial({
        service: operation.service,
        operation: operation.name,
        permissions,
        identity: signed.identity,
        accessKeyId: signed.key.accessKeyId,
        sourceIp,
        transport,
      }),
  })
}

/** A path or query that is not valid percent-encoding. */
export const badEncoding: Refusal = {
  code: 'InvalidRequestException',
  message: 'The URI is not valid percent-encoding',
}

function serviceOf(route: ServiceRoute): AwsService {
  return route.kind === 'operation' ? route.operation.service : route.service
}

/** Why a request has no operation (gateway G130). */
export function unroutable(
  route: Exclude<ServiceRoute, { kind: 'operation' }>,
  method: string,
  path: string,
): Refusal {
  if (route.kind === 'wrong-method') {
    const allow = route.allow.join(', ')
    return refuse(
      'MethodNotAllowedException',
      `${method} is not allowed on ${path}: expected ${allow}`,
    ).error
  }
  return refuse('UnknownOperationException', `No operation for ${method} ${path}`).error
}
