/** Cognito identity pools on the signed listeners (identities I67 to I69): JSON 1.1 in and out. */
import { cognitoOperations, jsonBody, jsonOf, type Answer } from '@muster/aws-protocol'
import { cognitoStatuses, type CognitoCode, type CognitoState } from '@muster/cognito'
import type { Clock } from '@muster/clock'
import type { RequestTransport } from '@muster/iam'
import type { Account, Outcome, Refusal } from '@muster/model'
import type { SignedCaller } from '../authentication/signed-caller.ts'
import type { OperatorAuthorization } from '../authorization/operator-authorization.ts'
import type { Turn } from '../turn.ts'
import type { CognitoKey } from './cognito-key.ts'
import { cognitoRows } from './cognito-rows.ts'

/** Header that names the operation. */
export const TARGET_PREFIX = 'AWSCognitoIdentityService.'

/** Scope of signatures. */
export const cognitoScope = 'cognito-identity'

/** What identity pools need of the server. */
export interface CognitoServices {
  readonly account: Account
  readonly state: CognitoState
  readonly key: CognitoKey
  readonly clock: Pick<Clock, 'nowMs'>
  readonly turn: Pick<Turn, 'committed'>
  readonly authority: Pick<OperatorAuthorization, 'denial'>
  /** Whether an operation is over its rate; absent: no rates (identities I89). */
  readonly throttled?: (operation: string) => boolean
}

/** One request. */
export interface CognitoRequest {
  /** `AWSCognitoIdentityService.GetId`. */
  readonly target: string
  readonly body: Uint8Array
  readonly sourceIp: string
  readonly transport: RequestTransport
  readonly authenticate: () => Promise<Outcome<SignedCaller>>
  /** Whether a call that nobody signs may come from where it does. */
  readonly guard: () => Outcome<undefined>
}

/** Answers one request; never throws for what a caller may do wrong. */
export async function answerCognito(
  services: CognitoServices,
  request: CognitoRequest,
  requestId: string,
): Promise<Answer> {
  const refused = (code: CognitoCode, message: string): Answer => failure(code, message, requestId)
  const name = request.target.slice(TARGET_PREFIX.length)
  const operation = cognitoOperations().get(name)
  if (operation === undefined) return refused('UnknownOperationException', '')
  const row = Object.hasOwn(cognitoRows, name) ? cognitoRows[name] : undefined
  const caller = row?.permissions === undefined ? undefined : await request.authenticate()
  if (caller?.ok === false) return refused(authenticationCode(caller.error), caller.error.message)
  const guarded = caller === undefined ? request.guard() : undefined
  if (guarded?.ok === false) return refused('AccessDeniedException', guarded.error.message)
  if (row === undefined) {
    return refused('NotImplementedException', `${name} is not implemented here`)
  }
  const body = jsonBody(request.body)
  if (body === undefined) return refused('SerializationException', '')
  const input = operation.readInput(body)
  if (!input.ok) return refused('InvalidParameterException', input.error.message)
  const given = input.value as never
  if (row.permissions !== undefined && caller !== undefined) {
    const denied = services.authority.denial({
      service: 'cognito-identity',
      operation: name,
      permissions: row.permissions(services.account, given),
      identity: caller.value.identity,
      accessKeyId: caller.value.key.accessKeyId,
      sourceIp: request.sourceIp,
      transport: request.transport,
    })
    if (denied !== undefined) return refused('AccessDeniedException', denied.message)
  }
  if (services.throttled?.(name) === true) {
    return refused('TooManyRequestsException', 'Rate exceeded')
  }
  // Tokens are signed and checked with a key that may have to be made first.
  await services.key.ready()
  const { sourceIp, transport } = request
  const call = { nowMs: services.clock.nowMs(), sourceIp, transport }
  const outcome = row.rule(services.state, given, call)
  await services.turn.committed()
  if (!outcome.ok) return refused(outcome.error.code, outcome.error.message)
  return answer(200, requestId, jsonOf(outcome.value, operation.output))
}

function authenticationCode({ code }: Refusal): CognitoCode {
  return Object.hasOwn(cognitoStatuses, code) ? (code as CognitoCode) : 'InternalErrorException'
}

function failure(code: CognitoCode, message: string, requestId: string): Answer {
  const { status, headers, body } = answer(
    cognitoStatuses[code],
    requestId,
    JSON.stringify({ __type: code, message }),
  )
  return {
    status,
    headers: {
      ...headers,
      'x-amzn-errortype': `${code}:`,
      'x-amzn-errormessage': headerText(message),
    },
    body,
  }
}

/** A header holds no line ends and only Latin-1. */
function headerText(message: string): string {
  return message.replaceAll(/[^\u0020-\u007e\u00a0-\u00ff]/g, '?')
}

function answer(status: number, requestId: string, body: string | Uint8Array): Answer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId },
    body,
  }
}
