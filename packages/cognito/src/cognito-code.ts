/** Errors of Cognito identity pools (identities I68): every one is status 400 but the last. */
import { refuse, type Outcome, type Refused } from '@muster/model'

/** Exceptions with their HTTP statuses. */
export const cognitoStatuses = {
  AccessDeniedException: 400,
  ConcurrentModificationException: 400,
  DeveloperUserAlreadyRegisteredException: 400,
  ExpiredTokenException: 400,
  ExternalServiceException: 400,
  IncompleteSignatureException: 400,
  InternalErrorException: 500,
  InvalidIdentityPoolConfigurationException: 400,
  InvalidParameterException: 400,
  InvalidSignatureException: 400,
  LimitExceededException: 400,
  MissingAuthenticationTokenException: 400,
  NotAuthorizedException: 400,
  NotImplementedException: 501,
  ResourceConflictException: 400,
  ResourceNotFoundException: 400,
  SerializationException: 400,
  TooManyRequestsException: 400,
  UnknownOperationException: 400,
  UnrecognizedClientException: 400,
} as const

/** A code of Cognito. */
export type CognitoCode = keyof typeof cognitoStatuses

/** What an operation answers. */
export type CognitoOutcome<T> = Outcome<T, CognitoCode>

/** A refusal of Cognito. */
export function refused(code: CognitoCode, message: string): Refused<CognitoCode> {
  return refuse<CognitoCode>(code, message)
}
