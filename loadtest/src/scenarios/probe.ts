/** A device that can be asked whether it may publish, again and again on one connection. */
import type { DeviceEndpoint, DeviceIdentity } from '@muster/device'
import {
  FAILURE,
  leanSecureContext,
  LeanHttps,
  LeanMqtt,
  packetTypes,
  pubackIn,
} from '@muster/fleet'
import type { DevicePlan } from '../worker/worker-messages.ts'

/** Who probes, and where. */
export interface ProbeOptions {
  readonly plan: DevicePlan
  readonly endpoint: DeviceEndpoint
  readonly identity: DeviceIdentity
}

const PAYLOAD = Buffer.from('probe')
const OPEN_MS_MAX = 15_000
const ANSWER_MS_MAX = 10_000

/** Over MQTT it speaks version 5, which says no without closing. */
export class Probe {
  readonly thingName: string
  readonly #options: ProbeOptions
  #mqtt: LeanMqtt | undefined
  #https: LeanHttps | undefined
  #waiting:
    | { readonly resolve: (isAllowed: boolean) => void; reject: (cause: Error) => void }
    | undefined

  constructor(options: ProbeOptions) {
    this.thingName = options.plan.thingName
    this.#options = options
  }

  /** @throws Error when the server closes instead, or does not answer */
  async open(): Promise<void> {
    const { endpoint, identity, plan } = this.#options
    const secureContext = leanSecureContext(endpoint, identity)
    if (plan.protocol === 'https') {
      this.#https = new LeanHttps({ endpoint, secureContext })
      return
    }
    const opened = Promise.withResolvers<void>()
    const options = {
      endpoint,
      secureContext,
      clientId: this.thingName,
      protocolVersion: 5,
    } as const
    const late = setTimeout(
      () => opened.reject(new Error(`${this.thingName}: no CONNACK`)),
      OPEN_MS_MAX,
    )
    this.#mqtt = new LeanMqtt(options, {
      connected: () => opened.resolve(),
      packet: (_client, type, body) => {
        if (type !== packetTypes.puback) return
        this.#waiting?.resolve(pubackIn(body).reason < FAILURE)
        this.#waiting = undefined
      },
      closed: (_client, cause) => {
        opened.reject(cause)
        this.#waiting?.reject(cause)
        this.#waiting = undefined
      },
    })
    await opened.promise.finally(() => clearTimeout(late))
  }

  /** @throws Error when there is no answer */
  publish(topic: string): Promise<boolean> {
    if (this.#https !== undefined) return this.#publishOverHttps(this.#https, topic)
    const client = this.#mqtt
    if (client?.isOpen !== true) return Promise.reject(new Error('the probe lost its connection'))
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('no answer to the probe')), ANSWER_MS_MAX)
      const over = <T>(settle: (value: T) => void): ((value: T) => void) => {
        return (value) => {
          clearTimeout(late)
          settle(value)
        }
      }
      this.#waiting = { resolve: over(resolve), reject: over(reject) }
      client.publish(topic, PAYLOAD, 1)
    })
  }

  async close(): Promise<void> {
    this.#mqtt?.end()
    await this.#https?.destroy()
  }

  #publishOverHttps(client: LeanHttps, topic: string): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const path = `/topics/${encodeURIComponent(topic)}?qos=1`
      client.request('POST', path, PAYLOAD, ({ cause, status }) => {
        if (status === 200 || status === 403) resolve(status === 200)
        else reject(cause ?? new Error(`the probe was answered ${status}`))
      })
    })
  }
}
