import type { QualifyCase } from '../qualify-case.ts'
import { AFTERWARDS, BEGIN, busy, ended, offer, QUIET, releaseFile, slow } from './steps.ts'

/** Jobs as they should be, and documents that are not. */
export const DOCUMENT_CASES: readonly QualifyCase[] = [
  {
    id: 'happy-path',
    reason: 'an agent that cannot do one plain job can do nothing else',
    documented:
      'A device that is told of a job by notify-next starts it, and ends it with UpdateJobExecution.',
    steps: [...BEGIN, offer('a'), ended('a', 'SUCCEEDED'), QUIET],
  },
  {
    id: 'queued-before-start',
    reason: 'most jobs are made while a device is away: no notification will tell of them',
    documented:
      'A device that connects asks for pending executions, since notifications are sent only when the list changes.',
    steps: [offer('a'), { do: 'start' }, ended('a', 'SUCCEEDED'), QUIET],
  },
  {
    id: 'document-unknown',
    reason: 'a fleet has agents of several ages: one meets a document that it does not know',
    documented:
      'REJECTED is for a device that cannot carry out the request; the next job is sent only after the execution has ended.',
    needs: ['unknown'],
    steps: [...BEGIN, offer('a', { document: 'unknown' }), ended('a'), ...AFTERWARDS],
    judge: (trace) =>
      trace.ended('a', 'SUCCEEDED')
        ? 'it reported SUCCEEDED for a document that it does not know'
        : undefined,
  },
  {
    id: 'document-malformed',
    reason: 'a document that is not what the parser expects must not take the agent down',
    documented:
      'A job document is any JSON document; its meaning is between the operator and the device.',
    steps: [
      ...BEGIN,
      offer('a', {
        document: { literal: { operation: ['not', { a: 'name' }], steps: 'none', url: null } },
      }),
      ended('a'),
      ...AFTERWARDS,
    ],
    judge: (trace) =>
      trace.ended('a', 'SUCCEEDED')
        ? 'it reported SUCCEEDED for a document without sense'
        : undefined,
  },
  {
    id: 'document-empty',
    reason: 'an empty document names nothing to do, and must end all the same',
    documented:
      'A job document is any JSON document; its meaning is between the operator and the device.',
    steps: [...BEGIN, offer('a', { document: { literal: {} } }), ended('a'), ...AFTERWARDS],
  },
  {
    id: 'document-large',
    reason: 'buffers of agents are smaller than the documents that AWS allows',
    documented: 'A job document may have 32 KB.',
    steps: [...BEGIN, offer('a', { padding: 30_000 }), ended('a', 'SUCCEEDED'), ...AFTERWARDS],
  },
  {
    id: 'job-fails',
    reason: 'a failure that is not reported as one is counted as a success, and no abort follows',
    documented:
      'FAILED is a terminal status that a device sets; abort criteria and retries go by it.',
    needs: ['fails'],
    steps: [...BEGIN, offer('a', { document: 'fails' }), ended('a', 'FAILED'), ...AFTERWARDS],
  },
  {
    id: 'two-queued',
    reason: 'agents were found to stop after the first job of several',
    documented:
      'StartNextPendingJobExecution gives the executions in the order in which they were queued.',
    steps: [
      offer('a'),
      offer('b'),
      { do: 'start' },
      ended('a', 'SUCCEEDED'),
      ended('b', 'SUCCEEDED'),
      QUIET,
    ],
  },
  {
    id: 'queued-while-busy',
    reason: 'a new job must neither replace the one in hand nor be forgotten',
    documented:
      'notify-next is sent when the next execution changes: a job that comes while one is in progress is announced when that has ended.',
    needs: ['slow'],
    steps: [
      ...BEGIN,
      slow('a'),
      ...busy('a'),
      offer('b'),
      releaseFile('a'),
      ended('a', 'SUCCEEDED'),
      ended('b', 'SUCCEEDED'),
      QUIET,
    ],
  },
]
