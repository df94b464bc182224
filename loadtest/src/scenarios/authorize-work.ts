/**
 * Decisions: publishes, subscriptions, deliveries and jobs calls, at given shares, some of which must
 * be denied.
 */
import { machineMs, type IncomingMessage } from '@muster/fleet'
import { Turns } from '../worker/device-fleet.ts'
import type { HttpsDevice } from '../worker/https-device.ts'
import type { LoadDevice } from '../worker/load-device.ts'
import type { MqttDevice } from '../worker/mqtt-device.ts'
import type { WorkOptions } from '../worker/work.ts'
import { DeviceWork, hasRoom, mayAsk } from './device-work.ts'
import { Mix } from './mix.ts'
import { stampedPayload, stampOf } from './stamped-payload.ts'
import { jobsTopic, topics } from './topics.ts'

/** Shares of what is asked; over HTTPS there are no subscriptions and no deliveries. */
export interface DecisionShares {
  readonly publish: number
  readonly publishDenied: number
  readonly subscribe: number
  readonly subscribeDenied: number
  /** A publish that another device receives. */
  readonly delivery: number
  readonly jobs: number
  readonly jobsDenied: number
  /** Part of the devices that ask for what they are denied: 3.1.1 cuts them each time. */
  readonly deniedDevices: number
}

type Kind = Exclude<keyof DecisionShares, 'deniedDevices'>

/** A day of a fleet whose policies are mostly right. */
export const AUTHORIZE_SHARES: DecisionShares = {
  publish: 0.4,
  publishDenied: 0.05,
  subscribe: 0.1,
  subscribeDenied: 0.05,
  delivery: 0.2,
  jobs: 0.15,
  jobsDenied: 0.05,
  deniedDevices: 0.4,
}

/** A fleet with a wrong policy, beside a few devices whose waits tell what it costs others. */
export const DENIED_FLOOD_SHARES: DecisionShares = {
  publish: 0.05,
  publishDenied: 0.7,
  subscribe: 0,
  subscribeDenied: 0.1,
  delivery: 0,
  jobs: 0.05,
  jobsDenied: 0.1,
  deniedDevices: 0.8,
}

/** What goes on while policies change: every bit of it is allowed. */
export const PUBLISH_SHARES: DecisionShares = {
  publish: 0.7,
  publishDenied: 0,
  subscribe: 0.1,
  subscribeDenied: 0,
  delivery: 0.1,
  jobs: 0.1,
  jobsDenied: 0,
  deniedDevices: 0,
}

/** Devices that ask, and whose answers are held against what they should be. */
export class AuthorizeWork extends DeviceWork {
  readonly #overMqtt: Mix<Kind>
  readonly #overHttps: Mix<Kind>
  readonly #paths: Mix<'mqtt' | 'https'>
  readonly #good: Turns<MqttDevice>
  readonly #bad: Turns<MqttDevice>
  readonly #asking: Turns<HttpsDevice>
  readonly #receivers: readonly MqttDevice[]
  /** What the arrival asks that waits for a device, by path. */
  #waiting: { readonly path: 'mqtt' | 'https'; readonly kind: Kind } | undefined
  #sealed = false
  #to = 0

  constructor(options: WorkOptions, shares: DecisionShares) {
    super(options, ({ thingName }) => [topics.inbox(thingName)])
    const { https, mqtt } = this.fleet
    const kinds: readonly (readonly [Kind, number])[] = [
      ['publish', shares.publish],
      ['publishDenied', shares.publishDenied],
      ['subscribe', shares.subscribe],
      ['subscribeDenied', shares.subscribeDenied],
      ['delivery', shares.delivery],
      ['jobs', shares.jobs],
      ['jobsDenied', shares.jobsDenied],
    ]
    this.#overMqtt = new Mix(kinds)
    this.#overHttps = new Mix(kinds.filter(([kind]) => OVER_HTTPS.has(kind)))
    this.#paths = new Mix([
      ['mqtt', mqtt.length],
      ['https', https.length],
    ])
    // Whoever is alone does both.
    const share = shares.deniedDevices
    const most = Math.max(1, mqtt.length - 1)
    const bad = share === 0 ? 0 : Math.min(most, Math.max(1, Math.round(mqtt.length * share)))
    this.#bad = new Turns(mqtt.slice(0, bad))
    this.#receivers = mqtt.length > bad ? mqtt.slice(bad) : mqtt
    this.#good = new Turns(this.#receivers)
    this.#asking = new Turns(https)
  }

  arrive(intendedMs: number): boolean {
    const path = this.#waiting?.path ?? this.#paths.next()
    const mix = path === 'https' ? this.#overHttps : this.#overMqtt
    const kind = this.#waiting?.kind ?? mix.next()
    const isAsked =
      path === 'https' ? this.#askOverHttps(kind, intendedMs) : this.#askOverMqtt(kind, intendedMs)
    // What finds no device is asked next, or shares would follow the answers.
    this.#waiting = isAsked ? undefined : { path, kind }
    return isAsked
  }

  protected override heard(device: LoadDevice, { payload, topic }: IncomingMessage): void {
    if (topic === topics.inbox(device.plan.thingName)) {
      const stampMs = stampOf(payload)
      if (stampMs === undefined) return
      const tally = this.tally()
      tally.sums.delivered++
      tally.latency('delivery', machineMs() - stampMs)
      return
    }
    const token = /"clientToken":"(\d+)"/.exec(payload.toString('latin1'))?.[1]
    if (token === undefined || !('replied' in device)) return
    const throttled = topic.endsWith('/rejected') && payload.includes('RequestThrottled')
    ;(device as MqttDevice).replied(token, throttled ? 'throttled' : 'allowed')
  }

  #askOverMqtt(kind: Kind, intendedMs: number): boolean {
    const denied = DENIED.has(kind)
    // 3.1.1 is cut by a denial: nothing else may be under way there.
    const device = denied
      ? this.#bad.next(({ isOpen, underWay }) => isOpen && underWay === 0)
      : this.#good.next(hasRoom)
    if (device === undefined) return false
    const { thingName } = device.plan
    const asked = {
      kind: KIND_NAMES[kind],
      expected: denied ? 'denied' : 'allowed',
      intendedMs,
    } as const
    switch (kind) {
      case 'publish':
        device.publish(asked, topics.own(thingName), stampedPayload(intendedMs))
        break
      case 'publishDenied':
        device.publish(asked, this.#forbidden(thingName), stampedPayload(intendedMs))
        break
      case 'subscribe':
        device.subscribe(asked, `${topics.own(thingName)}/+`)
        break
      case 'subscribeDenied':
        device.subscribe(asked, topics.unnamed('+'))
        break
      case 'delivery':
        this.#deliver(device, asked)
        break
      case 'jobs':
        device.request(asked, jobsTopic(thingName, 'get'))
        break
      case 'jobsDenied':
        device.publish(asked, jobsTopic(`${thingName}-other`, 'get'), Buffer.from('{}'))
        break
    }
    return true
  }

  #askOverHttps(kind: Kind, intendedMs: number): boolean {
    const device = this.#asking.next(mayAsk)
    if (device === undefined) return false
    const { thingName } = device.plan
    const expected = DENIED.has(kind) ? 'denied' : 'allowed'
    const asked = { kind: KIND_NAMES[kind], expected, intendedMs } as const
    if (kind === 'publish') {
      device.publish(asked, topics.own(thingName), stampedPayload(intendedMs))
    } else if (kind === 'publishDenied') {
      device.publish(asked, this.#forbidden(thingName), stampedPayload(intendedMs))
    } else if (kind === 'jobs') {
      device.jobs(asked, 'GET', '')
    } else {
      device.request(asked, 'GET', `/things/${encodeURIComponent(`${thingName}-other`)}/jobs`, null)
    }
    return true
  }

  #deliver(from: MqttDevice, asked: Parameters<MqttDevice['publish']>[0]): void {
    const to = this.#receivers[this.#to++ % this.#receivers.length] ?? from
    this.tally().sums.deliveriesDue++
    from.publish(asked, topics.inbox(to.plan.thingName), stampedPayload(asked.intendedMs))
  }

  /** What no statement allows and what a statement denies, in turns. */
  #forbidden(thingName: string): string {
    this.#sealed = !this.#sealed
    return this.#sealed ? topics.sealed(thingName) : topics.unnamed(thingName)
  }
}

const OVER_HTTPS: ReadonlySet<Kind> = new Set(['publish', 'publishDenied', 'jobs', 'jobsDenied'])
const DENIED: ReadonlySet<Kind> = new Set(['publishDenied', 'subscribeDenied', 'jobsDenied'])
const KIND_NAMES: Readonly<Record<Kind, string>> = {
  publish: 'publish',
  publishDenied: 'publish',
  subscribe: 'subscribe',
  subscribeDenied: 'subscribe',
  delivery: 'publish to another',
  jobs: 'jobs',
  jobsDenied: 'jobs of another',
}
