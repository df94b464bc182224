/**
 * What devices are refused with (neighbours N88). The codes are AWS's; of the texts one is known.
 */
import { refuse, type Outcome, type Refusal, type Refused } from '@muster/model'

/** AWS's codes; `Unauthorized` is a matter of policies, which refuse before the rules are asked. */
export type StreamErrorCode =
  | 'InvalidTopic'
  | 'InvalidJson'
  | 'InvalidCbor'
  | 'InvalidRequest'
  | 'BlockSizeOutOfBounds'
  | 'OffsetOutOfBounds'
  | 'BlockCountLimitExceeded'
  | 'BlockBitmapLimitExceeded'
  | 'ResourceNotFound'
  | 'VersionMismatch'
  | 'ETagMismatch'
  | 'InternalError'

/** A request's outcome. */
export type StreamOutcome<T> = Outcome<T, StreamErrorCode>

/** A refusal as an answer. */
export type StreamRefusal = Refusal<StreamErrorCode>

/** A refused request. */
export type StreamRefused = Refused<StreamErrorCode>

/** Refusals whose text has nothing of the request in it. */
export const refusals: {
  readonly blockSize: StreamRefused
  readonly internal: StreamRefused
  readonly changed: StreamRefused
} = {
  blockSize: refuse('BlockSizeOutOfBounds', 'The block size is out of bounds'),
  internal: refuse('InternalError', 'The server failed on this request'),
  changed: refuse('ETagMismatch', 'The file has changed since the stream was created or updated'),
}

/** `InvalidRequest`. */
export function invalid(message: string): StreamRefused {
  return refuse('InvalidRequest', message)
}
