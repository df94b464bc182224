/** S3's refusals, in its words. */
import { randomUUID } from 'node:crypto'
import { xmlText, type Answer } from '@muster/aws-protocol'

type S3ErrorCode =
  | 'AccessDenied'
  | 'SignatureDoesNotMatch'
  | 'NoSuchKey'
  | 'NoSuchVersion'
  | 'MethodNotAllowed'
  | 'NoSuchBucket'
  | 'InvalidArgument'
  | 'PreconditionFailed'
  | 'InvalidRange'

const ERRORS: Readonly<Record<S3ErrorCode, readonly [status: number, message: string]>> = {
  AccessDenied: [403, 'Request has expired'],
  SignatureDoesNotMatch: [
    403,
    'The request signature we calculated does not match the signature you provided. ' +
      'Check your key and signing method.',
  ],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchVersion: [404, 'The specified version does not exist.'],
  NoSuchBucket: [404, 'The specified bucket does not exist'],
  InvalidArgument: [400, 'The key cannot be the name of a file'],
  MethodNotAllowed: [405, 'The specified method is not allowed against this resource.'],
  PreconditionFailed: [412, 'At least one of the pre-conditions you specified did not hold'],
  InvalidRange: [416, 'The requested range is not satisfiable'],
}

/** An answer with S3's XML. @param members - further elements, by name */
export function s3Error(
  code: S3ErrorCode,
  members: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const [status, message] = ERRORS[code]
  const requestId = randomUUID()
  const all = { Code: code, Message: message, ...members, RequestId: requestId }
  const elements = Object.entries(all).map(([name, text]) => `<${name}>${xmlText(text)}</${name}>`)
  return {
    status,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId, ...headers },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${elements.join('')}</Error>`,
  }
}
