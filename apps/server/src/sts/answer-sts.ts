/**
 * STS on the signed listeners (identities I29 to I35): query protocol in, XML out.
 */
import {
  formValue,
  stsOperations,
  xmlOf,
  xmlText,
  type Answer,
  type QueryForm,
  type SignedRequest,
} from '@muster/aws-protocol'
import {
  stsStatuses,
  type Identity,
  type RequestTransport,
  type StsCode,
  type WebIdentityCall,
} from '@muster/iam'
import type { Outcome, Refusal } from '@muster/model'
import type { SignedCaller } from '../authentication/signed-caller.ts'
import { stsRows } from './sts-rows.ts'

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/'
const VERSION = '2011-06-15'

/** The global endpoint signs for this region whatever the client's is (identities I30). */
export const globalRegion = 'us-east-1'

/** What STS needs of the server, as it is now. */
export type StsServices = Omit<WebIdentityCall, 'sourceIp' | 'transport'>

/** One request and who signed it, where somebody had to. */
export interface StsRequest extends SignedRequest {
  readonly sourceIp: string
  readonly transport: RequestTransport
  readonly form: QueryForm
  readonly authenticate: () => Promise<Outcome<SignedCaller>>
  /** Whether a call that nobody signs may come from where it does. */
  readonly guard: () => Outcome<undefined>
}

/** Parameters of a GET's query or a POST's form, where it is a request of STS (identities I29). */
export function stsForm(
  request: SignedRequest,
  query: ReadonlyMap<string, readonly string[]>,
): QueryForm {
  const form = new Map<string, string>()
  for (const [name, [value = '']] of query) form.set(name, value)
  const contentType = String(request.headers['content-type'] ?? '')
  if (request.method === 'POST' && /^(?:application\/x-www-form-urlencoded|$)/.test(contentType)) {
    const text = Buffer.from(request.body).toString('utf8')
    for (const [name, value] of new URLSearchParams(text)) {
      if (!form.has(name)) form.set(name, value)
    }
  }
  return form
}

/** Whether an unsigned request is one of STS. */
export function isStsForm(form: QueryForm): boolean {
  return form.has('Action') && form.get('Version') === VERSION
}

/** Answers one request; never throws for what a caller may do wrong. */
export async function answerSts(
  services: StsServices,
  request: StsRequest,
  requestId: string,
): Promise<Answer> {
  const refused = (code: StsCode, message: string): Answer => failure(code, message, requestId)
  const action = request.form.get('Action')
  const operation = action === undefined ? undefined : stsOperations().get(action)
  const row = action === undefined || !Object.hasOwn(stsRows, action) ? undefined : stsRows[action]
  if (operation !== undefined && row === undefined) {
    return refused('NotImplemented', `${action} is not implemented here`)
  }
  const caller = row?.signed === false ? undefined : await request.authenticate()
  const guarded = row?.signed === false ? request.guard() : undefined
  if (guarded?.ok === false) return refused('AccessDenied', guarded.error.message)
  if (caller?.ok === false) return refused(authenticationCode(caller.error), textOf(caller.error))
  if (action === undefined) return refused('MissingAction', 'Missing Action')
  if (operation === undefined || row === undefined) {
    return refused('InvalidAction', `Could not find operation ${action} for version ${VERSION}`)
  }
  const input = operation.readInput(formValue(request.form, operation.input))
  if (!input.ok) return refused(input.error.code, input.error.message)
  const { sourceIp, transport } = request
  const call = { ...services, sourceIp, transport }
  const given = input.value as never
  const outcome = row.signed
    ? row.rule({ ...call, caller: identityOf(caller) }, given)
    : row.rule(call, given)
  if (!outcome.ok) return refused(outcome.error.code, outcome.error.message)
  return xml(
    200,
    requestId,
    `<${action}Response xmlns="${NAMESPACE}">` +
      `<${action}Result>${xmlOf(outcome.value, operation.output)}</${action}Result>` +
      `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>` +
      `</${action}Response>`,
  )
}

function identityOf(caller: Outcome<SignedCaller> | undefined): Identity {
  if (caller?.ok !== true) throw new Error('a signed operation was applied without its caller')
  return caller.value.identity
}

/** STS's own names of authentication failures (identities I34). */
function authenticationCode({ code }: Refusal): StsCode {
  switch (code) {
    case 'UnrecognizedClientException':
      return 'InvalidClientTokenId'
    case 'InvalidSignatureException':
      return 'SignatureDoesNotMatch'
    case 'ExpiredTokenException':
      return 'ExpiredToken'
    case 'IncompleteSignatureException':
      return 'IncompleteSignature'
    case 'MissingAuthenticationTokenException':
      return 'MissingAuthenticationToken'
    case 'AccessDeniedException':
      return 'AccessDenied'
    default:
      return 'InternalFailure'
  }
}

function textOf({ code, message }: Refusal): string {
  return code === 'MissingAuthenticationTokenException'
    ? 'Request is missing Authentication Token'
    : message
}

function failure(code: StsCode, message: string, requestId: string): Answer {
  return xml(
    stsStatuses[code],
    requestId,
    `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type>` +
      `<Code>${code}</Code><Message>${xmlText(message)}</Message></Error>` +
      `<RequestId>${requestId}</RequestId></ErrorResponse>`,
  )
}

function xml(status: number, requestId: string, body: string): Answer {
  return {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body,
  }
}
