/** Connections that come all the time, and connections that come all at once. */
import { machineMs } from '@muster/fleet'
import { Turns } from '../worker/device-fleet.ts'
import type { HttpsDevice } from '../worker/https-device.ts'
import type { MqttDevice } from '../worker/mqtt-device.ts'
import type { WorkOptions } from '../worker/work.ts'
import { DeviceWork } from './device-work.ts'
import { topics } from './topics.ts'

/** Each arrival is a device that connects anew; the one it had before ends with it. */
export class ConnectWork extends DeviceWork {
  readonly #turns: Turns<MqttDevice | HttpsDevice>
  readonly #opening = new Set<MqttDevice | HttpsDevice>()
  readonly #opensBefore: boolean
  readonly #answerWithinMs: number

  /** @param opensBefore - whether the devices are connected when the load begins */
  constructor(options: WorkOptions, opensBefore: boolean) {
    super(options, ({ thingName }) => (opensBefore ? [topics.inbox(thingName)] : []))
    this.#opensBefore = opensBefore
    this.#answerWithinMs = options.start.answerWithinMs
    this.#turns = new Turns([...this.fleet.mqtt, ...this.fleet.https])
  }

  override get underWay(): number {
    return this.#opening.size
  }

  override async open(): Promise<void> {
    if (this.#opensBefore) await super.open()
  }

  arrive(intendedMs: number): boolean {
    const device = this.#turns.next((one) => !this.#opening.has(one))
    if (device === undefined) return false
    this.#opening.add(device)
    this.tally().sums.sent++
    void this.#connect(device, intendedMs)
    return true
  }

  async #connect(device: MqttDevice | HttpsDevice, intendedMs: number): Promise<void> {
    await device.cut()
    const isOpen = await device.open()
    this.#opening.delete(device)
    const latencyMs = machineMs() - intendedMs
    if (isOpen) this.tally().answered('connect', 'allowed', 'allowed', latencyMs)
    else if (latencyMs >= this.#answerWithinMs) this.tally().timedOut('connect')
    else this.tally().failed('connect', 'no connection')
  }
}
