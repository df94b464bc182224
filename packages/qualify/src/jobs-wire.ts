/** Topics, paths and codes of the Jobs data plane (jobs 1, 2), read into the words of the trace. */
import type { Body, JobsRequest } from './wire-event.ts'

/** A topic of the Jobs protocol. */
export type JobsTopic =
  | { readonly kind: 'request'; readonly thingName: string; readonly asked: Asked }
  | {
      readonly kind: 'answer'
      readonly thingName: string
      readonly asked: Asked
      readonly accepted: boolean
    }
  | {
      readonly kind: 'notice'
      readonly thingName: string
      readonly topic: 'notify' | 'notify-next'
    }

/** Which request it is, and of which job. */
export interface Asked {
  readonly request: JobsRequest
  readonly jobId?: string
}

/** @returns undefined for what is no topic of Jobs */
export function readJobsTopic(topic: string): JobsTopic | undefined {
  const [, thingName = '', rest = ''] = /^\$aws\/things\/([^/]+)\/jobs\/(.+)$/.exec(topic) ?? []
  if (rest === 'notify' || rest === 'notify-next') return { kind: 'notice', thingName, topic: rest }
  const [, path = '', outcome] = /^(.+?)(?:\/(accepted|rejected))?$/.exec(rest) ?? []
  const asked = askedOf(path)
  if (asked === undefined) return undefined
  if (outcome === undefined) return { kind: 'request', thingName, asked }
  return { kind: 'answer', thingName, asked, accepted: outcome === 'accepted' }
}

function askedOf(path: string): Asked | undefined {
  if (path === 'get' || path === 'start-next') return { request: path }
  const [, jobId = '', operation] = /^([^/]+)\/(get|update)$/.exec(path) ?? []
  if (operation === undefined) return undefined
  return { request: operation === 'get' ? 'describe' : 'update', jobId }
}

/** The topic that a refusal of a request is sent to. */
export function rejectedTopic(thingName: string, { jobId, request }: Asked): string {
  const path = jobId === undefined ? request : `${jobId}/${request === 'update' ? 'update' : 'get'}`
  return `$aws/things/${thingName}/jobs/${path}/rejected`
}

/**
 * A request of the HTTPS data plane.
 *
 * @param target - path and query
 */
export function readJobsPath(
  method: string,
  target: string,
): { readonly thingName: string; readonly asked: Asked } | undefined {
  const [path = ''] = target.split('?')
  const [, thing = '', job] = /^\/things\/([^/]+)\/jobs(?:\/([^/]+))?$/.exec(path) ?? []
  if (thing === '') return undefined
  const thingName = decodeURIComponent(thing)
  if (job === undefined)
    return method === 'GET' ? { thingName, asked: { request: 'get' } } : undefined
  const jobId = decodeURIComponent(job)
  if (method === 'GET') return { thingName, asked: { request: 'describe', jobId } }
  if (method === 'POST') return { thingName, asked: { request: 'update', jobId } }
  return method === 'PUT' && jobId === '$next'
    ? { thingName, asked: { request: 'start-next' } }
    : undefined
}

/** A refusal as both protocols have it. */
export interface RefusalForm {
  /** HTTPS status. */
  readonly status: number
  /** HTTPS exception. */
  readonly exception: string
}

/** Codes that a case may refuse with. */
export type RefusalCode =
  | 'InvalidStateTransition'
  | 'ResourceNotFound'
  | 'TerminalStateReached'
  | 'RequestThrottled'
  | 'InternalError'
  | 'InvalidRequest'

/** MQTT code to HTTPS exception (jobs J35, J49). */
export const REFUSAL_FORMS: Readonly<Record<RefusalCode, RefusalForm>> = {
  InvalidStateTransition: { status: 409, exception: 'InvalidStateTransitionException' },
  ResourceNotFound: { status: 404, exception: 'ResourceNotFoundException' },
  TerminalStateReached: { status: 410, exception: 'TerminalStateException' },
  RequestThrottled: { status: 429, exception: 'ThrottlingException' },
  InternalError: { status: 503, exception: 'ServiceUnavailableException' },
  InvalidRequest: { status: 400, exception: 'InvalidRequestException' },
}

/** The MQTT code of an HTTPS exception: `ThrottlingException:http…` is `RequestThrottled`. */
export function codeOfException(exception: string): string {
  const [name = ''] = exception.split(':')
  const found = Object.entries(REFUSAL_FORMS).find(([, form]) => form.exception === name)
  return found === undefined ? name : found[0]
}

/** A JSON object; empty for everything else. */
export function readBody(text: string): Body {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Body)
      : {}
  } catch {
    return {}
  }
}
