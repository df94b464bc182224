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
  type AwsService,
  type InputSource,
  type OperationSchema,
} from '@muster/aws-protocol'
import type { Clock } from '@muster/clock'
import { refuse, type Account, type Refusal } from '@muster/model'
import { neededPermissions, type NeededAuthority } from '../authorization/operator-permissions.ts'
import type { Logger } from '../log.ts'
import type { Turn } from '../turn.ts'
import type { Call } from './call.ts'
import { rowOf, type OperationTable } from './operation-row.ts'
import type { OperationServices } from './operation-services.ts'

/** One request to apply. */
export interface OperationRequest extends Call {
  readonly operation: OperationSchema
  readonly source: InputSource
  readonly requestId: string
  /** Whether the caller has the authority that its input needs; undefined when it has. */
  readonly authorize: (needed: NeededAuthority) => Refusal | undefined
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
  readonly account: Account
  readonly operations: OperationTable
  /** What the rules of the operations work on. */
  readonly services: OperationServices
  readonly turn: Turn
  readonly clock: Clock
  readonly log: Logger
  /** Rate quotas (gateway G123): true when this call is over its rate. Off when absent. */
  readonly throttled?: (service: AwsService, operation: string, input: object) => boolean
  readonly answered?: (operation: AnsweredOperation) => void
  /** Told of refusals, but for those of {@link OperationRequest.authorize}. */
  readonly refused?: (request: OperationRequest, refusal: Refusal, input?: object) => void
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
  const { operation, requestId } = request
  const { service, name } = operation
  const failed = (refusal: Refusal): Answer => errorAnswer(service, refusal, requestId)
  const refused = (refusal: Refusal, input?: object): Answer => {
    ports.refused?.(request, refusal, input)
    return failed(refusal)
  }
  const row = rowOf(ports.operations, service, name)
  if (row === undefined) {
    return refused(refuse('NotImplementedException', `${name} is not implemented here`).error)
  }
  try {
    const codec = ports.protocol.codec(operation)
    const input = codec.readInput(request.source)
    if (!input.ok) return refused(input.error)
    const permissions = neededPermissions(ports.account, operation, row, input.value)
    const denied = request.authorize({ permissions, devices: row.devices === true })
    if (denied !== undefined) return failed(denied)
    if (ports.throttled?.(service, name, input.value) === true) {
      const { error } = refuse('ThrottlingException', `Rate exceeded for ${name}`)
      return refused(error, input.value)
    }
    const outcome = await row.rule(ports.services)(input.value, ports.clock.nowMs(), request)
    await ports.turn.committed()
    return outcome.ok
      ? codec.writeOutput(outcome.value, requestId)
      : refused(outcome.error, input.value)
  } catch (cause) {
    ports.log.error({ err: cause, service, operation: name, requestId }, 'operation failed')
    return failed(internalFailure)
  }
}

/** What a bug or a failed commit looks like from outside; the log has the rest. */
export const internalFailure: Refusal = {
  code: 'InternalFailureException',
  message: 'The server failed to process the request; its log has the cause',
}
