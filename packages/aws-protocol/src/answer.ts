/**
 * Answers in AWS's REST-JSON form: outputs by the SDK's schema, errors with the header and body
 * that every SDK reads (gateway G128).
 */
import { EXCEPTION_STATUSES, type ExceptionName, type Refusal } from '@muster/model'
import type { ConstraintOf } from './model-text.ts'
import { jsonWriter } from './output-json.ts'
import { errorStatusesOf, type OperationSchema } from './sdk-schemas.ts'
import type { AwsService } from './service.ts'

/** One HTTP response, headers by lower-case name. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** Writes the output of one operation. */
export type OutputWriter = (output: object, requestId: string) => Answer

/**
 * Compiles the output side of an operation.
 *
 * @param constraintOf - says which members are doubles
 */
export function compileOutput(
  operation: OperationSchema,
  constraintOf: ConstraintOf,
): OutputWriter {
  const { output: schema, status, service } = operation
  const payload = payloadMember(operation)
  const write = jsonWriter(schema, {}, constraintOf)
  return (output, requestId) => {
    const members = service === 'iotdata' ? withTraceId(output, requestId) : output
    if (payload !== undefined) {
      const bytes = (members as Readonly<Record<string, unknown>>)[payload]
      return answer(status, requestId, bytes instanceof Uint8Array ? bytes : '')
    }
    if (!schema.isStructSchema()) {
      // Operations without modelled output; Publish answers with a message nonetheless (G59).
      const empty = Object.keys(members).length === 0
      return answer(status, requestId, empty ? '' : JSON.stringify(members))
    }
    return answer(status, requestId, write(members))
  }
}

function payloadMember({ output }: OperationSchema): string | undefined {
  if (!output.isStructSchema()) return undefined
  for (const [name, member] of output.structIterator()) {
    if (member.getMergedTraits().httpPayload) return name
  }
  return undefined
}

/** A data-plane body that carries a message carries the request's id too (gateway G59). */
function withTraceId(output: object, requestId: string): object {
  return 'message' in output ? { ...output, traceId: requestId } : output
}

function answer(status: number, requestId: string, body: string | Uint8Array): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
    body,
  }
}

const modelled = new Map<AwsService, ReadonlyMap<string, number>>()

function modelledStatuses(service: AwsService): ReadonlyMap<string, number> {
  let statuses = modelled.get(service)
  if (statuses === undefined) {
    statuses = errorStatusesOf(service)
    modelled.set(service, statuses)
  }
  return statuses
}

/** HTTP status of an exception: as the service models it, else as AWS has it elsewhere (G129). */
export function errorStatus(service: AwsService | undefined, code: ExceptionName): number {
  const status = service === undefined ? undefined : modelledStatuses(service).get(code)
  return status ?? EXCEPTION_STATUSES[code]
}

/**
 * An error answer (gateway G128): `x-amzn-errortype`, `x-amzn-requestid` and a JSON body with
 * `message` and the exception's further members; data-plane bodies add `traceId`.
 */
export function errorAnswer(
  service: AwsService | undefined,
  refusal: Refusal,
  requestId: string,
): Answer {
  const trace = service === 'iotdata' ? { traceId: requestId } : {}
  const body = { message: refusal.message, ...refusal.members, ...trace }
  return {
    status: errorStatus(service, refusal.code),
    headers: {
      'content-type': 'application/json',
      'x-amzn-errortype': refusal.code,
      'x-amzn-requestid': requestId,
    },
    body: JSON.stringify(body, dateAsSeconds),
  }
}

function dateAsSeconds(this: unknown, key: string, value: unknown): unknown {
  const holder = this as Readonly<Record<string, unknown>>
  const original = holder[key]
  return original instanceof Date ? original.getTime() / 1000 : value
}
