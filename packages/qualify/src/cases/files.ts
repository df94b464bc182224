import type { QualifyCase } from '../qualify-case.ts'
import { AFTERWARDS, BEGIN, ended, offer } from './steps.ts'

/** Presigned links that give no file, half of one, another one, or a slow one. */
export const FILE_CASES: readonly QualifyCase[] = [
  {
    id: 'link-expired',
    reason: 'a device that was away comes too late for its link',
    documented:
      'A presigned link answers 403 after its time; DescribeJobExecution gives a new one.',
    needsFile: 'url',
    steps: [...BEGIN, offer('a', { file: 'expired' }), ended('a'), ...AFTERWARDS],
    // Trying again is no fault.
    runsMax: 10,
    judge: (trace) =>
      trace.ended('a', 'SUCCEEDED')
        ? 'it reported SUCCEEDED, but its link gave no file'
        : undefined,
  },
  {
    id: 'link-slow',
    reason: 'a slow download is no failed one',
    documented: 'S3 promises no rate.',
    needsFile: 'url',
    steps: [...BEGIN, offer('a', { file: 'slow' }), ended('a', 'SUCCEEDED'), ...AFTERWARDS],
  },
  {
    id: 'link-cut',
    reason: 'a download breaks off: half a file is no file',
    documented: 'S3 answers a Range request with the rest, 206.',
    needsFile: 'url',
    steps: [...BEGIN, offer('a', { file: 'cut-once' }), ended('a'), ...AFTERWARDS],
    runsMax: 10,
    judge: (trace) =>
      trace.ended('a', 'SUCCEEDED') && trace.fetches('a', true).length < 2
        ? 'it reported SUCCEEDED with half of its file'
        : undefined,
  },
  {
    id: 'digest-wrong',
    reason: 'what was downloaded is not what the document names: it must not be installed',
    documented: 'Documents name a digest or a signature so that devices can tell.',
    needsFile: 'sha256',
    steps: [...BEGIN, offer('a', { file: 'damaged' }), ended('a'), ...AFTERWARDS],
    runsMax: 10,
    judge: (trace) =>
      trace.ended('a', 'SUCCEEDED')
        ? 'it reported SUCCEEDED, but the bytes are not those that the digest names'
        : undefined,
  },
]
