/**
 * Streams as operators see them (neighbours N76 to N79).
 */
import type * as Iot from '@aws-sdk/client-iot'
import { accept, invalidRequest, iotArn, refuse, type Outcome, type Refused } from '@muster/model'
import { listPage } from './list-page.ts'
import type { StreamsPorts } from './ports.ts'
import { FILE_BYTES_MAX, readLocation, s3Name, type FileFacts, type S3File } from './s3-file.ts'
import type { Stream, StreamFile } from './stream.ts'

/** Streams of an account (neighbours N79). */
export const STREAMS_MAX = 10_000
/** Files of a stream; the model says 50 (neighbours N77). */
export const FILES_MAX = 10

/** What is known of files, in the order of the request's; undefined for one that is not there. */
export type Looked = readonly (FileFacts | undefined)[]

/** The files of a request, to look at before it is applied; none where it is refused anyway. */
export function locationsIn(files: readonly Iot.StreamFile[] | undefined): readonly S3File[] {
  const read = readFiles(files ?? [])
  return read.ok ? read.value.map(({ s3Location }) => s3Location) : []
}

/**
 * Makes a stream. InvalidRequestException, ResourceAlreadyExistsException, LimitExceededException for
 * the 10,001st. A file that is not there is no fault (neighbours N79).
 *
 * @param looked - at {@link locationsIn} of its files
 */
export function createStream(
  ports: StreamsPorts,
  input: Iot.CreateStreamRequest,
  looked: Looked,
  nowMs: number,
): Outcome<Iot.CreateStreamResponse> {
  const { streamId = '', roleArn = '', description, files, tags } = input
  const read = readFiles(files ?? [])
  if (!read.ok) return read
  const refused = sizeFault(read.value, looked)
  if (refused !== undefined) return refused
  const tagged = ports.checkTags(tags)
  if (!tagged.ok) return tagged
  const streamArn = iotArn(ports.account, 'stream', streamId)
  if (ports.state.stream(streamId) !== undefined) {
    const members = { resourceId: streamId, resourceArn: streamArn }
    return refuse('ResourceAlreadyExistsException', `Stream ${streamId} already exists.`, members)
  }
  const full = fullFault(ports)
  if (full !== undefined) return full
  const stream: Stream = {
    streamId,
    streamArn,
    streamVersion: 1,
    ...(description !== undefined && { description }),
    files: withTags(read.value, looked),
    roleArn,
    createdAtMs: nowMs,
    lastUpdatedAtMs: nowMs,
  }
  ports.state.putStream(stream)
  ports.setTags(streamArn, tags)
  return accept(answerOf(stream))
}

/** LimitExceededException where no further stream fits. */
export function fullFault(ports: StreamsPorts): Refused | undefined {
  if (ports.state.countStreams() < STREAMS_MAX) return undefined
  return refuse('LimitExceededException', `The account has ${STREAMS_MAX} streams.`)
}

/** The files that a stream has after an update, to look at before; none for an unknown stream. */
export function locationsAfter(
  { state }: StreamsPorts,
  { streamId = '', files }: Iot.UpdateStreamRequest,
): readonly S3File[] {
  if (files !== undefined) return locationsIn(files)
  return (state.stream(streamId)?.files ?? []).map(({ s3Location }) => s3Location)
}

/**
 * Changes what is given, and takes the files as they are now; the version is one more. Refuses with
 * ResourceNotFoundException, InvalidRequestException.
 *
 * @param looked - at {@link locationsAfter}
 */
export function updateStream(
  ports: StreamsPorts,
  input: Iot.UpdateStreamRequest,
  looked: Looked,
  nowMs: number,
): Outcome<Iot.UpdateStreamResponse> {
  const { streamId = '', description, files, roleArn } = input
  const before = ports.state.stream(streamId)
  if (before === undefined) return noSuchStream(streamId)
  const read = files === undefined ? accept(before.files) : readFiles(files)
  if (!read.ok) return read
  const refused = sizeFault(read.value, looked)
  if (refused !== undefined) return refused
  const stream: Stream = {
    ...before,
    ...(description !== undefined && { description }),
    ...(roleArn !== undefined && { roleArn }),
    files: withTags(read.value, looked),
    streamVersion: before.streamVersion + 1,
    lastUpdatedAtMs: nowMs,
  }
  ports.state.putStream(stream)
  return accept(answerOf(stream))
}

/** ResourceNotFoundException. */
export function describeStream(
  { state }: StreamsPorts,
  { streamId = '' }: Iot.DescribeStreamRequest,
): Outcome<Iot.DescribeStreamResponse> {
  const stream = state.stream(streamId)
  if (stream === undefined) return noSuchStream(streamId)
  const streamInfo: Iot.StreamInfo = {
    ...answerOf(stream),
    files: stream.files.map(({ fileId, s3Location }) => ({ fileId, s3Location })),
    createdAt: new Date(stream.createdAtMs),
    lastUpdatedAt: new Date(stream.lastUpdatedAtMs),
    roleArn: stream.roleArn,
  }
  return accept({ streamInfo })
}

/** ResourceNotFoundException; DeleteConflictException while the OTA update that made it is there. */
export function deleteStream(
  ports: StreamsPorts,
  { streamId = '' }: Iot.DeleteStreamRequest,
): Outcome<Iot.DeleteStreamResponse> {
  const stream = ports.state.stream(streamId)
  if (stream === undefined) return noSuchStream(streamId)
  if (stream.otaUpdateId !== undefined) {
    return refuse(
      'DeleteConflictException',
      `Stream ${streamId} belongs to OTA update ${stream.otaUpdateId}; delete that with deleteStream.`,
    )
  }
  removeStream(ports, stream)
  return accept({})
}

/** Forgets a stream and its tags. */
export function removeStream({ state, forgetTags }: StreamsPorts, stream: Stream): void {
  state.deleteStream(stream.streamId)
  forgetTags(stream.streamArn)
}

/** The newest first, unless asked for the other order. InvalidRequestException for a bad token. */
export function listStreams(
  { state }: StreamsPorts,
  input: Iot.ListStreamsRequest,
): Outcome<Iot.ListStreamsResponse> {
  const { ascendingOrder = false } = input
  const page = listPage<Stream>(
    `streams ${ascendingOrder}`,
    input,
    ({ createdAtMs, streamId }) => ({ createdAtMs, id: streamId }),
    (after, limit) => state.streams(ascendingOrder, after, limit),
  )
  if (!page.ok) return page
  const { items, nextToken } = page.value
  return accept({ streams: items.map(answerOf), nextToken })
}

/** What most operations tell of a stream. */
function answerOf({
  streamId,
  streamArn,
  streamVersion,
  description,
}: Stream): Iot.CreateStreamResponse {
  return { streamId, streamArn, streamVersion, description }
}

function noSuchStream(streamId: string): Refused {
  return refuse('ResourceNotFoundException', `Stream ${streamId} cannot be found.`)
}

function readFiles(files: readonly Iot.StreamFile[]): Outcome<readonly StreamFile[]> {
  if (files.length < 1 || files.length > FILES_MAX) {
    return invalidRequest(`A stream must have 1 to ${FILES_MAX} files, not ${files.length}.`)
  }
  const read: StreamFile[] = []
  for (const { fileId, s3Location } of files) {
    if (fileId === undefined) return invalidRequest('Every file of a stream must have a fileId.')
    const location = readLocation(s3Location, `file ${fileId}`)
    if (!location.ok) return location
    if (read.some((other) => other.fileId === fileId)) {
      return invalidRequest(`fileId ${fileId} is given twice.`)
    }
    read.push({ fileId, s3Location: location.value })
  }
  return accept(read)
}

function sizeFault(files: readonly StreamFile[], looked: Looked): Refused | undefined {
  const at = looked.findIndex((facts) => (facts?.bytes ?? 0) > FILE_BYTES_MAX)
  const file = files[at]
  if (file === undefined) return undefined
  const name = s3Name(file.s3Location)
  return invalidRequest(
    `${name} has ${looked[at]?.bytes} bytes; a file of a stream may have ${FILE_BYTES_MAX}.`,
  )
}

function withTags(files: readonly StreamFile[], looked: Looked): readonly StreamFile[] {
  return files.map(({ fileId, s3Location }, at) => {
    const etag = looked[at]?.etag
    return { fileId, s3Location, ...(etag !== undefined && { etag }) }
  })
}
