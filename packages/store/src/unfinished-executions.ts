/**
 * Executions that are not terminal, by thing, in pending order (jobs J56).
 *
 * Kept in memory beside their rows: a device's request then reads nothing, and starting or ending
 * an execution changes one row and no index.
 */
import { comparePending, isTerminal, type JobExecution } from '@muster/jobs'

const NONE: readonly JobExecution[] = []

/** The executions that devices or the service may still change. */
export class UnfinishedExecutions {
  /** Most things have one: then it stands alone, without an array that the collector must visit. */
  readonly #byThing = new Map<string, JobExecution | JobExecution[]>()

  /** Of one thing, in pending order; hidden and namespaced ones included. */
  of(thingName: string): readonly JobExecution[] {
    const known = this.#byThing.get(thingName)
    if (known === undefined) return NONE
    return Array.isArray(known) ? known : [known]
  }

  /** Adds one, if it is unfinished. */
  add(execution: JobExecution): void {
    if (isTerminal(execution.status)) return
    const { thingName } = execution
    const known = this.#byThing.get(thingName)
    if (known === undefined) {
      this.#byThing.set(thingName, execution)
      return
    }
    const list = Array.isArray(known) ? known : [known]
    list.splice(placeIn(list, execution), 0, execution)
    if (list !== known) this.#byThing.set(thingName, list)
  }

  /** Takes out the one of the same creation, whatever it looks like now. @returns it, if it was here */
  remove({ thingName, order }: JobExecution): JobExecution | undefined {
    const known = this.#byThing.get(thingName)
    if (known === undefined) return undefined
    if (!Array.isArray(known)) {
      if (known.order !== order) return undefined
      this.#byThing.delete(thingName)
      return known
    }
    const index = known.findIndex((execution) => execution.order === order)
    if (index < 0) return undefined
    const [removed] = known.splice(index, 1)
    if (known.length === 0) this.#byThing.delete(thingName)
    return removed
  }

  clear(): void {
    this.#byThing.clear()
  }
}

/** Where an execution belongs in a sorted list. */
function placeIn(list: readonly JobExecution[], execution: JobExecution): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const other = list[middle]
    if (other !== undefined && comparePending(other, execution) < 0) low = middle + 1
    else high = middle
  }
  return low
}
