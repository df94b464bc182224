/**
 * Requests to streams over MQTT, in JSON. Answers come to the requester whether subscribed or not, one
 * message a block, so that nothing is subscribed to.
 */
import type { CancelAlarm, Clock } from '@muster/clock'
import { accept, refuse } from '@muster/model'
import type { Reply } from '../jobs/jobs-transport.ts'
import type {
  BlocksWanted,
  StreamBlock,
  StreamFileSize,
  StreamRequests,
} from '../ota/stream-requests.ts'
import type { JobsWire } from './mqtt-jobs.ts'

/** Most content that one request is answered with, bytes. */
const ANSWER_BYTES_MAX = 131_072

type Members = Record<string, unknown>

/** A request under way. */
interface Waiting {
  readonly take: (kind: string, members: Members) => void
  readonly end: (code: string, message: string) => void
}

/** The streams that a thing reads, requests matched to answers by their token. */
export class MqttStreams implements StreamRequests {
  readonly #base: string
  readonly #wire: JobsWire
  readonly #wallClock: Clock
  readonly #timeoutMs: number
  readonly #waiting = new Map<string, Waiting>()
  #sent = 0

  /** @param timeoutMs - how long nothing may come of an answer, wall milliseconds */
  constructor(thingName: string, wire: JobsWire, wallClock: Clock, timeoutMs = 10_000) {
    this.#base = `$aws/things/${thingName}/streams/`
    this.#wire = wire
    this.#wallClock = wallClock
    this.#timeoutMs = timeoutMs
  }

  /** Whether a topic is of this thing's streams. */
  owns(topic: string): boolean {
    return topic.startsWith(this.#base)
  }

  /** Takes a message of the connection. */
  receive(topic: string, payload: Buffer): void {
    const members = parseObject(payload)
    const kind = topic.slice(this.#base.length).split('/')[1]
    if (members === undefined || kind === undefined) return
    this.#waiting.get(String(members['c']))?.take(kind, members)
  }

  /** The connection is gone, and with it the answers. */
  disconnected(): void {
    for (const { end } of this.#waiting.values()) end('Disconnected', 'connection ended')
  }

  async describe(streamId: string): Promise<Reply<readonly StreamFileSize[]>> {
    const messages = await this.#request(`${streamId}/describe/json`, {}, 'description', 1)
    if (!messages.ok) return messages
    const [{ r } = { r: [] }] = messages.value
    const files = Array.isArray(r) ? (r as { f?: unknown; z?: unknown }[]) : []
    return accept(files.map(({ f, z }) => ({ fileId: Number(f), bytes: Number(z) })))
  }

  async get(streamId: string, wanted: BlocksWanted): Promise<Reply<readonly StreamBlock[]>> {
    const { blockBytes, fileId, numbers } = wanted
    const [first = 0] = numbers
    const most = Math.min(numbers.length, Math.floor(ANSWER_BYTES_MAX / blockBytes))
    const request = { f: fileId, l: blockBytes, o: first, n: most, b: bitmapOf(numbers, first) }
    const messages = await this.#request(`${streamId}/get/json`, request, 'data', most)
    if (!messages.ok) return messages
    return accept(
      messages.value.map(({ i, p }) => ({
        number: Number(i),
        content: Buffer.from(String(p), 'base64'),
      })),
    )
  }

  /** Sends a request and waits for its messages; those that came before nothing more did count. */
  #request(
    path: string,
    request: object,
    kind: string,
    count: number,
  ): Promise<Reply<readonly Members[]>> {
    const token = (++this.#sent).toString(36)
    return new Promise((resolve) => {
      const got: Members[] = []
      let cancel: CancelAlarm = () => {}
      const done = (reply: Reply<readonly Members[]>): void => {
        cancel()
        this.#waiting.delete(token)
        resolve(reply)
      }
      const end = (code: string, message: string): void =>
        done(got.length > 0 ? accept(got) : refuse(code, message))
      const arm = (): void => {
        cancel()
        cancel = this.#wallClock.setAlarm(this.#wallClock.nowMs() + this.#timeoutMs, () =>
          end('Timeout', `no answer to \`${path}\` in ${this.#timeoutMs} ms`),
        )
      }
      const take = (answer: string, members: Members): void => {
        if (answer === 'rejected') {
          done(refuse(String(members['o']), String(members['m'])))
        } else if (answer === kind) {
          got.push(members)
          if (got.length >= count) done(accept(got))
          else arm()
        }
      }
      this.#waiting.set(token, { take, end })
      arm()
      this.#wire
        .publish(this.#base + path, JSON.stringify({ c: token, ...request }))
        .catch((cause: unknown) =>
          end('Disconnected', cause instanceof Error ? cause.message : String(cause)),
        )
    })
  }
}

/** Bit k, the least significant of a byte first, stands for block `first + k`; hexadecimal. */
function bitmapOf(numbers: readonly number[], first: number): string {
  const bits = (numbers.at(-1) ?? first) - first + 1
  const bitmap = Buffer.alloc(Math.ceil(bits / 8))
  for (const number of numbers) {
    const bit = number - first
    bitmap[bit >> 3] = (bitmap[bit >> 3] ?? 0) | (1 << (bit & 7))
  }
  return bitmap.toString('hex')
}

function parseObject(payload: Buffer): Members | undefined {
  try {
    const value: unknown = JSON.parse(payload.toString())
    return typeof value === 'object' && value !== null ? (value as Members) : undefined
  } catch {
    return undefined
  }
}
