/**
 * From a routed and authenticated request to its answer: read and check the input, authorize,
 * apply, wait for the commit, write the output. The same path for every listener.
 *
 * Input is checked before authorization, because the resources to authorize are named in it; both
 * come before any look at what exists (gateway G129).
 */
import {
  errorAnswer,
  type Answer,
  type AwsProtocol,
  type InputSource,
  type OperationSchema,
} from '@muster/aws-protocol'
import type { Clock } from '@muster/clock'
import { refuse, type Refusal } from '@muster/model'
import type { Logger } from '../log.ts'
import type { Turn } from '../turn.ts'
import type { Caller, OperationTable } from './operation.ts'

/** One request to apply. */
export interface OperationRequest {
  readonly operation: OperationSchema
  readonly source: InputSource
  readonly caller: Caller
  readonly sourceIp: string
  readonly isGone: () => boolean
  readonly requestId: string
  /** The caller's authority over this input; undefined when allowed. */
  readonly authorize: (input: Readonly<Record<string, unknown>>) => Refusal | undefined
}

/** Told of every answer, for metrics. */
export interface AnsweredOperation {
  readonly service: string
  readonly operation: string
  readonly status: number
  readonly durationMs: number
}

/** What the dispatcher needs from the server. */
export interface DispatchPorts {
  readonly protocol: AwsProtocol
  readonly table: OperationTable
  readonly turn: Turn
  readonly clock: Clock
  readonly log: Logger
  /** Rate quotas (gateway G123): true when this call is over its rate. Off when absent. */
  readonly throttled?: (service: string, operation: string, input: object) => boolean
  readonly answered?: (operation: AnsweredOperation) => void
}

/** Applies operations. */
export type Dispatch = (request: OperationRequest) => Promise<Answer>

/** Makes the server's dispatcher. Its answers come only after their writes are committed. */
export function createDispatch(ports: DispatchPorts): Dispatch {
  return async (request) => {
    const startMs = performance.now()
    const answer = await apply(ports, request)
    ports.answered?.({
      service: request.operation.service,
      operation: request.operation.name,
      status: answer.status,
      durationMs: performance.now() - startMs,
    })
    return answer
  }
}

async function apply(ports: DispatchPorts, request: OperationRequest): Promise<Answer> {
  const { operation, requestId, caller, isGone, sourceIp } = request
  const { service, name } = operation
  const refused = (refusal: Refusal): Answer => errorAnswer(service, refusal, requestId)
  const handler = ports.table[service][name]
  if (handler === undefined) {
    return refused(refuse('NotImplementedException', `${name} is not implemented here`).error)
  }
  try {
    const codec = ports.protocol.codec(operation)
    const input = codec.readInput(request.source)
    if (!input.ok) return refused(input.error)
    const denied = request.authorize(input.value)
    if (denied !== undefined) return refused(denied)
    if (ports.throttled?.(service, name, input.value) === true) {
      return refused(refuse('ThrottlingException', `Rate exceeded for ${name}`).error)
    }
    const nowMs = ports.clock.nowMs()
    const call = { service, operation: name, input: input.value, caller, nowMs, sourceIp, isGone }
    const outcome = await handler(call)
    await ports.turn.committed()
    return outcome.ok ? codec.writeOutput(outcome.value, requestId) : refused(outcome.error)
  } catch (cause) {
    ports.log.error({ err: cause, service, operation: name, requestId }, 'operation failed')
    return refused(internalFailure)
  }
}

/** What a bug or a failed commit looks like from outside; the log has the rest. */
export const internalFailure: Refusal = {
  code: 'InternalFailureException',
  message: 'The server failed to process the request; its log has the cause',
}
