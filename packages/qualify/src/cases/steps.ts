/** Steps that many cases share. */
import type { Fault } from '../fault.ts'
import { namesFile } from '../plan.ts'
import type { FileManner, Offer, Step, Until } from '../step.ts'

/** A job that the agent can do. */
export function offer(job: string, more: Partial<Offer> = {}): Offer {
  return { do: 'offer', job, document: 'works', ...more }
}

/** A job that keeps the agent busy until its file comes. */
export function slow(job: string, more: Partial<Offer> & { file?: FileManner } = {}): Offer {
  return { do: 'offer', job, document: 'slow', file: 'held', ...more }
}

export function fault(fault: Fault): Step {
  return { do: 'fault', fault }
}

/** Starts the agent, and waits until it listens for jobs. */
export const BEGIN: readonly Step[] = [
  { do: 'start' },
  {
    do: 'until',
    what: 'connect and listen for jobs',
    seen: (trace) => trace.listens,
    otherwise:
      'the agent never connected and subscribed to its notifications or asked for a job: check the command of --agent',
  },
]

/** Waits until the agent has a job in hand. */
export function busy(job: string): readonly Step[] {
  return [
    {
      do: 'until',
      what: `begin job ${job}`,
      seen: (trace, { documents }) =>
        namesFile(documents.slow) ? trace.fetches(job).length > 0 : trace.started(job),
    },
    {
      do: 'until',
      what: `be busy with job ${job}`,
      seen: (trace) => !trace.ended(job),
      atOnce: true,
      otherwise:
        '`documents.slow` of the plan keeps the agent busy for too short a time: put `{url}` into it, or make it take some seconds longer',
    },
  ]
}

/** Waits until the service has accepted the end of a job. */
export function ended(job: string, status?: string): Until {
  return {
    do: 'until',
    what: status === undefined ? `report the end of job ${job}` : `report job ${job} ${status}`,
    seen: (trace) => trace.ended(job, status),
  }
}

export function releaseFile(job: string): Step {
  return { do: 'release-file', job }
}

/** Waits until something was held back. */
export const HELD: Until = {
  do: 'until',
  what: 'send the request whose answer this case holds back',
  seen: (trace) => trace.acted('held') >= 0,
}

export const QUIET: Step = { do: 'quiet' }
/** A job after the fault: an agent that is stuck behind it does not do this one. */
export const AFTERWARDS: readonly Step[] = [offer('after'), ended('after', 'SUCCEEDED'), QUIET]
