import type { QualifyCase } from '../qualify-case.ts'
import { AFTERWARDS, BEGIN, busy, ended, fault, offer, releaseFile, slow } from './steps.ts'

/** Answers that do not come, come late, twice, or say no. */
export const REPLY_CASES: readonly QualifyCase[] = [
  {
    id: 'start-reply-lost',
    reason: 'the service has started the execution, and the agent does not know',
    documented:
      'StartNextPendingJobExecution gives an execution that is in progress again, so that it may be asked twice.',
    steps: [
      // No notification is to come to its help.
      offer('a'),
      fault({ on: 'answer', request: 'first-of-job', job: 'a', does: 'lose' }),
      { do: 'start' },
      ended('a', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'terminal-reply-lost',
    reason:
      'an end that was accepted and not heard of must not make the agent run the job again or stop',
    documented:
      'A second terminal update is answered with InvalidStateTransition and the state that the execution has.',
    steps: [
      fault({ on: 'answer', request: 'update', terminal: true, job: 'a', does: 'lose' }),
      ...BEGIN,
      offer('a'),
      ended('a', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'update-lost',
    reason: 'an end that never reached the service leaves the job IN_PROGRESS for ever',
    documented:
      'An update is in force once it is accepted; a device that gets no answer asks again.',
    steps: [
      fault({ on: 'request', request: 'update', terminal: true, job: 'a', does: 'lose' }),
      ...BEGIN,
      offer('a'),
      ended('a', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'version-mismatch',
    reason: 'somebody else has updated the execution: the version that the agent expects is old',
    documented:
      'With expectedVersion an update of another version is refused with VersionMismatch and the execution’s state.',
    needs: ['slow'],
    steps: [
      ...BEGIN,
      slow('a'),
      ...busy('a'),
      { do: 'report-beside', job: 'a' },
      releaseFile('a'),
      ended('a', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'update-throttled',
    reason: 'AWS throttles, and an end that is not sent again is lost',
    documented: 'RequestThrottled asks for the same request later, with growing waits.',
    steps: [
      fault({
        on: 'request',
        request: 'update',
        terminal: true,
        job: 'a',
        does: { refuse: 'RequestThrottled' },
        times: 2,
      }),
      ...BEGIN,
      offer('a'),
      ended('a', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'start-internal-error',
    reason:
      'a fault of the service’s own passes; a device that gave up would wait for the next job',
    documented:
      'InternalError: something is wrong on the side of the service, and the request may be sent again.',
    steps: [
      offer('a'),
      fault({
        on: 'request',
        request: 'first-of-job',
        does: { refuse: 'InternalError' },
        times: 2,
      }),
      { do: 'start' },
      ended('a', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'replies-slow',
    reason: 'over a poor network every answer takes seconds',
    documented: 'No time is promised for an answer.',
    steps: [
      fault({ on: 'answer', does: { delayMs: 2500 }, times: 1000 }),
      ...BEGIN,
      offer('a'),
      ended('a', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
  {
    id: 'replies-duplicated',
    reason: 'messages of QoS 1 may come twice',
    documented: 'QoS 1 delivers at least once.',
    steps: [
      fault({ on: 'answer', does: 'duplicate', times: 1000 }),
      ...BEGIN,
      offer('a'),
      ended('a', 'SUCCEEDED'),
      offer('b'),
      ended('b', 'SUCCEEDED'),
      ...AFTERWARDS,
    ],
  },
]
