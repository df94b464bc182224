import { SystemClock } from '@muster/clock'
import { agentOptions } from '../agent-options.ts'
import type { Device, DeviceMessage, DeviceObserver, DeviceOptions } from '../device.ts'
import { holdProcess } from '../hold-process.ts'
import type { JobExecution } from '../jobs/job-messages.ts'
import { JobsAgent } from '../jobs/jobs-agent.ts'
import type { LinkDown } from './link-watch.ts'
import { MqttJobs } from './mqtt-jobs.ts'
import { MqttLink } from './mqtt-link.ts'
import { MqttStreams } from './mqtt-streams.ts'

/** AWS takes so many filters in one SUBSCRIBE (gateway G41). */
const FILTERS_MAX = 8

/** A device over MQTT: told of its next job, it asks no more than it must. */
export class MqttDevice implements Device {
  readonly thingName: string
  readonly streams: MqttStreams
  readonly #release = holdProcess()
  readonly #link: MqttLink
  readonly #jobs: MqttJobs
  readonly #agent: JobsAgent
  readonly #observer: DeviceObserver
  readonly #subscriptions: readonly string[]

  constructor(options: DeviceOptions) {
    const { thingName, clientId = thingName, wrapTransport = (it) => it } = options
    const wallClock = options.wallClock ?? new SystemClock()
    const random = options.random ?? Math.random
    this.thingName = thingName
    this.#observer = options.observer ?? {}
    this.#subscriptions = options.subscriptions ?? []
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
        message: (topic, payload, userProperties) =>
          this.#message({ topic, payload, userProperties }),
      },
    )
    this.#jobs = new MqttJobs(thingName, this.#link, wallClock, options.requestTimeoutMs)
    this.streams = new MqttStreams(thingName, this.#link, wallClock, options.requestTimeoutMs)
    this.#agent = new JobsAgent(wrapTransport(this.#jobs), agentOptions(options, wallClock, random))
    this.#link.start()
  }

  get isConnected(): boolean {
    return this.#link.isUp
  }

  get currentJob(): JobExecution | undefined {
    return this.#agent.current
  }

  async publish(
    topic: string,
    payload: string | Buffer,
    qos: 0 | 1 = 1,
    userProperties?: Readonly<Record<string, string>>,
  ): Promise<void> {
    await this.#link.publish(topic, payload, qos, userProperties)
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
      for (let at = 0; at < this.#subscriptions.length; at += FILTERS_MAX) {
        await this.#link.subscribe(this.#subscriptions.slice(at, at + FILTERS_MAX))
      }
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
    this.streams.disconnected()
    this.#observer.disconnected?.(reason)
  }

  #message(message: DeviceMessage): void {
    const { topic, payload } = message
    if (this.streams.owns(topic)) {
      this.streams.receive(topic, payload)
      return
    }
    if (!this.#jobs.owns(topic)) {
      this.#observer.message?.(message)
      return
    }
    const news = this.#jobs.receive(topic, payload)
    if (news === undefined) return
    this.#observer.notified?.(news.execution)
    this.#agent.notifyNext(news.execution)
  }
}
