/**
 * Devices that publish: most a small reading, some a batch, now and then a word to everybody. A few
 * devices hear every reading, as a service does.
 */
import { machineMs, type IncomingMessage } from '@muster/fleet'
import { Turns } from '../worker/device-fleet.ts'
import type { LoadDevice } from '../worker/load-device.ts'
import type { WorkOptions } from '../worker/work.ts'
import { DeviceWork, hasRoom, mayAsk } from './device-work.ts'
import { Mix } from './mix.ts'
import { stampedPayload, stampOf } from './stamped-payload.ts'
import { topics } from './topics.ts'

/** Devices that hear all readings; they speak MQTT whatever the others do. */
export const TELEMETRY_LISTENERS = 2

const READING_BYTES = 128
const BATCH_BYTES = 4096

/** Publishers, and what arrives of what they publish. */
export class TelemetryWork extends DeviceWork {
  readonly #publishers: Turns<LoadDevice>
  readonly #kinds = new Mix([
    ['reading', 0.88] as const,
    ['batch', 0.1] as const,
    ['broadcast', 0.02] as const,
  ])
  /** Who hears a word to everybody: all devices over MQTT, of all workers. */
  readonly #everybody: number

  constructor(options: WorkOptions) {
    super(options, ({ index }) =>
      index < TELEMETRY_LISTENERS ? [topics.telemetry('+'), topics.broadcast] : [topics.broadcast],
    )
    const { fleetDevices, fleetHttps } = options.start
    this.#everybody = fleetDevices - fleetHttps
    const { https, mqtt } = this.fleet
    const talking = mqtt.filter(({ plan }) => plan.index >= TELEMETRY_LISTENERS)
    const all: LoadDevice[] = [...talking, ...https]
    this.#publishers = new Turns(all.length > 0 ? all : mqtt)
  }

  arrive(intendedMs: number): boolean {
    const device = this.#publishers.next((one) =>
      one.plan.protocol === 'https' ? mayAsk(one) : hasRoom(one),
    )
    if (device === undefined) return false
    const kind = this.#kinds.next()
    const { sums } = this.tally()
    sums.deliveriesDue += kind === 'broadcast' ? this.#everybody : TELEMETRY_LISTENERS
    const topic = kind === 'broadcast' ? topics.broadcast : topics.telemetry(device.plan.thingName)
    const payload = stampedPayload(intendedMs, kind === 'batch' ? BATCH_BYTES : READING_BYTES)
    device.publish({ kind, expected: 'allowed', intendedMs }, topic, payload)
    return true
  }

  protected override heard(_device: LoadDevice, { payload, topic }: IncomingMessage): void {
    const stampMs = stampOf(payload)
    if (stampMs === undefined) return
    const tally = this.tally()
    tally.sums.delivered++
    tally.latency(topic === topics.broadcast ? 'fan-out' : 'fan-in', machineMs() - stampMs)
  }
}
