/** The jobs data plane as the scripts speak it: paths, topics, and what answers mean. */

/** An execution as far as a load test reads it. */
export interface PendingExecution {
  readonly jobId: string
  readonly versionNumber: number
}

/** Path of a thing's jobs over HTTPS; job IDs and `$next` are appended encoded. */
export function jobsPath(thingName: string, jobId?: string): string {
  const path = `/things/${encodeURIComponent(thingName)}/jobs`
  return jobId === undefined ? path : `${path}/${encodeURIComponent(jobId)}`
}

/** Topic of a request over MQTT: `jobsTopic('d1', 'start-next')`. */
export function jobsTopic(thingName: string, request: string): string {
  return `$aws/things/${thingName}/jobs/${request}`
}

/** The execution in an answer to DescribeJobExecution, StartNext or notify-next; none when empty. */
export function executionIn(body: string): PendingExecution | undefined {
  const execution = member(parsed(body), 'execution')
  const jobId = member(execution, 'jobId')
  const versionNumber = member(execution, 'versionNumber')
  return typeof jobId === 'string' && typeof versionNumber === 'number'
    ? { jobId, versionNumber }
    : undefined
}

/** The client token that a reply repeats. */
export function clientTokenIn(body: string): string | undefined {
  const token = member(parsed(body), 'clientToken')
  return typeof token === 'string' ? token : undefined
}

/** Whether a rejected request was one too many. */
export function isThrottle(body: string): boolean {
  return member(parsed(body), 'code') === 'RequestThrottled'
}

/** A member of a JSON object that is a number. */
export function numberIn(body: string, name: string): number | undefined {
  const value = member(parsed(body), name)
  return typeof value === 'number' ? value : undefined
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
