/** An operator's calls, signed with SigV4; some with a key that is wrong, which must be denied. */
import {
  CreateThingCommand,
  DeleteThingCommand,
  DescribeThingCommand,
  IoTClient,
  ListThingsCommand,
  UpdateThingCommand,
} from '@aws-sdk/client-iot'
import { machineMs } from '@muster/fleet'
import type { Expectation, Tally } from '../tally.ts'
import type { Work, WorkOptions } from '../worker/work.ts'
import type { Operator } from '../worker/worker-messages.ts'
import { Mix } from './mix.ts'

const UNDER_WAY_MAX = 200
const SOCKETS_MAX = 64

type Call = 'create' | 'describe' | 'update' | 'list' | 'delete' | 'denied'

/** Calls on things of its own, that are gone when it ends. */
export class ControlPlaneWork implements Work {
  readonly connected = 0
  readonly #tally: () => Tally
  readonly #client: IoTClient
  readonly #stranger: IoTClient
  readonly #prefix: string
  readonly #calls = new Mix<Call>([
    ['create', 0.2],
    ['describe', 0.35],
    ['update', 0.1],
    ['list', 0.1],
    ['delete', 0.2],
    ['denied', 0.05],
  ])
  readonly #things: string[] = []
  #made = 0
  #underWay = 0

  constructor({ start, tally }: WorkOptions) {
    this.#tally = tally
    const { answerWithinMs, operator, runId } = start
    if (operator === undefined) throw new Error('the control plane needs an operator')
    this.#prefix = `load-${runId}-${process.pid}`
    this.#client = clientOf(operator, answerWithinMs)
    const secretAccessKey = `${operator.credentials.secretAccessKey}-wrong`
    const credentials = { ...operator.credentials, secretAccessKey }
    this.#stranger = clientOf({ ...operator, credentials }, answerWithinMs)
  }

  get underWay(): number {
    return this.#underWay
  }

  async open(): Promise<void> {
    // One to describe from the first moment.
    await this.#client.send(new CreateThingCommand({ thingName: this.#newName() }))
    this.#things.push(this.#lastName())
  }

  arrive(intendedMs: number): boolean {
    if (this.#underWay >= UNDER_WAY_MAX) return false
    const call = this.#calls.next()
    const { sums } = this.#tally()
    sums.sent++
    sums.messages++
    this.#underWay++
    void this.#ask(call, intendedMs).finally(() => this.#underWay--)
    return true
  }

  async rollCall(): Promise<void> {}

  async close(): Promise<void> {
    for (const thingName of this.#things.splice(0)) {
      await this.#client.send(new DeleteThingCommand({ thingName })).catch(() => {})
    }
    this.#client.destroy()
    this.#stranger.destroy()
  }

  async #ask(call: Call, intendedMs: number): Promise<void> {
    const expected: Expectation = call === 'denied' ? 'denied' : 'allowed'
    const [kind, send] = this.#request(call)
    try {
      await send()
      this.#tally().answered(kind, expected, 'allowed', machineMs() - intendedMs)
    } catch (cause) {
      this.#failed(kind, expected, cause as AwsError, machineMs() - intendedMs)
    }
  }

  #request(call: Call): readonly [kind: string, send: () => Promise<unknown>] {
    const [thingName = ''] = this.#things
    switch (call) {
      case 'create': {
        const made = this.#newName()
        const create = async (): Promise<void> => {
          await this.#client.send(new CreateThingCommand({ thingName: made }))
          this.#things.push(made)
        }
        return ['CreateThing', create]
      }
      case 'delete': {
        // The first one stays, for the others to be asked of.
        const gone = this.#things.length > 1 ? this.#things.pop() : undefined
        const input = { thingName: gone ?? `${this.#prefix}-none` }
        return ['DeleteThing', () => this.#client.send(new DeleteThingCommand(input))]
      }
      case 'describe':
        return ['DescribeThing', () => this.#client.send(new DescribeThingCommand({ thingName }))]
      case 'update': {
        const attributes = { seen: String(Math.round(machineMs())) }
        const input = { thingName, attributePayload: { attributes, merge: true } }
        return ['UpdateThing', () => this.#client.send(new UpdateThingCommand(input))]
      }
      case 'list':
        return ['ListThings', () => this.#client.send(new ListThingsCommand({ maxResults: 25 }))]
      case 'denied':
        return [
          'DescribeThing with a wrong key',
          () => this.#stranger.send(new DescribeThingCommand({ thingName })),
        ]
    }
  }

  #failed(kind: string, expected: Expectation, cause: AwsError, latencyMs: number): void {
    const tally = this.#tally()
    const status = cause.$metadata?.httpStatusCode
    if (status === 403) tally.answered(kind, expected, 'denied', latencyMs)
    else if (status === 429 || cause.name === 'ThrottlingException') {
      tally.answered(kind, expected, 'throttled', latencyMs)
    } else if (cause.name === 'TimeoutError') tally.timedOut(kind)
    else tally.failed(kind, (cause as { code?: string }).code ?? cause.name)
  }

  #newName(): string {
    this.#made++
    return this.#lastName()
  }

  #lastName(): string {
    return `${this.#prefix}-${this.#made}`
  }
}

interface AwsError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number }
}

/** A client that tries once: what fails is counted, not hidden. */
function clientOf({ controlUrl, credentials, region }: Operator, timeoutMs: number): IoTClient {
  const { sessionToken, ...keys } = credentials
  return new IoTClient({
    region,
    credentials: sessionToken === undefined ? keys : { ...keys, sessionToken },
    maxAttempts: 1,
    requestHandler: {
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      httpsAgent: { maxSockets: SOCKETS_MAX },
      httpAgent: { maxSockets: SOCKETS_MAX },
    },
    ...(controlUrl === undefined ? {} : { endpoint: controlUrl }),
  })
}
