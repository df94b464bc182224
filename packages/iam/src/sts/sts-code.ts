/** STS's own error codes: the model's short names (identities I33 to I35). */
import type { Outcome, Refusal } from '@muster/model'

/** Codes with their HTTP statuses. */
export const stsStatuses = {
  AccessDenied: 403,
  ExpiredToken: 403,
  ExpiredTokenException: 400,
  IDPRejectedClaim: 403,
  IncompleteSignature: 400,
  InternalFailure: 500,
  InvalidAction: 400,
  InvalidClientTokenId: 403,
  InvalidIdentityToken: 400,
  InvalidParameterValue: 400,
  MalformedPolicyDocument: 400,
  MalformedQueryString: 400,
  MissingAction: 400,
  MissingAuthenticationToken: 403,
  NotImplemented: 501,
  PackedPolicyTooLarge: 400,
  SignatureDoesNotMatch: 403,
  Throttling: 400,
  ValidationError: 400,
} as const

/** A code of STS. */
export type StsCode = keyof typeof stsStatuses

/** What an STS operation answers. */
export type StsOutcome<T> = Outcome<T, StsCode>

/** A refusal of STS. */
export type StsRefusal = Refusal<StsCode>
