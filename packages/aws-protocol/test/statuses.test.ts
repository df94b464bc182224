/** The HTTP status of every exception, service by service. */
import { expect, it } from 'vitest'
import { errorStatus, type AwsService } from '../src/index.ts'

const table: Readonly<Record<string, readonly (readonly [AwsService, number, string])[]>> = {
  'gateway G83': [
    ...[
      'InvalidRequest',
      'Throttling',
      'CertificateValidation',
      'RegistrationCodeValidation',
      'MalformedPolicy',
      'InvalidQuery',
      'IndexNotReady',
      'TaskAlreadyExists',
      'ResourceRegistrationFailure',
      'SqlParse',
      'Validation',
    ].map((name) => ['iot', 400, name] as const),
    ['iot', 401, 'Unauthorized'],
    ['iot', 402, 'ServiceQuotaExceeded'],
    ['iot', 404, 'ResourceNotFound'],
    ['iot', 404, 'NotConfigured'],
    ['iot', 406, 'CertificateState'],
    ...[
      'ResourceAlreadyExists',
      'VersionConflict',
      'DeleteConflict',
      'CertificateConflict',
      'TransferConflict',
      'Conflict',
      'ConflictingResourceUpdate',
      'InvalidStateTransition',
      'VersionsLimitExceeded',
    ].map((name) => ['iot', 409, name] as const),
    ['iot', 410, 'LimitExceeded'],
    ['iot', 410, 'TransferAlreadyCompleted'],
    ['iot', 500, 'InternalFailure'],
    ['iot', 503, 'ServiceUnavailable'],
  ],
  'authz C10': [
    ['iot', 400, 'Throttling'],
    ['iot', 401, 'Unauthorized'],
    ['iot', 500, 'InternalFailure'],
    ['iot', 503, 'ServiceUnavailable'],
  ],
  'jobs J49': [
    ['iot-jobs-data', 400, 'InvalidRequest'],
    ['iot-jobs-data', 400, 'CertificateValidation'],
    ['iot-jobs-data', 404, 'ResourceNotFound'],
    ['iot-jobs-data', 409, 'InvalidStateTransition'],
    ['iot-jobs-data', 410, 'TerminalState'],
    ['iot-jobs-data', 429, 'Throttling'],
    ['iot-jobs-data', 503, 'ServiceUnavailable'],
  ],
  'gateway G62': [
    ['iotdata', 400, 'InvalidRequest'],
    ['iotdata', 401, 'Unauthorized'],
    ['iotdata', 403, 'Forbidden'],
    ['iotdata', 404, 'ResourceNotFound'],
    ['iotdata', 405, 'MethodNotAllowed'],
    ['iotdata', 409, 'Conflict'],
    ['iotdata', 413, 'RequestEntityTooLarge'],
    ['iotdata', 415, 'UnsupportedDocumentEncoding'],
    ['iotdata', 429, 'Throttling'],
    ['iotdata', 500, 'InternalFailure'],
    ['iotdata', 503, 'ServiceUnavailable'],
    ['iotdata', 504, 'GatewayTimeout'],
  ],
}

it.each(Object.entries(table))('%s: statuses by exception', (_rule, rows) => {
  const statuses = rows.map(([service, , name]) => [name, errorStatus(service, `${name}Exception`)])
  expect(statuses).toEqual(rows.map(([, status, name]) => [name, status]))
})
