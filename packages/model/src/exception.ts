/**
 * AWS's exceptions by name, each with the HTTP status it answers (gateway G83, G129, jobs J49).
 */

/**
 * The status of every exception that a rule may refuse with: as the models of the services have
 * it, or, where none does, as every AWS front end answers. A service may model another status for
 * the same name (`ThrottlingException` is 400 or 429); its model wins.
 */
export const EXCEPTION_STATUSES = {
  AccessDeniedException: 403,
  CertificateConflictException: 409,
  CertificateStateException: 406,
  CertificateValidationException: 400,
  ConflictException: 409,
  ConflictingResourceUpdateException: 409,
  DeleteConflictException: 409,
  ExpectationFailedException: 417,
  ExpiredTokenException: 403,
  ForbiddenException: 403,
  GatewayTimeoutException: 504,
  IncompleteSignatureException: 403,
  IndexNotReadyException: 400,
  InternalFailure: 500,
  InternalFailureException: 500,
  InternalServerException: 500,
  InvalidAggregationException: 400,
  InvalidQueryException: 400,
  InvalidRequestException: 400,
  InvalidResponseException: 400,
  InvalidSignatureException: 403,
  InvalidStateTransitionException: 409,
  LimitExceededException: 410,
  MalformedPolicyException: 400,
  MethodNotAllowedException: 405,
  MissingAuthenticationTokenException: 403,
  NotConfiguredException: 404,
  NotFoundException: 404,
  NotImplementedException: 501,
  RegistrationCodeValidationException: 400,
  RequestEntityTooLargeException: 413,
  RequestHeaderFieldsTooLargeException: 431,
  RequestTimeoutException: 408,
  ResourceAlreadyExistsException: 409,
  ResourceNotFoundException: 404,
  ResourceRegistrationFailureException: 400,
  SerializationException: 400,
  ServiceQuotaExceededException: 402,
  ServiceUnavailableException: 503,
  SqlParseException: 400,
  TaskAlreadyExistsException: 400,
  TerminalStateException: 410,
  ThrottlingException: 400,
  TransferAlreadyCompletedException: 410,
  TransferConflictException: 409,
  UnauthorizedException: 401,
  UnknownOperationException: 404,
  UnrecognizedClientException: 403,
  UnsupportedDocumentEncodingException: 415,
  ValidationException: 400,
  VersionConflictException: 409,
  VersionsLimitExceededException: 409,
} as const

/** The name of an AWS exception; one without a status does not exist. */
export type ExceptionName = keyof typeof EXCEPTION_STATUSES
