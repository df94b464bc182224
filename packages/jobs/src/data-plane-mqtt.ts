/**
 * The data plane over MQTT: one reply for every request (jobs J2, J9 to J13, J28, J35).
 */
import { accept, refuse } from '@muster/model'
import {
  describeExecution,
  getPending,
  startNext,
  updateExecution,
  type ShownExecution,
} from './data-plane.ts'
import type { RawFields } from './data-plane-fields.ts'
import type { DataPlaneOutcome } from './data-plane-outcome.ts'
import { deliveredDocument } from './document.ts'
import {
  escapedBeyondBasic,
  escapedJson,
  executionObject,
  executionState,
  replyPayload,
  summaries,
} from './messages.ts'
import type { JobsContext, JobsMessage } from './ports.ts'
import { NEXT, type ParsedTopic } from './topics.ts'

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Requests by the operation that they are over HTTPS: quotas count both together (jobs J113). */
const OPERATIONS = {
  get: 'GetPendingJobExecutions',
  startNext: 'StartNextPendingJobExecution',
  describe: 'DescribeJobExecution',
  update: 'UpdateJobExecution',
} as const

/** Members of the reply without braces. */
type Answer = DataPlaneOutcome<string>

/** What a request was rejected for, besides the reply. */
export interface RejectedJobsRequest {
  readonly code: string
  readonly message: string
  readonly thingName: string
  /** As over HTTPS: `UpdateJobExecution`; undefined for a topic that names no API. */
  readonly operation: string | undefined
}

/** The one reply of a request, only for the connection that asked (jobs J3). */
export interface MqttReply {
  readonly reply: JobsMessage
  /** Present where it was rejected. */
  readonly rejected?: RejectedJobsRequest
}

/**
 * Answers a publish below `$aws/things/+/jobs/` with the one reply it gets.
 *
 * @param payload - the raw bytes
 */
export function answerMqtt(
  ctx: JobsContext,
  topic: ParsedTopic,
  payload: Uint8Array,
  nowMs: number,
): MqttReply {
  const fields = isEmptyObject(payload) ? {} : parseFields(payload)
  const token = fields?.['clientToken']
  const clientToken = typeof token === 'string' ? token : undefined
  const answer = decide(ctx, topic, fields, nowMs)
  tellRequest(ctx, topic, answer)
  if (answer.ok) {
    const payloadText = replyPayload(answer.value, clientToken, nowMs)
    return { reply: { topic: topic.accepted, payload: payloadText } }
  }
  const { code, message, members } = answer.error
  const rejection = escapedJson({ ...members, code, message }).slice(1, -1)
  const { thingName, request } = topic
  const operation = request.kind === 'unknown' ? undefined : OPERATIONS[request.kind]
  return {
    reply: { topic: topic.rejected, payload: replyPayload(rejection, clientToken, nowMs) },
    rejected: { code, message, thingName, operation },
  }
}

function tellRequest(ctx: JobsContext, { thingName, request }: ParsedTopic, answer: Answer): void {
  if (ctx.witness === undefined || request.kind === 'unknown') return
  const named = 'jobId' in request && request.jobId !== NEXT ? request.jobId : undefined
  ctx.witness({
    kind: 'request',
    thingName,
    operation: OPERATIONS[request.kind],
    protocol: 'mqtt',
    jobId: named,
    code: answer.ok ? undefined : answer.error.code,
  })
}

/** Nothing, which means `{}` (jobs J9), or `{}` itself: what most `get` requests carry. */
function isEmptyObject(payload: Uint8Array): boolean {
  const length = payload.byteLength
  return length === 0 || (length === 2 && payload[0] === 0x7b && payload[1] === 0x7d)
}

/** A JSON object, or undefined (jobs J10). */
function parseFields(payload: Uint8Array): RawFields | undefined {
  try {
    const value: unknown = JSON.parse(UTF8.decode(payload))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as RawFields) : undefined
  } catch {
    return undefined
  }
}

/** jobs J34: topic, then JSON, then fields, then the rest. */
function decide(
  ctx: JobsContext,
  { thingName, request }: ParsedTopic,
  fields: RawFields | undefined,
  nowMs: number,
): Answer {
  if (request.kind === 'unknown') return refuse('InvalidTopic', 'the topic names no Jobs API')
  if (fields === undefined) return refuse('InvalidJson', 'the payload is not a JSON object')
  const token = fields['clientToken']
  if (token !== undefined && token !== null && typeof token !== 'string') {
    return refuse('InvalidRequest', 'clientToken must be a string')
  }
  const operation = OPERATIONS[request.kind]
  if (ctx.throttled?.(operation) === true) {
    return refuse('RequestThrottled', `the rate of ${operation} is exceeded`)
  }
  switch (request.kind) {
    case 'get': {
      const outcome = getPending(ctx, thingName)
      if (!outcome.ok) return outcome
      const running = outcome.value.filter((execution) => execution.status === 'IN_PROGRESS')
      const queued = outcome.value.filter((execution) => execution.status === 'QUEUED')
      const members = `"inProgressJobs":${summaries(running)},"queuedJobs":${summaries(queued)}`
      return accept(members)
    }
    case 'startNext': {
      const outcome = startNext(ctx, thingName, fields, nowMs)
      return outcome.ok ? shown(ctx, outcome.value, nowMs) : outcome
    }
    case 'describe': {
      const { jobId, namespaceId } = request
      const outcome = describeExecution(ctx, thingName, jobId, namespaceId, fields)
      return outcome.ok ? shown(ctx, outcome.value, nowMs) : outcome
    }
    case 'update': {
      const { jobId, namespaceId } = request
      const outcome = updateExecution(ctx, thingName, jobId, namespaceId, fields, nowMs)
      if (!outcome.ok) return outcome
      const { execution, job, withDocument, withState } = outcome.value
      const members: string[] = []
      if (withState) members.push(`"executionState":${escapedJson(executionState(execution))}`)
      if (withDocument) {
        const document = deliveredDocument(ctx, job.config, execution, nowMs)
        members.push(`"jobDocument":${escapedBeyondBasic(document)}`)
      }
      return accept(members.join(','))
    }
  }
}

function shown(ctx: JobsContext, found: ShownExecution | undefined, nowMs: number): Answer {
  if (found === undefined) return accept('')
  const document = found.withDocument
    ? deliveredDocument(ctx, found.job.config, found.execution, nowMs)
    : undefined
  return accept(`"execution":${executionObject(found.execution, document, nowMs)}`)
}
