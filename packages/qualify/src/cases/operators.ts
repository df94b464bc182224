import type { QualifyCase } from '../qualify-case.ts'
import { AFTERWARDS, BEGIN, busy, ended, offer, releaseFile, slow } from './steps.ts'

/** What operators and timers do to a job that the agent has, or is to have. */
export const OPERATOR_CASES: readonly QualifyCase[] = [
  {
    id: 'cancelled-while-queued',
    reason: 'a job that was cancelled before its turn must not be run',
    documented: 'CancelJob ends the executions that are QUEUED.',
    needs: ['slow'],
    steps: [
      ...BEGIN,
      slow('a'),
      ...busy('a'),
      offer('b'),
      offer('c'),
      { do: 'cancel', job: 'b', force: false },
      releaseFile('a'),
      ended('a', 'SUCCEEDED'),
      ended('c', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
    judge: (trace) =>
      trace.exchanges({ request: 'update', job: 'b' }).length + trace.fetches('b').length > 0
        ? 'it ran or reported job b, which had been cancelled before its turn'
        : undefined,
  },
  {
    id: 'cancelled-not-forced',
    reason: 'a cancellation without force leaves the execution in hand to its device',
    documented:
      'Without force an execution that is IN_PROGRESS goes on, and may still be reported.',
    needs: ['slow'],
    steps: [
      ...BEGIN,
      slow('a'),
      ...busy('a'),
      { do: 'cancel', job: 'a', force: false },
      releaseFile('a'),
      ended('a', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'force-cancelled',
    reason: 'the answer to the last update is no: the agent must leave the job and take the next',
    documented: 'With force an execution that is IN_PROGRESS is CANCELED; its updates are refused.',
    needs: ['slow'],
    steps: [
      ...BEGIN,
      slow('a'),
      ...busy('a'),
      { do: 'cancel', job: 'a', force: true },
      offer('b'),
      releaseFile('a'),
      ended('b', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'force-cancelled-stuck',
    reason: 'a job that hangs is cancelled: the jobs behind it must not wait for ever',
    documented:
      'A device finds out that its execution was cancelled by DescribeJobExecution or an update.',
    needs: ['slow'],
    steps: [
      ...BEGIN,
      slow('a'),
      ...busy('a'),
      { do: 'cancel', job: 'a', force: true },
      offer('b'),
      ended('b', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'deleted-in-progress',
    reason: 'the job that the agent reports is not there any more',
    documented:
      'DeleteJob with force removes a job in progress; updates then answer ResourceNotFound.',
    needs: ['slow'],
    steps: [
      ...BEGIN,
      slow('a'),
      ...busy('a'),
      { do: 'delete', job: 'a', force: true },
      offer('b'),
      releaseFile('a'),
      ended('b', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'timed-out',
    reason: 'the service has given the job up before the agent is done',
    documented:
      'An execution that is IN_PROGRESS for longer than the job’s timeout is TIMED_OUT, which is terminal.',
    needs: ['slow'],
    steps: [
      ...BEGIN,
      slow('a', { timeoutMinutes: 1 }),
      ...busy('a'),
      { do: 'advance', seconds: 61 },
      offer('b'),
      releaseFile('a'),
      ended('b', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'step-timer-ran-out',
    reason: 'a step timer that was not set anew ends the execution behind the agent’s back',
    documented:
      'stepTimeoutInMinutes of an update starts a timer; when it runs out the execution is TIMED_OUT.',
    needs: ['slow'],
    steps: [
      ...BEGIN,
      slow('a'),
      ...busy('a'),
      { do: 'report-beside', job: 'a', stepTimeoutMinutes: 1 },
      { do: 'advance', seconds: 61 },
      offer('b'),
      releaseFile('a'),
      ended('b', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'retried',
    reason:
      'a retry has the job’s ID and another execution number: an agent that goes by the ID drops it',
    documented: 'Each retry is a new execution of the same job with the next execution number.',
    needs: ['fails'],
    steps: [
      ...BEGIN,
      offer('a', { document: 'fails', retries: 1 }),
      {
        do: 'until',
        what: 'report the second execution of job a',
        seen: (trace) =>
          trace
            .exchanges({ request: 'update', job: 'a', terminal: true })
            .filter(({ answer }) => answer?.accepted === true).length === 2,
      },
      ...AFTERWARDS,
    ],
    runsMax: 2,
  },
  {
    id: 'clock-a-day-ahead',
    reason: 'device and service need not agree on the time: nothing may rest on it',
    documented: 'Times in messages are the service’s.',
    steps: [
      { do: 'advance', seconds: 86_400 },
      ...BEGIN,
      offer('a'),
      ended('a', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
]
