/**
 * STS as far as tools need it: GetCallerIdentity, which they call first. Query protocol in, XML
 * out.
 */
import type { Answer, SignedRequest } from '@muster/aws-protocol'
import type { Outcome, Refusal } from '@muster/model'
import type { SignedCaller } from '../authentication/signed-caller.ts'

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/'

/**
 * Answers one STS request of an authenticated caller: GetCallerIdentity needs no permission, as
 * on AWS; any other action answers 501 naming itself.
 */
export function answerSts(
  request: SignedRequest,
  query: ReadonlyMap<string, readonly string[]>,
  caller: Outcome<SignedCaller>,
  requestId: string,
): Answer {
  if (!caller.ok) return failure(403, stsCode(caller.error), caller.error.message, requestId)
  const form = new URLSearchParams(Buffer.from(request.body).toString('utf8'))
  const action = form.get('Action') ?? query.get('Action')?.[0]
  if (action === undefined) return failure(400, 'MissingAction', 'Expected an Action', requestId)
  if (action !== 'GetCallerIdentity') {
    return failure(501, 'NotImplemented', `${action} is not implemented here`, requestId)
  }
  const { arn, accountId, userName } = caller.value.key.identity
  return xml(
    200,
    requestId,
    `<GetCallerIdentityResponse xmlns="${namespace}"><GetCallerIdentityResult>` +
      `<Arn>${escaped(arn)}</Arn><UserId>${escaped(userName)}</UserId>` +
      `<Account>${escaped(accountId)}</Account></GetCallerIdentityResult>` +
      `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>` +
      `</GetCallerIdentityResponse>`,
  )
}

/** STS's own names of authentication failures, which tools look for. */
function stsCode({ code }: Refusal): string {
  switch (code) {
    case 'UnrecognizedClientException':
      return 'InvalidClientTokenId'
    case 'InvalidSignatureException':
      return 'SignatureDoesNotMatch'
    case 'ExpiredTokenException':
      return 'ExpiredToken'
    case 'IncompleteSignatureException':
      return 'IncompleteSignature'
    default:
      return code
  }
}

function failure(status: number, code: string, message: string, requestId: string): Answer {
  return xml(
    status,
    requestId,
    `<ErrorResponse xmlns="${namespace}"><Error><Type>Sender</Type>` +
      `<Code>${escaped(code)}</Code><Message>${escaped(message)}</Message></Error>` +
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

function escaped(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
