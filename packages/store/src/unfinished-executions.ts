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
  readonly #byThing = new Map<string, JobExecution[]>()

  /** Of one thing, in pending order; hidden and namespaced ones included. */
  of(thingName: string): readonly JobExecution[] {
    return this.#byThing.get(thingName) ?? NONE
  }

  /** Adds one, if it is unfinished. */
  add(execution: JobExecution): void {
    if (isTerminal(execution.status)) return
    const list = this.#byThing.get(execution.thingName)
    if (list === undefined) this.#byThing.set(execution.thingName, [execution])
    else list.splice(placeIn(list, execution), 0, execution)
  }

  /** Takes out the one of the same creation, whatever it looks like now. */
  remove({ thingName, order }: JobExecution): void {
    const list = this.#byThing.get(thingName)
    const index = list?.findIndex((execution) => execution.order === order) ?? -1
    if (list === undefined || index < 0) return
    if (list.length === 1) this.#byThing.delete(thingName)
    else list.splice(index, 1)
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
