import type { QualifyCase } from '../qualify-case.ts'
import type { Trace } from '../trace.ts'
import {
  AFTERWARDS,
  BEGIN,
  busy,
  ended,
  fault,
  HELD,
  offer,
  QUIET,
  releaseFile,
  slow,
} from './steps.ts'

/** Whether the agent was told of a job, or is none that listens. */
function told(trace: Trace, job: string): boolean {
  const listens = trace.events.some((event) => event.kind === 'subscribed')
  const jobId = trace.jobId(job)
  return !listens || trace.events.some((event) => event.kind === 'notice' && event.jobId === jobId)
}

/** Notifications that come twice, late, in another order, far too often or not at all. */
export const NOTICE_CASES: readonly QualifyCase[] = [
  {
    id: 'notify-duplicated',
    reason: 'a notification that comes twice must not make one job two',
    documented: 'Notifications may come more than once; the execution number tells a new one.',
    steps: [
      fault({ on: 'notice', does: 'duplicate', times: 1000 }),
      ...BEGIN,
      offer('a'),
      ended('a', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'notify-after-end',
    reason: 'a late copy of a notification names a job that the agent has ended',
    documented:
      'An execution that has ended is not started again; only another execution number is new.',
    steps: [
      ...BEGIN,
      offer('a'),
      ended('a', 'SUCCEEDED'),
      QUIET,
      { do: 'forge-notice', job: 'a', times: 2 },
      QUIET,
      ...AFTERWARDS,
    ],
  },
  {
    id: 'notify-reordered',
    reason: 'the notification that comes last need not be the newest',
    documented:
      'No order is promised between messages; StartNextPendingJobExecution tells what is so now.',
    steps: [
      ...BEGIN,
      fault({ on: 'notice', job: 'a', does: 'hold', times: 10 }),
      fault({ on: 'request', request: 'first-of-job', does: 'hold', times: 1 }),
      offer('a'),
      { do: 'cancel', job: 'a', force: true },
      offer('b'),
      {
        do: 'until',
        what: 'ask for its job',
        seen: (trace) => trace.acted('held') >= 0 && (trace.started('b') || told(trace, 'b')),
      },
      { do: 'clear-faults' },
      { do: 'release-held' },
      ended('b', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
    judge: (trace) =>
      trace.fetches('a').length > 0
        ? 'it carried out a job that had been cancelled, from a late notification, without asking the service'
        : undefined,
  },
  {
    id: 'notify-before-reply',
    reason: 'the news of the next job overtakes the answer about the last one',
    documented:
      'Answers and notifications are different messages, and no order is promised between them.',
    steps: [
      ...BEGIN,
      fault({ on: 'answer', request: 'update', terminal: true, job: 'a', does: 'hold' }),
      offer('a'),
      offer('b'),
      HELD,
      { do: 'until', what: 'be told of job b', seen: (trace) => told(trace, 'b') },
      QUIET,
      { do: 'release-held' },
      ended('a', 'SUCCEEDED'),
      ended('b', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'notify-lost',
    reason: 'an agent that only waits for notifications misses the jobs that it was not told of',
    documented:
      'A device asks for pending executions whenever it connects: what was announced meanwhile is not announced again.',
    steps: [
      ...BEGIN,
      // What it asks when it starts must not be what finds the job.
      QUIET,
      fault({ on: 'notice', does: 'lose', times: 1000 }),
      offer('a'),
      { do: 'quiet' },
      { do: 'cut' },
      ended('a', 'SUCCEEDED'),
    ],
  },
  {
    id: 'notify-storm-own',
    reason: 'hundreds of copies of one notification come while its job is in hand',
    documented:
      'AWS throttles requests of one thing; an agent must not turn each message into a request.',
    needs: ['slow'],
    steps: [
      ...BEGIN,
      slow('a'),
      ...busy('a'),
      { do: 'forge-notice', job: 'a', times: 300 },
      QUIET,
      releaseFile('a'),
      ended('a', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'notify-storm-next',
    reason: 'hundreds of notifications of another job come while one is in hand',
    documented:
      'AWS throttles requests of one thing; an agent must not turn each message into a request.',
    needs: ['slow'],
    steps: [
      ...BEGIN,
      slow('a'),
      ...busy('a'),
      offer('b'),
      { do: 'forge-notice', job: 'b', times: 300 },
      QUIET,
      releaseFile('a'),
      ended('a', 'SUCCEEDED'),
      ended('b', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'job-of-other-thing',
    reason: 'a job that is not the thing’s own must not be touched, whatever a message says',
    documented: 'A device updates executions of its own thing alone.',
    steps: [
      ...BEGIN,
      offer('other', { forOther: true }),
      { do: 'forge-notice', job: 'other', times: 1 },
      QUIET,
      ...AFTERWARDS,
    ],
    judge: (trace) =>
      trace.fetches('other').length > 0 ? 'it carried out a job of another thing' : undefined,
  },
]
