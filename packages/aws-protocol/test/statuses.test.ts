/** The HTTP status of every exception, service by service. */
import { EXCEPTION_STATUSES, type ExceptionName } from '@muster/model'
import { expect, it } from 'vitest'
import { errorStatus, type AwsService } from '../src/index.ts'
import { errorStatusesOf } from '../src/sdk-schemas.ts'

/** A service, a status, and the name of an exception without its ending. */
type Row = readonly [AwsService, number, Stem<ExceptionName>]
type Stem<Name> = Name extends `${infer Start}Exception` ? Start : never

const table: Readonly<Record<string, readonly Row[]>> = {
  'gateway G83': [
    ...rows('iot', 400, [
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
    ]),
    ['iot', 401, 'Unauthorized'],
    ['iot', 402, 'ServiceQuotaExceeded'],
    ['iot', 404, 'ResourceNotFound'],
    ['iot', 404, 'NotConfigured'],
    ['iot', 406, 'CertificateState'],
    ...rows('iot', 409, [
      'ResourceAlreadyExists',
      'VersionConflict',
      'DeleteConflict',
      'CertificateConflict',
      'TransferConflict',
      'Conflict',
      'ConflictingResourceUpdate',
      'InvalidStateTransition',
      'VersionsLimitExceeded',
    ]),
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

it.each(Object.entries(table))('%s: statuses by exception', (_rule, given) => {
  const statuses = given.map(([service, , name]) => [
    name,
    errorStatus(service, `${name}Exception`),
  ])
  expect(statuses).toEqual(given.map(([, status, name]) => [name, status]))
})

function rows(service: AwsService, status: number, names: readonly Row[2][]): readonly Row[] {
  return names.map((name) => [service, status, name])
}

it('gateway G83, G129: an exception has the status that the control plane models for it', () => {
  const modelled = errorStatusesOf('iot')
  const known = Object.entries(EXCEPTION_STATUSES).filter(([name]) => modelled.has(name))
  expect(known.length).toBeGreaterThan(20)
  expect(Object.fromEntries(known)).toEqual(
    Object.fromEntries(known.map(([name]) => [name, modelled.get(name)])),
  )
})
