/**
 * What the service told things of their pending executions, against what they would be answered if they
 * asked (jobs J37 to J42).
 */
import { isDeepStrictEqual } from 'node:util'
import type { JobsModel } from '../model/jobs-model.ts'
import { seconds, shown, type summary } from '../model/replies.ts'
import { copyState, pendingOf, type ModelExecution, type ModelState } from '../model/state.ts'
import { must } from '../violation.ts'

/** The part of a broker that is listened to. */
interface Publisher {
  publish(publication: { readonly topic: string; readonly payload: Uint8Array }): number
}

const TOPIC = /^\$aws\/things\/([^/]+)\/jobs\/(notify|notify-next)$/

/** Notices of one life of a server. */
export class Notices {
  /** The head that each thing was told of last: its key, or empty for none. */
  readonly #heads = new Map<string, string>()
  /** The pending set that each thing was told of last. */
  readonly #lists = new Map<string, string>()
  /** Heads and sets before the first notice, as they were at the start. */
  #start: ModelState = { registry: noRegistry(), jobs: new Map(), executions: [] }

  /** Listens to what the service publishes. */
  listen(broker: Publisher, model: JobsModel, nowMs: () => number): void {
    this.#start = copyState(model.state)
    const publish = broker.publish.bind(broker)
    broker.publish = (publication) => {
      const [, thing, kind] = TOPIC.exec(publication.topic) ?? []
      if (thing !== undefined) {
        const payload = JSON.parse(Buffer.from(publication.payload).toString()) as object
        if (kind === 'notify') this.#list(thing, payload)
        else this.#next(thing, payload, model.state, nowMs())
      }
      return publish(publication)
    }
  }

  /** Everybody has been told how it stands. */
  check(state: ModelState): void {
    const things = new Set(
      [...state.executions, ...this.#start.executions].map(({ thing }) => thing),
    )
    for (const thing of things) {
      const pending = pendingOf(state, thing)
      const head = keyOf(pending[0])
      must(this.#headOf(thing) === head, 'notify-next', () => {
        return `${thing} was told that ${this.#headOf(thing) || 'nothing'} is next, but $next is ${head || 'nothing'} (jobs J40)`
      })
      const list = keysOf(pending)
      must(this.#listOf(thing) === list, 'notify', () => {
        return `${thing} was told that [${this.#listOf(thing)}] is pending, but it is [${list}] (jobs J37)`
      })
    }
  }

  #headOf(thing: string): string {
    return this.#heads.get(thing) ?? keyOf(pendingOf(this.#start, thing)[0])
  }

  #listOf(thing: string): string {
    return this.#lists.get(thing) ?? keysOf(pendingOf(this.#start, thing))
  }

  #next(thing: string, payload: object, state: ModelState, nowMs: number): void {
    const { execution } = payload as { execution?: { jobId: string; executionNumber: number } }
    const key = execution === undefined ? '' : `${execution.jobId}/${execution.executionNumber}`
    must(this.#headOf(thing) !== key, 'notify-next', () => {
      return `${thing} was told again that ${key || 'nothing'} is next (jobs J40)`
    })
    this.#heads.set(thing, key)
    // Told at the end of a longer work, it may be of a moment before.
    const head = pendingOf(state, thing)[0]
    if (keyOf(head) !== key) return
    const wanted = {
      timestamp: seconds(nowMs),
      ...(head !== undefined && { execution: shown(state, head, nowMs) }),
    }
    must(isDeepStrictEqual(payload, wanted), 'notify-next', () => {
      return `${thing} was told ${JSON.stringify(payload)}, but $next is ${JSON.stringify(wanted)} (jobs J40)`
    })
  }

  #list(thing: string, payload: object): void {
    const { jobs } = payload as { jobs: Record<string, readonly ReturnType<typeof summary>[]> }
    const told = [...(jobs['IN_PROGRESS'] ?? []), ...(jobs['QUEUED'] ?? [])]
    const keys = told
      .map((one) => `${String(one['jobId'])}/${String(one['executionNumber'])}`)
      .toSorted()
      .join(' ')
    must(this.#listOf(thing) !== keys, 'notify', () => {
      return `${thing} was told again that [${keys}] is pending (jobs J37)`
    })
    this.#lists.set(thing, keys)
  }
}

function keyOf(execution: ModelExecution | undefined): string {
  return execution === undefined ? '' : `${execution.jobId}/${execution.number}`
}

/** The set that `notify` shows: ten at most (jobs J39). */
function keysOf(pending: readonly ModelExecution[]): string {
  return pending.slice(0, 10).map(keyOf).toSorted().join(' ')
}

function noRegistry(): ModelState['registry'] {
  return { things: new Set(), members: new Map(), parents: new Map() }
}
