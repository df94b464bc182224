/** The devices of one worker. */
import { setTimeout as wait } from 'node:timers/promises'
import type { SecureContext } from 'node:tls'
import { IdentityFolder, leanSecureContext, machineMs } from '@muster/fleet'
import { HttpsDevice } from './https-device.ts'
import type { DeviceSurroundings, LoadDevice } from './load-device.ts'
import { MqttDevice } from './mqtt-device.ts'
import type { DevicePlan, WorkerStart } from './worker-messages.ts'

/** First connections under way at once: what a server takes in a moment. */
const LANES = 24
const ROLL_CALLS = 3
const EXPIRE_EVERY_MS = 250
/** Looking at thousands for each arrival would take what the arrivals need. */
const TRIES_MAX = 256

/** What a fleet is made of. */
export interface FleetOptions {
  readonly start: Omit<WorkerStart, 'operator'>
  readonly around: DeviceSurroundings
  /** What a device over MQTT subscribes to. */
  readonly subscriptions: (plan: DevicePlan) => readonly string[]
}

/** Devices that connect and leave together. */
export class DeviceFleet {
  readonly mqtt: readonly MqttDevice[]
  readonly https: readonly HttpsDevice[]
  readonly #timer: NodeJS.Timeout

  constructor({ around, start, subscriptions }: FleetOptions) {
    const { answerWithinMs, devices, endpoint, identityFolder, sourceAddresses } = start
    const identities = new IdentityFolder(identityFolder)
    const mqtt: MqttDevice[] = []
    const https: HttpsDevice[] = []
    for (const plan of devices) {
      const secureContext = (): SecureContext =>
        leanSecureContext(endpoint, identities.load(plan.thingName))
      const localAddress = sourceAddresses[plan.index % sourceAddresses.length]
      const options = { endpoint, secureContext, localAddress }
      if (plan.protocol === 'https') {
        https.push(new HttpsDevice(plan, { ...options, answerWithinMs }, around))
      } else {
        const filters = subscriptions(plan)
        mqtt.push(new MqttDevice(plan, { ...options, subscriptions: filters }, around))
      }
    }
    this.mqtt = mqtt
    this.https = https
    this.#timer = setInterval(() => {
      const beforeMs = machineMs() - answerWithinMs
      for (const device of mqtt) device.expire(beforeMs)
    }, EXPIRE_EVERY_MS)
    this.#timer.unref()
  }

  get all(): readonly LoadDevice[] {
    return [...this.mqtt, ...this.https]
  }

  /** Requests without an answer. */
  get underWay(): number {
    let sum = 0
    for (const device of this.mqtt) sum += device.underWay
    for (const device of this.https) sum += device.underWay
    return sum
  }

  /** Connects those that are not; those that cannot are left. */
  async open(): Promise<void> {
    await inLanes(this.all, async (device) => void (await device.open()))
  }

  /** Gives everybody several chances to be connected. */
  async rollCall(): Promise<void> {
    for (let time = 0; time < ROLL_CALLS; time++) {
      const away = this.all.filter(({ isOpen }) => !isOpen)
      if (away.length === 0) return
      if (time > 0) await wait(500)
      await inLanes(away, async (device) => void (await device.open()))
    }
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.all.map((device) => device.close()))
  }
}

/** Runs `work` on each, so many at once. */
async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(LANES, items.length) }, lane))
}

/** Takes turns among devices, and skips those that cannot. */
export class Turns<T> {
  readonly #among: readonly T[]
  #next = 0

  constructor(among: readonly T[]) {
    this.#among = among
  }

  /** The next that is free; undefined when none of the next few hundred is. */
  next(isFree: (one: T) => boolean): T | undefined {
    const most = Math.min(this.#among.length, TRIES_MAX)
    for (let tried = 0; tried < most; tried++) {
      const one = this.#among[this.#next++ % this.#among.length] as T
      if (isFree(one)) return one
    }
    return undefined
  }
}
