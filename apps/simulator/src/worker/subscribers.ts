import type { DevicePlan } from '../scenario/device-plan.ts'
import { parseTemplate } from '../scenario/template.ts'
import { FilterIndex } from '../scenario/topic-filter.ts'

/** Topics whose number of subscribers is kept in mind; one that differs each time is asked again. */
const TOPICS_MAX = 50_000

/** How many devices of a fleet should get a message, by its topic. */
export class Subscribers {
  readonly #index = new FilterIndex<number>()
  readonly #known = new Map<string, number>()

  constructor(plans: readonly DevicePlan[]) {
    for (const plan of plans) {
      for (const filter of filtersOf(plan)) this.#index.add(filter, plan.index)
    }
  }

  /** Each device once, however many of its filters take the topic. */
  count(topic: string): number {
    const known = this.#known.get(topic)
    if (known !== undefined) return known
    const count = this.#index.of(topic).size
    if (this.#known.size < TOPICS_MAX) this.#known.set(topic, count)
    return count
  }
}

/** A device's filters, in the order of its group's subscriptions. */
export function filtersOf({ group, thingName }: DevicePlan): string[] {
  return (group.subscriptions ?? []).map(({ filter }) =>
    parseTemplate(filter).pattern(group.name, thingName, ''),
  )
}
