/**
 * A device: its connection and its Jobs agent.
 */
import type { Duplex } from 'node:stream'
import { SystemClock, type CancelAlarm, type Clock, type Random } from '@muster/clock'
import type { BackOff } from './back-off.ts'
import type { DeviceEndpoint } from './endpoint.ts'
import { holdProcess } from './hold-process.ts'
import { HttpsJobs } from './https/https-jobs.ts'
import type { IdentitySource } from './identity.ts'
import type { JobHandler, JobHandlers } from './jobs/job-handler.ts'
import type { JobExecution } from './jobs/job-messages.ts'
import { JobsAgent, type JobsAgentObserver, type JobsAgentOptions } from './jobs/jobs-agent.ts'
import type { JobsTransport } from './jobs/jobs-transport.ts'
import type { LinkDown } from './mqtt/link-watch.ts'
import { MqttJobs } from './mqtt/mqtt-jobs.ts'
import { MqttLink } from './mqtt/mqtt-link.ts'
import type { TlsOptions } from './tls-socket.ts'

/** What a device tells about itself; every member is optional. */
export interface DeviceObserver extends JobsAgentObserver {
  /** Connected and ready for jobs; over HTTPS: the first request was answered. */
  readonly connected?: () => void
  /** The connection ended or could not be made; the device tries again. */
  readonly disconnected?: (reason: LinkDown) => void
  /** A `notify-next` arrived. */
  readonly notified?: (execution: JobExecution | undefined) => void
}

/** What a device is and how it behaves. */
export interface DeviceOptions extends TlsOptions {
  readonly endpoint: DeviceEndpoint
  readonly identity: IdentitySource
  readonly thingName: string
  /** What runs the jobs, by operation. */
  readonly handlers?: JobHandlers
  /** Serves operations that `handlers` lacks; without it they are REJECTED. */
  readonly fallbackHandler?: JobHandler
  /** Default `mqtt`; `https` polls. */
  readonly protocol?: 'mqtt' | 'https'
  /** MQTT client ID; the thing name when left out, as AWS recommends. */
  readonly clientId?: string
  /** 4 is MQTT 3.1.1 (default), 5 is MQTT 5. */
  readonly protocolVersion?: 4 | 5
  readonly session?: 'clean' | 'persistent'
  readonly sessionExpirySeconds?: number
  readonly keepAliveSeconds?: number
  readonly connectTimeoutMs?: number
  /** How long a Jobs reply may take, milliseconds; default 10 000. */
  readonly requestTimeoutMs?: number
  /** HTTPS: time between polls, wall milliseconds, half of it by chance; default 30 000. */
  readonly pollIntervalMs?: number
  readonly reconnectBackOff?: BackOff
  readonly requestBackOff?: BackOff
  readonly query?: JobsAgentOptions['query']
  readonly expectVersions?: boolean
  readonly stepTimeoutInMinutes?: number
  readonly rearmStepTimer?: boolean
  /** Time for what devices do; defaults to wall time. */
  readonly clock?: Clock
  /** Time for connections and retries; defaults to wall time. */
  readonly wallClock?: Clock
  /** Defaults to `Math.random`. */
  readonly random?: Random
  readonly observer?: DeviceObserver
  /** Puts something between agent and wire: for faults. */
  readonly wrapTransport?: (transport: JobsTransport) => JobsTransport
  /** Opens the socket: for faults. */
  readonly openSocket?: (open: () => Duplex) => Duplex
}

/** A running device. */
export interface Device {
  readonly thingName: string
  /** Whether it could carry a request now. */
  readonly isConnected: boolean
  /** The execution in hand. */
  readonly currentJob: JobExecution | undefined
  /**
   * Publishes a message of its own beside its jobs; over HTTPS with `POST /topics/…`.
   *
   * @throws Error when it is not connected or the server refuses
   */
  publish(topic: string, payload: string | Buffer, qos?: 0 | 1): Promise<void>
  /** Ends in order: DISCONNECT, then the socket. */
  stop(): Promise<void>
  /** Ends like a power cut: nothing is said to the server or to a running handler's job. */
  crash(): Promise<void>
  /** Cuts the connection; the device reconnects after its back-off. */
  drop(): void
}

/** Starts a device and leaves it to connect in its own time. */
export function launchDevice(options: DeviceOptions): Device {
  return options.protocol === 'https' ? new HttpsDevice(options) : new MqttDevice(options)
}

/**
 * Starts a device and waits until it is connected.
 *
 * @param timeoutMs - how long the first connection may take, retries included; default 30 000
 * @throws Error naming the last reason when it did not connect in time; the device is stopped
 */
export async function startDevice(options: DeviceOptions, timeoutMs = 30_000): Promise<Device> {
  const wallClock = options.wallClock ?? new SystemClock()
  let last = 'no attempt ended'
  let cancel: CancelAlarm = () => {}
  let device: Device | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      cancel = wallClock.setAlarm(wallClock.nowMs() + timeoutMs, () =>
        reject(new Error(`\`${options.thingName}\` did not connect in ${timeoutMs} ms: ${last}`)),
      )
      device = launchDevice({
        ...options,
        observer: {
          ...options.observer,
          connected: () => {
            options.observer?.connected?.()
            resolve()
          },
          disconnected: (reason) => {
            last = `${reason.kind}: ${reason.detail}`
            options.observer?.disconnected?.(reason)
          },
        },
      })
    })
  } catch (cause) {
    await device?.crash()
    throw cause
  } finally {
    cancel()
  }
  return device as unknown as Device
}

function agentOptions(options: DeviceOptions, wallClock: Clock, random: Random): JobsAgentOptions {
  const { fallbackHandler, query, expectVersions, stepTimeoutInMinutes, rearmStepTimer } = options
  const { requestBackOff, observer } = options
  return {
    handlers: options.handlers ?? {},
    clock: options.clock ?? wallClock,
    wallClock,
    random,
    ...(fallbackHandler === undefined ? {} : { fallbackHandler }),
    ...(query === undefined ? {} : { query }),
    ...(expectVersions === undefined ? {} : { expectVersions }),
    ...(stepTimeoutInMinutes === undefined ? {} : { stepTimeoutInMinutes }),
    ...(rearmStepTimer === undefined ? {} : { rearmStepTimer }),
    ...(requestBackOff === undefined ? {} : { requestBackOff }),
    ...(observer === undefined ? {} : { observer }),
  }
}

class MqttDevice implements Device {
  readonly thingName: string
  readonly #release = holdProcess()
  readonly #link: MqttLink
  readonly #jobs: MqttJobs
  readonly #agent: JobsAgent
  readonly #observer: DeviceObserver

  constructor(options: DeviceOptions) {
    const { thingName, clientId = thingName, wrapTransport = (it) => it } = options
    const wallClock = options.wallClock ?? new SystemClock()
    const random = options.random ?? Math.random
    this.thingName = thingName
    this.#observer = options.observer ?? {}
    const { reconnectBackOff } = options
    this.#link = new MqttLink(
      {
        ...options,
        clientId,
        wallClock,
        random,
        ...(reconnectBackOff === undefined ? {} : { backOff: reconnectBackOff }),
      },
      {
        up: () => void this.#up(),
        down: (reason) => this.#down(reason),
        message: (topic, payload) => this.#message(topic, payload),
      },
    )
    this.#jobs = new MqttJobs(thingName, this.#link, wallClock, options.requestTimeoutMs)
    this.#agent = new JobsAgent(wrapTransport(this.#jobs), agentOptions(options, wallClock, random))
    this.#link.start()
  }

  get isConnected(): boolean {
    return this.#link.isUp
  }

  get currentJob(): JobExecution | undefined {
    return this.#agent.current
  }

  async publish(topic: string, payload: string | Buffer, qos: 0 | 1 = 1): Promise<void> {
    await this.#link.publish(topic, payload, qos)
  }

  async stop(): Promise<void> {
    this.#release()
    this.#agent.stop()
    await this.#link.stop()
  }

  async crash(): Promise<void> {
    this.#release()
    this.#agent.stop()
    await this.#link.stop(false)
  }

  drop(): void {
    this.#link.drop()
  }

  /** Subscribes first, then asks (jobs J114); a refused subscription is tried again on reconnect. */
  async #up(): Promise<void> {
    try {
      await this.#link.subscribe([this.#jobs.notifyNextTopic])
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause)
      if (!this.#link.isUp) return
      this.#observer.refused?.('subscribe', { code: 'Denied', message })
      this.#link.drop()
      return
    }
    this.#observer.connected?.()
    this.#agent.up()
  }

  #down(reason: LinkDown): void {
    this.#agent.down()
    this.#jobs.disconnected()
    this.#observer.disconnected?.(reason)
  }

  #message(topic: string, payload: Buffer): void {
    const news = this.#jobs.receive(topic, payload)
    if (news === undefined) return
    this.#observer.notified?.(news.execution)
    this.#agent.notifyNext(news.execution)
  }
}

class HttpsDevice implements Device {
  readonly thingName: string
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
