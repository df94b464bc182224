import { seededRandom, type CancelAlarm, type Clock, type Random } from '@muster/clock'
import { MessageTimes } from '../scenario/message-times.ts'
import { DEFAULT_PAYLOAD, type Telemetry } from '../scenario/messages.ts'
import { parseTemplate, payloadText, type Template } from '../scenario/template.ts'

/** A message that is to be sent now. */
export interface OutgoingMessage {
  readonly topic: string
  readonly payload: string | Buffer
  readonly qos: 0 | 1
  readonly userProperties?: Readonly<Record<string, string>>
}

/** Who sends it, and in what time. */
export interface TelemetrySurroundings {
  readonly thing: string
  readonly group: string
  /** Seed of all that is left to chance. */
  readonly seed: number
  readonly clock: Clock
  readonly wallClock: Clock
  /** Wall time, epoch milliseconds with a fraction. */
  readonly wallMs: () => number
  readonly send: (message: OutgoingMessage) => void
}

/** One kind of telemetry of one device: makes each message at its time, whatever became of others. */
export class TelemetrySource {
  readonly #telemetry: Telemetry
  readonly #around: TelemetrySurroundings
  readonly #random: Random
  readonly #topic: Template
  readonly #payload: Template
  readonly #userProperties: readonly (readonly [string, Template])[]
  #counter = 0
  #cancel: CancelAlarm | undefined

  constructor(telemetry: Telemetry, around: TelemetrySurroundings) {
    this.#telemetry = telemetry
    this.#around = around
    this.#random = seededRandom(around.seed)
    this.#topic = templateOf(telemetry.topic)
    this.#payload = templateOf(payloadText(telemetry.payload ?? DEFAULT_PAYLOAD))
    this.#userProperties = Object.entries(telemetry.userProperties ?? {}).map(([name, text]) => [
      name,
      templateOf(text),
    ])
  }

  /** Begins; a rate's shape counts from here. */
  start(): void {
    if (this.#cancel !== undefined) return
    const beganAtMs = this.#around.wallClock.nowMs()
    const times = new MessageTimes(this.#telemetry.rate, this.#random)
    this.#await(times, beganAtMs)
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #await(times: MessageTimes, beganAtMs: number): void {
    const dueMs = beganAtMs + times.next() * 1000
    const { wallClock } = this.#around
    this.#cancel =
      dueMs === Infinity
        ? () => {}
        : wallClock.setAlarm(Math.round(dueMs), () => {
            this.#await(times, beganAtMs)
            this.#around.send(this.#message())
          })
  }

  #message(): OutgoingMessage {
    const { clock, group, thing, wallMs } = this.#around
    const facts = {
      thing,
      group,
      counter: ++this.#counter,
      timeMs: clock.nowMs(),
      sentMs: wallMs(),
      random: this.#random,
    }
    const properties = this.#userProperties.map(([name, template]) => [
      name,
      template.render(facts),
    ])
    return {
      topic: this.#topic.render(facts),
      payload: this.#payload.render(facts),
      qos: this.#telemetry.qos ?? 1,
      ...(properties.length === 0
        ? {}
        : { userProperties: Object.fromEntries(properties) as Record<string, string> }),
    }
  }
}

const parsed = new Map<string, Template>()

/** Devices of a group share what their texts were parsed to. */
function templateOf(text: string): Template {
  const known = parsed.get(text) ?? parseTemplate(text)
  parsed.set(text, known)
  return known
}
