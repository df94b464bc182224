/**
 * The Jobs requests over MQTT (jobs 1). Replies come to the requester whether subscribed or not
 * (jobs J3, J4), so the only subscription is `notify-next`.
 */
import type { CancelAlarm, Clock } from '@muster/clock'
import { accept, refuse } from '@muster/model'
import type {
  DescribeRequest,
  JobExecution,
  PendingJobs,
  StartNextRequest,
  UpdateReply,
  UpdateRequest,
} from '../jobs/job-messages.ts'
import type { JobsTransport, Reply } from '../jobs/jobs-transport.ts'

/** What the requests travel on. */
export interface JobsWire {
  publish(topic: string, payload: string): Promise<void>
}

interface Waiting {
  readonly resolve: (reply: Reply<Record<string, unknown>>) => void
  readonly cancel: CancelAlarm
}

/** Jobs requests of one thing, matched to their replies by `clientToken` (jobs J13). */
export class MqttJobs implements JobsTransport {
  /** Topic of the news about the next execution (jobs J40). */
  readonly notifyNextTopic: string
  readonly #base: string
  readonly #wire: JobsWire
  readonly #wallClock: Clock
  readonly #timeoutMs: number
  readonly #waiting = new Map<string, Waiting>()
  #sent = 0

  /** @param timeoutMs - how long a reply may take, wall milliseconds */
  constructor(thingName: string, wire: JobsWire, wallClock: Clock, timeoutMs = 10_000) {
    this.#base = `$aws/things/${thingName}/jobs/`
    this.notifyNextTopic = `${this.#base}notify-next`
    this.#wire = wire
    this.#wallClock = wallClock
    this.#timeoutMs = timeoutMs
  }

  async startNext(request: StartNextRequest): Promise<Reply<JobExecution | undefined>> {
    return execution(await this.#request('start-next', { ...request }))
  }

  async describe(
    jobId: string,
    request: DescribeRequest,
  ): Promise<Reply<JobExecution | undefined>> {
    return execution(await this.#request(`${jobId}/get`, { ...request }))
  }

  async pending(): Promise<Reply<PendingJobs>> {
    return (await this.#request('get', {})) as Reply<unknown> as Reply<PendingJobs>
  }

  async update(jobId: string, request: UpdateRequest): Promise<Reply<UpdateReply>> {
    return await this.#request(`${jobId}/update`, { ...request })
  }

  /** Whether a topic is of this thing's jobs. */
  owns(topic: string): boolean {
    return topic.startsWith(this.#base)
  }

  /**
   * Takes a message of the connection.
   *
   * @returns the payload when it is a `notify-next`, else undefined
   */
  receive(topic: string, payload: Buffer): { execution?: JobExecution } | undefined {
    if (!this.owns(topic)) return undefined
    const body = parseObject(payload)
    if (topic === this.notifyNextTopic) return body
    const waiting = this.#waiting.get(String(body?.['clientToken']))
    if (body === undefined || waiting === undefined) return undefined
    if (topic.endsWith('/accepted')) waiting.resolve(accept(body))
    else if (topic.endsWith('/rejected')) waiting.resolve(rejection(body))
    return undefined
  }

  /** The connection is gone, and with it the replies. */
  disconnected(): void {
    for (const waiting of this.#waiting.values()) {
      waiting.resolve(refuse('Disconnected', 'connection ended before the reply'))
    }
  }

  #request(
    operation: string,
    request: Record<string, unknown>,
  ): Promise<Reply<Record<string, unknown>>> {
    const clientToken = (++this.#sent).toString(36)
    return new Promise((resolve) => {
      const end = (reply: Reply<Record<string, unknown>>): void => {
        this.#waiting.get(clientToken)?.cancel()
        this.#waiting.delete(clientToken)
        resolve(reply)
      }
      const cancel = this.#wallClock.setAlarm(this.#wallClock.nowMs() + this.#timeoutMs, () =>
        end(refuse('Timeout', `no reply to \`${operation}\` in ${this.#timeoutMs} ms`)),
      )
      this.#waiting.set(clientToken, { resolve: end, cancel })
      const body = JSON.stringify({ ...request, clientToken })
      this.#wire.publish(this.#base + operation, body).catch((cause: unknown) => {
        const code = (cause as { code?: unknown }).code
        end(code === 135 ? refuse('Denied', `publish to \`${operation}\``) : lost(cause))
      })
    })
  }
}

function lost(cause: unknown): Reply<never> {
  return refuse('Disconnected', cause instanceof Error ? cause.message : String(cause))
}

function execution(reply: Reply<Record<string, unknown>>): Reply<JobExecution | undefined> {
  return reply.ok ? accept(reply.value['execution'] as JobExecution | undefined) : reply
}

function rejection(body: Record<string, unknown>): Reply<never> {
  const { executionState } = body
  return refuse(
    String(body['code']),
    String(body['message']),
    executionState === undefined ? undefined : { executionState },
  )
}

function parseObject(payload: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(payload.toString())
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
