/**
 * What one device publishes and hears beside its jobs, and what comes of it. Messages are sent at their
 * time, whatever became of those before.
 */
import type { Device, DeviceMessage, LinkDown } from '@muster/device'
import type { Clock } from '@muster/clock'
import type { DevicePlan } from '../scenario/device-plan.ts'
import { takesTopic } from '../scenario/topic-filter.ts'
import { sentAtMs } from './sent-at.ts'
import { filtersOf, type Subscribers } from './subscribers.ts'
import type { Tally } from './tally.ts'
import { TelemetrySource, type OutgoingMessage } from './telemetry-source.ts'

/** MQTT 5: not authorized. */
const NOT_AUTHORIZED = 135

/** What all devices of a process share. */
export interface MessageSurroundings {
  readonly clock: Clock
  readonly wallClock: Clock
  readonly tally: Tally
  readonly subscribers: Subscribers
}

/** What messages need of their device. */
export interface MessagePorts {
  /** The device as it runs now; undefined while it is off. */
  device(): Device | undefined
  /** Told that the server took a message with QoS 1. */
  acknowledged(topic: string): void
}

/** Messages of one device. */
export class DeviceMessages {
  readonly filters: readonly string[]
  readonly #plan: DevicePlan
  readonly #around: MessageSurroundings
  readonly #ports: MessagePorts
  readonly #sources: readonly TelemetrySource[]
  /** Topics of what waits for its acknowledgement. */
  readonly #waiting = new Map<string, number>()
  /** The topic whose publish the server seems to have answered by closing the connection. */
  #deniedTopic: string | undefined
  /** Whether one message is taken for denied, until the next attempt to connect shows it. */
  #isSuspect = false
  #hasEnded = false

  constructor(plan: DevicePlan, around: MessageSurroundings, ports: MessagePorts) {
    this.#plan = plan
    this.#around = around
    this.#ports = ports
    this.filters = filtersOf(plan)
    const { group, seed, thingName } = plan
    this.#sources = (group.telemetry ?? []).map(
      (telemetry, place) =>
        new TelemetrySource(telemetry, {
          thing: thingName,
          group: group.name,
          seed: seed + 2 + place,
          clock: around.clock,
          wallClock: around.wallClock,
          wallMs,
          send: (message) => void this.send(message),
        }),
    )
  }

  start(): void {
    for (const source of this.#sources) source.start()
  }

  stop(): void {
    for (const source of this.#sources) source.stop()
  }

  /** Nothing is sent any more, whoever asks, and no other attempt to connect is waited for. */
  end(): void {
    this.stop()
    this.#hasEnded = true
    this.settle(true)
  }

  /**
   * Sends and counts a message; resolves when it is known what came of it.
   *
   * @returns whether the server took it
   */
  async send({ payload, qos, topic, userProperties }: OutgoingMessage): Promise<boolean> {
    if (this.#hasEnded) return false
    const { messages } = this.#around.tally
    const device = this.#ports.device()
    if (device?.isConnected !== true) {
      messages.notSent++
      return false
    }
    messages.sent++
    if (qos === 1) {
      messages.sentQos1++
      this.#waiting.set(topic, (this.#waiting.get(topic) ?? 0) + 1)
    }
    const sentMs = performance.now()
    try {
      await device.publish(topic, payload, qos, userProperties)
      if (qos === 1) {
        messages.acknowledged++
        this.#ports.acknowledged(topic)
        messages.publishToAck.record(performance.now() - sentMs)
      }
      messages.deliveriesDue += this.#around.subscribers.count(topic)
      return true
    } catch (cause) {
      this.#failed(topic, qos, cause)
      return false
    } finally {
      if (qos === 1) this.#answered(topic)
    }
  }

  /** A message of one of the device's subscriptions. */
  heard(message: DeviceMessage): void {
    const { messages } = this.#around.tally
    messages.delivered++
    const { subscriptions = [] } = this.#plan.group
    const place = this.filters.findIndex((filter) => takesTopic(filter, message.topic))
    const subscription = subscriptions[place]
    if (subscription === undefined) return
    const sentMs = sentAtMs(message, subscription)
    if (sentMs !== undefined) messages.publishToDelivery.record(wallMs() - sentMs)
  }

  /** Comes before the publishes that wait fail. */
  disconnected({ detail, kind }: LinkDown): void {
    const topic = /^closed during publish (.*)$/.exec(detail)?.[1]
    const isOurs = kind === 'denied' && topic !== undefined && this.#waiting.has(topic)
    this.#deniedTopic = isOurs ? topic : undefined
  }

  /** What is known at the next attempt to connect of the message at which the last connection ended. */
  settle(wasDenied: boolean): void {
    if (!this.#isSuspect) return
    this.#isSuspect = false
    if (wasDenied) this.#around.tally.messages.refused++
    else this.#around.tally.messages.lost++
  }

  #failed(topic: string, qos: 0 | 1, cause: unknown): void {
    const { tally } = this.#around
    const { code, statusCode } = cause as { code?: unknown; statusCode?: unknown }
    if (code === NOT_AUTHORIZED || statusCode === 401 || statusCode === 403) {
      tally.messages.refused++
      tally.denied('publish')
    } else if (typeof code === 'number' || typeof statusCode === 'number') {
      tally.messages.refused++
      tally.refusal('publish', String(code ?? statusCode))
    } else if (qos === 1 && topic === this.#deniedTopic) {
      this.#deniedTopic = undefined
      this.#isSuspect = true
      if (this.#hasEnded) this.settle(true)
    } else if (qos === 1) tally.messages.lost++
  }

  #answered(topic: string): void {
    const left = (this.#waiting.get(topic) ?? 1) - 1
    if (left > 0) this.#waiting.set(topic, left)
    else this.#waiting.delete(topic)
  }
}

/** Epoch milliseconds with a fraction, as processes of one machine agree on. */
function wallMs(): number {
  return performance.timeOrigin + performance.now()
}
