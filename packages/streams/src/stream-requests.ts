/**
 * Requests of devices (neighbours N80 to N91), in two steps, since files are looked at in between: what
 * a request needs to know, and what is answered when that is known.
 */
import { accept, refuse } from '@muster/model'
import { readBlockRequest, readToken, type Members } from './block-request.ts'
import { FILE_BYTES_MAX, type FileFacts, type S3File } from './s3-file.ts'
import { selectBlocks, type Block } from './select-blocks.ts'
import type { StreamFile } from './stream.ts'
import {
  invalid,
  refusals,
  type StreamErrorCode,
  type StreamOutcome,
  type StreamRefusal,
} from './stream-refusal.ts'
import type { StreamTopic } from './stream-topics.ts'
import type { StreamsState } from './streams-state.ts'

/** What is answered to `describe`. */
export interface Description {
  readonly c?: string
  readonly s: number
  readonly d: string
  readonly r: readonly { readonly f: number; readonly z: number }[]
}

/** One block, its content in base64 in JSON. */
export interface BlockMessage {
  readonly c?: string
  readonly f: number
  readonly l: number
  readonly i: number
  readonly p: Uint8Array | string
}

/** A refusal as devices get it. */
export interface Rejection {
  readonly o: StreamErrorCode
  readonly m: string
  readonly c?: string
}

/** What a request asks for. */
export type AskedOfStream =
  | {
      readonly kind: 'describe'
      readonly files: readonly S3File[]
      /** @param looked - at {@link files}, in their order */
      describe(looked: readonly (FileFacts | undefined)[]): StreamOutcome<Description>
    }
  | {
      readonly kind: 'get'
      readonly file: S3File
      /** The blocks to send of the file as it is now. */
      select(facts: FileFacts | undefined): StreamOutcome<readonly Block[]>
      /** @param content - in base64 in JSON */
      message(block: Block, content: Uint8Array | string): BlockMessage
    }

/** A request that was read. */
export interface ReadRequest {
  /** Of whatever answer. */
  readonly token: string | undefined
  readonly asked: StreamOutcome<AskedOfStream>
}

/**
 * Reads a request.
 *
 * @param members - of the payload; undefined for what is no object in its format
 */
export function readRequest(
  state: Pick<StreamsState, 'stream'>,
  topic: StreamTopic,
  members: Members | undefined,
): ReadRequest {
  const token = members === undefined ? accept(undefined) : readToken(members)
  if (!token.ok) return { token: undefined, asked: token }
  return { token: token.value, asked: read(state, topic, members, token.value) }
}

/** A refusal as a message. */
export function rejectionOf(
  { code, message }: StreamRefusal,
  token: string | undefined,
): Rejection {
  return { o: code, m: message, ...(token !== undefined && { c: token }) }
}

function read(
  state: Pick<StreamsState, 'stream'>,
  topic: StreamTopic,
  members: Members | undefined,
  token: string | undefined,
): StreamOutcome<AskedOfStream> {
  const { format, isWellNamed, request, streamId } = topic
  if (!isWellNamed) return refuse('InvalidTopic', 'the topic names no thing or no stream')
  if (members === undefined) {
    const code = format === 'json' ? 'InvalidJson' : 'InvalidCbor'
    return refuse(code, `the payload is not an object in ${format.toUpperCase()}`)
  }
  const echoed = token === undefined ? {} : { c: token }
  const wanted = request === 'get' ? readBlockRequest(members, format) : undefined
  if (wanted?.ok === false) return wanted
  const stream = state.stream(streamId)
  if (stream === undefined) return absent(`stream ${streamId} does not exist`)
  if (wanted === undefined) {
    const { description: d = '', files, streamVersion: s } = stream
    return accept({
      kind: 'describe',
      files: files.map(({ s3Location }) => s3Location),
      describe: (looked) => {
        const r: { f: number; z: number }[] = []
        for (const [at, file] of files.entries()) {
          const facts = checkFile(file, looked[at])
          if (!facts.ok) return facts
          r.push({ f: file.fileId, z: facts.value.bytes })
        }
        return accept({ ...echoed, s, d, r })
      },
    })
  }
  const { fileId, streamVersion } = wanted.value
  if (streamVersion !== undefined && streamVersion !== stream.streamVersion) {
    return refuse(
      'VersionMismatch',
      `stream ${streamId} has version ${stream.streamVersion}, not ${streamVersion}`,
    )
  }
  const file = stream.files.find((one) => one.fileId === fileId)
  if (file === undefined) return absent(`stream ${streamId} has no file ${fileId}`)
  return accept({
    kind: 'get',
    file: file.s3Location,
    select: (facts) => {
      const checked = checkFile(file, facts)
      return checked.ok ? selectBlocks(wanted.value, checked.value.bytes) : checked
    },
    message: ({ byteLength, number }, p) => ({
      ...echoed,
      f: fileId,
      l: byteLength,
      i: number,
      p,
    }),
  })
}

/** neighbours N89: it must be there, and what it was when the stream was made. */
function checkFile(file: StreamFile, facts: FileFacts | undefined): StreamOutcome<FileFacts> {
  if (facts === undefined) return absent(`file ${file.fileId} is not in its bucket`)
  if (file.etag !== undefined && file.etag !== facts.etag) return refusals.changed
  if (facts.bytes > FILE_BYTES_MAX) {
    return invalid(`file ${file.fileId} has ${facts.bytes} bytes, more than ${FILE_BYTES_MAX}`)
  }
  return accept(facts)
}

function absent(message: string): StreamOutcome<never> {
  return refuse('ResourceNotFound', message)
}
