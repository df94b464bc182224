/** Questions to a trace. */
import { TERMINAL } from './fault.ts'
import type { Answered, Fetched, JobsRequest, Requested, WireEvent } from './wire-event.ts'

/** Which requests are meant; what is left out may be anything. */
export interface RequestMatch {
  readonly request?: JobsRequest
  /** Short name. */
  readonly job?: string
  /** Whether it ends the execution. */
  readonly terminal?: boolean
  readonly status?: string
  readonly executionNumber?: number
}

/** A request and what became of it. */
export interface Exchange {
  readonly request: Requested
  readonly at: number
  readonly answer: Answered | undefined
  readonly answeredAt: number
}

/** What happened so far; `at` is a place in {@link events}. */
export class Trace {
  readonly events: readonly WireEvent[]
  readonly thingName: string
  readonly #idOf: (job: string) => string

  /** @param idOf - job ID of a short name */
  constructor(events: readonly WireEvent[], thingName: string, idOf: (job: string) => string) {
    this.events = events
    this.thingName = thingName
    this.#idOf = idOf
  }

  jobId(job: string): string {
    return this.#idOf(job)
  }

  /** What came after a place. */
  after(at: number): Trace {
    return new Trace(this.events.slice(at + 1), this.thingName, this.#idOf)
  }

  /** Place of the first act of that name; -1 before it. */
  acted(what: string): number {
    return this.events.findIndex((event) => event.kind === 'act' && event.what === what)
  }

  get protocol(): string | undefined {
    for (const event of this.events) if (event.kind === 'connecting') return event.protocol
    return undefined
  }

  /** Requests with their answers, in order. */
  exchanges(match: RequestMatch = {}): readonly Exchange[] {
    const answers = new Map<number, { readonly answer: Answered; readonly at: number }>()
    for (const [at, event] of this.events.entries()) {
      // One that is repeated answers once; one that came counts more than one that was lost.
      if (event.kind === 'answer' && (answers.get(event.to)?.answer.lost ?? true)) {
        answers.set(event.to, { answer: event, at })
      }
    }
    const found: Exchange[] = []
    for (const [at, event] of this.events.entries()) {
      if (event.kind !== 'request' || !this.#matches(event, match)) continue
      const answered = answers.get(event.id)
      found.push({ request: event, at, answer: answered?.answer, answeredAt: answered?.at ?? -1 })
    }
    return found
  }

  /** Whether the service accepted such an update, whether or not the agent heard of it. */
  accepted(match: Omit<RequestMatch, 'request'>): boolean {
    return this.exchanges({ ...match, request: 'update' }).some(({ answer }) => answer?.accepted)
  }

  /** Whether the agent has ended a job, and was told so. */
  ended(job: string, status?: string): boolean {
    const match = { request: 'update', job, terminal: true } as const
    return this.exchanges(status === undefined ? match : { ...match, status }).some(
      ({ answer }) => answer?.accepted === true,
    )
  }

  /** Whether the agent has begun a job: it was given it as IN_PROGRESS, or reported it so. */
  started(job: string): boolean {
    const jobId = this.jobId(job)
    if (this.accepted({ job, status: 'IN_PROGRESS' }) || this.fetches(job).length > 0) return true
    return this.exchanges({ request: 'start-next' }).some(({ answer }) => {
      const execution = answer?.body['execution'] as { readonly jobId?: string } | undefined
      return answer?.accepted === true && !answer.lost && execution?.jobId === jobId
    })
  }

  /** Requests for a job's file, those that begin anew alone unless all are wanted. */
  fetches(job: string, all = false): readonly Fetched[] {
    const jobId = this.jobId(job)
    return this.events.filter(
      (event): event is WireEvent & Fetched =>
        event.kind === 'fetched' && event.jobId === jobId && (all || event.from === 0),
    )
  }

  /** How often something of a kind happened. */
  count(kind: WireEvent['kind']): number {
    return this.events.filter((event) => event.kind === kind).length
  }

  /** Whether the agent is connected and, over MQTT, listens for its jobs. */
  get listens(): boolean {
    let listening = false
    for (const event of this.events) {
      if (event.kind === 'closed') listening = false
      else if (event.kind === 'subscribed') {
        listening ||= event.filters.some((filter) => /jobs\/(notify|notify-next|[+#])/.test(filter))
      } else if (event.kind === 'connected') listening ||= event.sessionPresent
      // Who polls needs no subscription.
      else if (event.kind === 'request') listening = true
    }
    return listening
  }

  #matches({ body, jobId, request }: Requested, match: RequestMatch): boolean {
    if (match.request !== undefined && match.request !== request) return false
    if (match.job !== undefined && jobId !== this.jobId(match.job)) return false
    if (match.terminal !== undefined && TERMINAL.has(body['status']) !== match.terminal)
      return false
    if (match.status !== undefined && body['status'] !== match.status) return false
    const { executionNumber } = match
    return executionNumber === undefined || body['executionNumber'] === executionNumber
  }
}
