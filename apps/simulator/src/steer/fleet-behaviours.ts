/**
 * Which device behaves how at present: planned at first, then changed while the fleet runs. Every
 * process comes to the same by itself.
 */
import { seededRandom } from '@muster/clock'
import { deal, type DevicePlan } from '../scenario/device-plan.ts'
import type { JobBehaviour, JobBehaviourName } from '../scenario/scenario.ts'
import type { FleetChange } from './fleet-change.ts'

/** How many devices behave in one way. */
export interface BehaviourShare {
  readonly behaviour: JobBehaviourName
  readonly devices: number
  /** Of all devices, 0 to 1. */
  readonly share: number
}

/** The behaviours of a fleet. */
export class FleetBehaviours {
  readonly #plans: readonly DevicePlan[]
  readonly #seed: number
  #changes = 0
  /** As planned or dealt out, without the failure rate. */
  readonly #dealt = new Map<DevicePlan, JobBehaviour>()
  readonly #current = new Map<DevicePlan, JobBehaviour>()

  constructor(plans: readonly DevicePlan[], seed: number) {
    this.#plans = plans
    this.#seed = seed
  }

  of(plan: DevicePlan): JobBehaviour {
    return this.#current.get(plan) ?? plan.behaviour
  }

  /** Deals out; shares are met exactly. */
  change({ behaviours, failureRate, groups }: FleetChange): void {
    const plans = this.#plans.filter(({ group }) => groups?.includes(group.name) ?? true)
    this.#changes += 1
    const random = seededRandom(this.#seed + this.#changes)
    if (behaviours !== undefined) {
      const cards = deal(behaviours, plans.length, random)
      for (const [place, plan] of plans.entries()) this.#set(plan, cards[place])
    }
    if (failureRate === undefined) return
    const kinds = [
      { share: failureRate, fails: true },
      { share: 1 - failureRate, fails: false },
    ]
    const cards = deal(kinds, plans.length, random)
    for (const [place, plan] of plans.entries()) {
      const dealt = this.#dealt.get(plan) ?? plan.behaviour
      this.#current.set(plan, cards[place]?.fails === true ? failing(dealt) : notFailing(dealt))
    }
  }

  /** Commonest first. */
  shares(): readonly BehaviourShare[] {
    const counts = new Map<JobBehaviourName, number>()
    for (const plan of this.#plans) {
      const { behaviour } = this.of(plan)
      counts.set(behaviour, (counts.get(behaviour) ?? 0) + 1)
    }
    return [...counts]
      .map(([behaviour, devices]) => ({ behaviour, devices, share: devices / this.#plans.length }))
      .sort((left, right) => right.devices - left.devices)
  }

  #set(plan: DevicePlan, behaviour: JobBehaviour | undefined): void {
    if (behaviour === undefined) return
    this.#dealt.set(plan, behaviour)
    this.#current.set(plan, behaviour)
  }
}

function failing(behaviour: JobBehaviour): JobBehaviour {
  return { ...behaviour, behaviour: 'fail' }
}

function notFailing(behaviour: JobBehaviour): JobBehaviour {
  return behaviour.behaviour === 'fail' ? { ...behaviour, behaviour: 'succeed' } : behaviour
}
