/**
 * Requests of AWS's APIs that come over MQTT, as metrics know those that come over HTTP.
 */

/** Told of an answer. */
export type AnsweredOverMqtt = (operation: string, status: number, durationMs: number) => void

/** Status of the same refusal over HTTPS (jobs J35, J51). */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  InvalidStateTransition: 409,
  VersionMismatch: 409,
  ResourceNotFound: 404,
  TerminalStateReached: 410,
  RequestThrottled: 429,
  Throttled: 429,
  InternalError: 500,
  InternalFailure: 500,
}

/** The status of a reply: 200, or what its code would be over HTTPS; 400 for codes of bad requests. */
export function mqttStatus(reply: { readonly topic: string; readonly payload: string }): number {
  if (!reply.topic.endsWith('/rejected')) return 200
  const [, code = ''] = /"(?:code|errorCode)":"(\w+)"/.exec(reply.payload) ?? []
  return STATUS_BY_CODE[code] ?? 400
}

const JOBS_TOPIC = /^\$aws\/things\/[^/]+\/jobs\/(?:(get|start-next)|[^/]+\/(get|update))$/

/** The operation that a device asks for by publishing below its jobs topics. */
export function jobsOperation(topic: string): string | undefined {
  const [, ofThing, ofJob] = JOBS_TOPIC.exec(topic) ?? []
  if (ofThing === 'get') return 'GetPendingJobExecutions'
  if (ofThing === 'start-next') return 'StartNextPendingJobExecution'
  if (ofJob === 'get') return 'DescribeJobExecution'
  return ofJob === 'update' ? 'UpdateJobExecution' : undefined
}
