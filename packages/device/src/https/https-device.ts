import { SystemClock, type CancelAlarm, type Clock, type Random } from '@muster/clock'
import { agentOptions } from '../agent-options.ts'
import type { Device, DeviceObserver, DeviceOptions } from '../device.ts'
import { holdProcess } from '../hold-process.ts'
import type { JobExecution } from '../jobs/job-messages.ts'
import { JobsAgent } from '../jobs/jobs-agent.ts'
import type { JobsTransport } from '../jobs/jobs-transport.ts'
import type { LinkDown } from '../mqtt/link-watch.ts'
import { HttpsJobs } from './https-jobs.ts'

/** A device over HTTPS: nobody tells it of jobs, so it polls. */
export class HttpsDevice implements Device {
  readonly thingName: string
  /** Streams are MQTT's. */
  readonly streams = undefined
  readonly #release = holdProcess()
  readonly #jobs: HttpsJobs
  readonly #agent: JobsAgent
  readonly #wallClock: Clock
  readonly #random: Random
  readonly #pollIntervalMs: number
  readonly #observer: DeviceObserver
  #connected = false
  #cancelPoll: CancelAlarm = () => {}

  constructor(options: DeviceOptions) {
    const { thingName, wrapTransport = (it) => it } = options
    this.thingName = thingName
    this.#wallClock = options.wallClock ?? new SystemClock()
    this.#random = options.random ?? Math.random
    this.#pollIntervalMs = options.pollIntervalMs ?? 30_000
    this.#observer = options.observer ?? {}
    const { requestTimeoutMs } = options
    this.#jobs = new HttpsJobs({
      ...options,
      ...(requestTimeoutMs === undefined ? {} : { timeoutMs: requestTimeoutMs }),
    })
    this.#agent = new JobsAgent(
      wrapTransport(this.#watched()),
      agentOptions(options, this.#wallClock, this.#random),
    )
    this.#agent.up()
    this.#schedulePoll()
  }

  get isConnected(): boolean {
    return this.#connected
  }

  get currentJob(): JobExecution | undefined {
    return this.#agent.current
  }

  async publish(topic: string, payload: string | Buffer, qos: 0 | 1 = 1): Promise<void> {
    await this.#jobs.publish(topic, payload, qos)
  }

  async stop(): Promise<void> {
    this.#end()
    await this.#jobs.close()
  }

  async crash(): Promise<void> {
    this.#end()
    await this.#jobs.destroy()
  }

  drop(): void {
    this.#heard({ ok: false, error: { code: 'Disconnected', message: 'dropped' } })
  }

  #end(): void {
    this.#release()
    this.#cancelPoll()
    this.#agent.stop()
  }

  #schedulePoll(): void {
    const waitMs = this.#pollIntervalMs * (1 - 0.5 * this.#random())
    this.#cancelPoll = this.#wallClock.setAlarm(this.#wallClock.nowMs() + waitMs, () => {
      this.#agent.poll()
      this.#schedulePoll()
    })
  }

  /** Every answer, a refusal too, shows that the server is there. */
  #watched(): JobsTransport {
    const watch = async <T>(request: Promise<T>): Promise<T> => {
      const reply = await request
      this.#heard(reply as { ok: boolean; error?: { code: string; message: string } })
      return reply
    }
    return {
      startNext: (request) => watch(this.#jobs.startNext(request)),
      describe: (jobId, request) => watch(this.#jobs.describe(jobId, request)),
      pending: () => watch(this.#jobs.pending()),
      update: async (jobId, request) => {
        const reply = await watch(this.#jobs.update(jobId, request))
        if (reply.ok && request.status !== 'IN_PROGRESS') this.#agent.poll()
        return reply
      },
    }
  }

  #heard(reply: { ok: boolean; error?: { code: string; message: string } }): void {
    const { code = '', message: detail = '' } = reply.error ?? {}
    if (code === 'Disconnected' || code === 'Timeout' || code === 'Denied') {
      this.#connected = false
      this.#observer.disconnected?.({ kind: downKind(code, detail), detail })
    } else if (!this.#connected) {
      this.#connected = true
      this.#observer.connected?.()
    }
  }
}

function downKind(code: string, detail: string): LinkDown['kind'] {
  if (code === 'Denied') return 'denied'
  if (code === 'Timeout') return 'timeout'
  return detail.startsWith('connect ') ? 'unreachable' : 'closed'
}
