/**
 * The rules of streams and OTA updates in the server: requests of clients from the broker go in, blocks
 * come out, read from the file as they are sent.
 */
import type { Broker, ReservedCall, ReservedRequest } from '@muster/broker'
import {
  answerTopic,
  parseStreamTopic,
  readRequest,
  refusals,
  rejectionOf,
  type AskedOfStream,
  type Block,
  type StreamRefusal,
  type StreamsPorts,
  type StreamTopic,
} from '@muster/streams'
import type { Refusals } from '../decisions/refusals.ts'
import type { AnsweredOverMqtt } from '../mqtt-operations.ts'
import { decodePayload, encodePayload } from '../payload-format.ts'
import { InTurns } from './in-turns.ts'
import type { OpenStreamFile, StreamFiles } from './stream-files.ts'

/** What the rules are joined to. */
export interface StreamShellPorts extends StreamsPorts {
  readonly files: StreamFiles
  readonly broker: Pick<Broker, 'isConnected' | 'replyDirect'>
  readonly refusals: Pick<Refusals, 'deviceRequest'>
  /** Whether a request is above the account's rate (neighbours N91); counts it when it is not. */
  readonly throttled?: (operation: StreamRequestName) => boolean
  /** Told of a request that threw: a bug, or a disk that cannot be read. */
  readonly onFault: (cause: unknown) => void
  /** Told of every request over MQTT that was answered. */
  readonly answered: AnsweredOverMqtt
}

/** Requests of devices, as metrics and rates know them. */
export type StreamRequestName = 'DescribeStream' | 'GetStream'

/** The service of streams in a server. */
export interface StreamShell {
  /** For the rules of operations. */
  readonly ports: StreamsPorts
  readonly files: Pick<StreamFiles, 'look'>
  /**
   * What clients' publishes to a request topic call: it answers the connection alone.
   *
   * @returns undefined for another topic
   */
  reserved(topic: string): ReservedCall | undefined
  /** Resolves when every request so far is answered. */
  settled(): Promise<void>
}

/**
 * Reads of files under way at once: with 128 KB each they hold 1 MB, and no more file handles than that.
 * A thread stays free of libuv's four however long a disk takes for one, by their going in turns.
 */
const TURNS = { underWayMax: 8, waitingMax: 100_000, waitingOfOneMax: 100 }

/** What a request is answered with, besides blocks that went before. */
type Answered = StreamRefusal | undefined

/** Starts the service. */
export function startStreams(shell: StreamShellPorts): StreamShell {
  const turns = new InTurns(TURNS)
  return {
    ports: shell,
    files: shell.files,
    settled: () => turns.idle(),
    reserved: (name) => {
      const topic = parseStreamTopic(name)
      if (topic === undefined) return undefined
      const operation = topic.request === 'get' ? 'GetStream' : 'DescribeStream'
      return (request) => {
        if (shell.throttled?.(operation) === true) {
          return tellRefused(shell, operation, topic, request, {
            code: 'Throttled',
            message: `the rate of requests to streams is exceeded`,
          })
        }
        const isTaken = turns.take(request.connectionId, () =>
          answer(shell, operation, topic, request).catch(shell.onFault),
        )
        if (isTaken) return
        tellRefused(shell, operation, topic, request, {
          code: 'Throttled',
          message: 'too many requests to streams wait already',
        })
      }
    },
  }
}

/** Answers one request; whatever goes wrong is told. */
async function answer(
  shell: StreamShellPorts,
  operation: StreamRequestName,
  topic: StreamTopic,
  request: ReservedRequest,
): Promise<void> {
  if (!shell.broker.isConnected(request.connectionId)) return
  const startedMs = performance.now()
  const members = decodePayload(topic.format, request.payload)
  const { asked, token } = readRequest(shell.state, topic, members)
  let refusal: Answered
  try {
    refusal = asked.ok ? await serve(shell, topic, request, asked.value) : asked.error
  } catch (cause) {
    shell.onFault(cause)
    refusal = refusals.internal.error
  }
  if (refusal !== undefined) {
    reply(shell, topic, request, 'rejected', rejectionOf(refusal, token))
    tellRefused(shell, operation, topic, request, refusal)
  }
  shell.answered(operation, statusOf(refusal), performance.now() - startedMs)
}

async function serve(
  shell: StreamShellPorts,
  topic: StreamTopic,
  request: ReservedRequest,
  asked: AskedOfStream,
): Promise<Answered> {
  if (asked.kind === 'describe') {
    const described = asked.describe(await shell.files.look(asked.files))
    if (!described.ok) return described.error
    reply(shell, topic, request, 'description', described.value)
    return undefined
  }
  const file = await shell.files.open(asked.file)
  try {
    const blocks = asked.select(file?.facts)
    if (!blocks.ok) return blocks.error
    if (file !== undefined) await sendBlocks(shell, topic, request, asked, file, blocks.value)
    return undefined
  } finally {
    await file?.close()
  }
}

/** A run of blocks without a gap is read at once: together they are never more than an answer may be. */
async function sendBlocks(
  shell: StreamShellPorts,
  topic: StreamTopic,
  request: ReservedRequest,
  asked: Extract<AskedOfStream, { kind: 'get' }>,
  file: OpenStreamFile,
  blocks: readonly Block[],
): Promise<void> {
  for (const run of runsOf(blocks)) {
    const [first] = run
    const last = run.at(-1)
    if (first === undefined || last === undefined) return
    const bytes = await file.read(first.start, last.start + last.byteLength - first.start)
    for (const block of run) {
      const from = block.start - first.start
      const content = bytes.subarray(from, from + block.byteLength)
      const written = topic.format === 'json' ? Buffer.from(content).toString('base64') : content
      reply(shell, topic, request, 'data', asked.message(block, written))
    }
  }
}

function runsOf(blocks: readonly Block[]): readonly (readonly Block[])[] {
  const runs: Block[][] = []
  for (const block of blocks) {
    const run = runs.at(-1)
    if (run?.at(-1)?.number === block.number - 1) run.push(block)
    else runs.push([block])
  }
  return runs
}

/** neighbours N80, N91: to the connection that asked, at the quality that it asked with. */
function reply(
  { broker }: StreamShellPorts,
  topic: StreamTopic,
  { connectionId, qos }: ReservedRequest,
  kind: 'description' | 'data' | 'rejected',
  message: object,
): void {
  const payload = encodePayload(topic.format, message)
  broker.replyDirect(connectionId, {
    topic: answerTopic(topic, kind),
    payload,
    qos,
    isQosFixed: true,
  })
}

function tellRefused(
  shell: StreamShellPorts,
  operation: StreamRequestName,
  { thingName }: StreamTopic,
  { clientId, principalId, sourceIp, topic }: ReservedRequest,
  { code, message }: { readonly code: string; readonly message: string },
): void {
  const who = { clientId, principalId, sourceIp, thingName }
  shell.refusals.deviceRequest({
    kind: 'stream',
    action: `iot:${operation}`,
    topic,
    code,
    message,
    ...who,
  })
}

/** As over HTTPS, for metrics. */
function statusOf(refusal: Answered): number {
  if (refusal === undefined) return 200
  if (refusal.code === 'ResourceNotFound') return 404
  return refusal.code === 'InternalError' ? 500 : 400
}
