/**
 * The reserved topics of the data plane (jobs J1, J2, J7, J8, J43).
 */

/** What a request topic asks for. */
export type JobsRequestTopic =
  | { readonly kind: 'get' }
  | { readonly kind: 'startNext' }
  | { readonly kind: 'describe'; readonly jobId: string; readonly namespaceId?: string }
  | { readonly kind: 'update'; readonly jobId: string; readonly namespaceId?: string }
  | { readonly kind: 'unknown' }

/** A request topic cut into thing and request, with where its reply goes (jobs J3). */
export interface ParsedTopic {
  readonly thingName: string
  readonly request: JobsRequestTopic
  readonly accepted: string
  readonly rejected: string
}

/** Stands for the first pending execution (jobs J2). */
export const NEXT = '$next'

const JOB_ID = /^[a-zA-Z0-9_-]{1,64}$/
const THING_NAME = /^[a-zA-Z0-9:_-]{1,128}$/
const NAMESPACE = /^namespace-([a-zA-Z0-9_-]+)$/
const UNKNOWN = { kind: 'unknown' } as const

/**
 * Reads a topic below `$aws/things/{thingName}/jobs/`.
 *
 * @returns undefined for any other topic; `unknown` when it names no API (jobs J7)
 */
export function parseTopic(topic: string): ParsedTopic | undefined {
  const segments = topic.split('/')
  const [root, things, thingName = '', jobs, ...rest] = segments
  if (root !== '$aws' || things !== 'things' || jobs !== 'jobs') return undefined
  const known = THING_NAME.test(thingName)
  return {
    thingName,
    request: known ? parseRequest(rest) : UNKNOWN,
    accepted: `${topic}/accepted`,
    rejected: `${topic}/rejected`,
  }
}

function parseRequest(segments: readonly string[]): JobsRequestTopic {
  const [first = '', second, third] = segments
  if (segments.length === 1) {
    if (first === 'get') return { kind: 'get' }
    return first === 'start-next' ? { kind: 'startNext' } : UNKNOWN
  }
  const verb = segments.length === 3 ? third : second
  const known = first === NEXT ? verb === 'get' : JOB_ID.test(first)
  if (!known) return UNKNOWN
  const kind = verb === 'get' ? 'describe' : verb === 'update' ? 'update' : undefined
  if (kind === undefined) return UNKNOWN
  if (segments.length === 2) return { kind, jobId: first }
  const namespaceId = NAMESPACE.exec(second ?? '')?.[1]
  if (segments.length !== 3 || namespaceId === undefined) return UNKNOWN
  return { kind, jobId: first, namespaceId }
}

/** Where a thing's list of pending executions is announced (jobs J6, J43). */
export function notifyTopic(thingName: string, namespaceId: string | undefined): string {
  const suffix = namespaceId === undefined ? 'notify' : `notify-namespace-${namespaceId}`
  return `$aws/things/${thingName}/jobs/${suffix}`
}

/** Where a thing's next execution is announced (jobs J6). */
export function notifyNextTopic(thingName: string): string {
  return `$aws/things/${thingName}/jobs/notify-next`
}
