/** Events of the account as AWS IoT publishes them, read from topic and payload. */

/** What the console reacts to. */
export type LiveEvent =
  | { readonly kind: 'job'; readonly jobId: string; readonly operation: string }
  | {
      readonly kind: 'jobExecution'
      readonly jobId: string
      readonly thingName: string
      readonly operation: string
    }
  | {
      readonly kind: 'presence'
      readonly clientId: string
      readonly connected: boolean
      readonly versionNumber: number
      /** Certificate id, or the operator's key; absent where the event does not tell. */
      readonly principalId?: string
      /** AWS's `disconnectReason`. */
      readonly reason?: string
      /** Server's clock, epoch milliseconds. */
      readonly atMs?: number
    }

/** The topic filters that carry them (jobs J108, gateway G115). */
export const liveTopicFilters: readonly string[] = [
  '$aws/events/job/#',
  '$aws/events/jobExecution/#',
  '$aws/events/presence/#',
]

/** @returns the event, or undefined for a topic or payload that is none of these */
export function liveEvent(topic: string, payload: Uint8Array): LiveEvent | undefined {
  const [, , subject, name, suffix] = topic.split('/')
  if (name === undefined || suffix === undefined) return undefined
  if (subject === 'job') return { kind: 'job', jobId: name, operation: suffix }
  const body = json(payload)
  if (body === undefined) return undefined
  if (subject === 'jobExecution') {
    const thingArn: unknown = Reflect.get(body, 'thingArn')
    const thingName = typeof thingArn === 'string' ? (thingArn.split(':thing/')[1] ?? '') : ''
    return { kind: 'jobExecution', jobId: name, thingName, operation: suffix }
  }
  if (subject === 'presence' && (name === 'connected' || name === 'disconnected')) {
    const versionNumber = Number(Reflect.get(body, 'versionNumber') ?? 0)
    const connected = name === 'connected'
    return { kind: 'presence', clientId: suffix, connected, versionNumber, ...aboutPresence(body) }
  }
  return undefined
}

function aboutPresence(body: object): {
  readonly principalId?: string
  readonly reason?: string
  readonly atMs?: number
} {
  const principalId: unknown = Reflect.get(body, 'principalIdentifier')
  const reason: unknown = Reflect.get(body, 'disconnectReason')
  const atMs: unknown = Reflect.get(body, 'timestamp')
  return {
    ...(typeof principalId === 'string' ? { principalId } : {}),
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(typeof atMs === 'number' ? { atMs } : {}),
  }
}

function json(payload: Uint8Array): object | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(payload))
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
