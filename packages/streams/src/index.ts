export type { Members } from './block-request.ts'
export { hasResource } from './has-resource.ts'
export { MemoryStreamsState } from './memory-state.ts'
export {
  createOtaUpdate,
  deleteOtaUpdate,
  getOtaUpdate,
  listOtaUpdates,
  otaLocations,
} from './ota-operations.ts'
export type { KeptOtaFile, OtaUpdate } from './ota-update.ts'
export type { OtaJobs, StreamsPorts } from './ports.ts'
export type { FileFacts, S3File } from './s3-file.ts'
export type { Block } from './select-blocks.ts'
export {
  createStream,
  deleteStream,
  describeStream,
  listStreams,
  locationsAfter,
  locationsIn,
  updateStream,
  type Looked,
} from './stream-operations.ts'
export { refusals, type StreamRefusal } from './stream-refusal.ts'
export { readRequest, rejectionOf, type AskedOfStream } from './stream-requests.ts'
export {
  answerTopic,
  parseStreamTopic,
  type PayloadFormat,
  type StreamTopic,
} from './stream-topics.ts'
export type { Stream, StreamFile } from './stream.ts'
export type { ListPosition, StreamsState } from './streams-state.ts'
