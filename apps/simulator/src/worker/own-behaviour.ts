import type { CancelAlarm, Clock, Random } from '@muster/clock'
import type { DeviceMessage, JobHandler } from '@muster/device'
import type { Behaviour, BehaviourDevice, BehaviourFactory } from '../behaviour/behaviour.ts'
import { thrownText } from '../behaviour/load-behaviour.ts'
import type { DevicePlan } from '../scenario/device-plan.ts'
import type { OwnModule } from '../scenario/own-module.ts'
import type { DeviceMessages } from './device-messages.ts'
import type { Tally } from './tally.ts'

/** What a module's device acts on. */
export interface OwnBehaviourPorts {
  readonly plan: DevicePlan
  readonly module: OwnModule
  readonly clock: Clock
  readonly random: Random
  readonly tally: Tally
  readonly messages: DeviceMessages
  readonly drop: () => void
  readonly crash: (rebootSeconds: number) => void
}

/** A module at work in one device, from boot to power off. What it throws is counted, and goes no further. */
export class OwnBehaviour {
  readonly #ports: OwnBehaviourPorts
  readonly #alarms = new Set<CancelAlarm>()
  #behaviour: Behaviour = {}
  #isOff = false

  constructor(factory: BehaviourFactory, ports: OwnBehaviourPorts) {
    this.#ports = ports
    try {
      this.#behaviour = factory(this.#device())
    } catch (cause) {
      this.#threw(cause)
    }
  }

  /** What runs the jobs; undefined where the module leaves them to the group. */
  get job(): JobHandler | undefined {
    const { job } = this.#behaviour
    return job === undefined ? undefined : (running) => job(running)
  }

  connected(): void {
    this.#guarded(() => this.#behaviour.connected?.())
  }

  heard(message: DeviceMessage): void {
    this.#guarded(() => this.#behaviour.message?.(message))
  }

  /** The device is off: nothing more happens. */
  stop(): void {
    this.#isOff = true
    for (const cancel of this.#alarms) cancel()
    this.#alarms.clear()
  }

  #device(): BehaviourDevice {
    const { clock, crash, drop, messages, module, plan, random, tally } = this.#ports
    const { group, index, thingName } = plan
    return {
      thingName,
      index,
      group: group.name,
      attributes: group.attributes ?? {},
      options: module.options ?? {},
      random,
      nowMs: () => clock.nowMs(),
      publish: async (topic, payload, { qos = 1, userProperties } = {}) => {
        if (this.#isOff) return false
        const bytes =
          typeof payload === 'string' || Buffer.isBuffer(payload)
            ? payload
            : JSON.stringify(payload)
        const properties = userProperties === undefined ? {} : { userProperties }
        return await messages.send({ topic, payload: bytes, qos, ...properties })
      },
      after: (seconds, act) => this.#after(seconds, act),
      count: (what) => tally.fault(group.name, what),
      drop,
      crash,
    }
  }

  #after(seconds: number, act: () => void | Promise<void>): CancelAlarm {
    if (this.#isOff) return () => {}
    const { clock } = this.#ports
    const cancelAlarm = clock.setAlarm(clock.nowMs() + Math.round(seconds * 1000), () => {
      this.#alarms.delete(cancelAlarm)
      this.#guarded(act)
    })
    this.#alarms.add(cancelAlarm)
    return () => {
      this.#alarms.delete(cancelAlarm)
      cancelAlarm()
    }
  }

  #guarded(act: () => void | Promise<void> | undefined): void {
    try {
      act()?.catch((cause: unknown) => this.#threw(cause))
    } catch (cause) {
      this.#threw(cause)
    }
  }

  #threw(cause: unknown): void {
    const { module, tally } = this.#ports
    tally.moduleThrew(thrownText(cause, module.file))
  }
}
