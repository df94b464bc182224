/** Scenarios in an account of others: {@link OwnNames} between what they say and what is there. */
import type { JsonObject } from '../scenario-format.ts'
import type { CallResult, ReceivedMessage, ScenarioTarget } from '../scenario-target.ts'
import { WireClient } from '../wire-clients.ts'
import type { AccountStay } from './account-stay.ts'
import { OwnNames, WRITTEN_FOR } from './own-names.ts'

const OBSERVER = 'observer'
/** Longest wait for quiet (conventions: settling), beyond the quiet itself. */
const SETTLE_MS_MAX = 5000
const CLIENT_ID_LENGTH_MAX = 128

/** A target that makes nothing but under the names of its stay. */
export class AccountTarget implements ScenarioTarget {
  readonly region: string = WRITTEN_FOR.region
  readonly accountId: string = WRITTEN_FOR.accountId
  readonly patienceMs: number
  readonly #stay: AccountStay
  readonly #clients = new Map<string, WireClient>()
  #names: OwnNames

  constructor(stay: AccountStay) {
    this.#stay = stay
    this.patienceMs = stay.options.patienceMs
    this.#names = this.#namesOf('0')
  }

  /** Names for the scenario that comes. */
  begin(scenarioId: string): void {
    this.#names = this.#namesOf(scenarioId)
  }

  /** What was made for the last scenario goes; the observer of events stays for all. */
  async reset(): Promise<void> {
    for (const [name, client] of this.#clients) {
      if (name === OBSERVER) continue
      await client.close()
      this.#clients.delete(name)
    }
    await this.#stay.removeMade()
    if (!this.#clients.has(OBSERVER)) {
      await this.#open(OBSERVER, ['$aws/events/#'], isObservedEvent)
    }
    this.takeEvents()
  }

  async nowMs(): Promise<number> {
    return this.#stay.calls.nowMs()
  }

  advance(): Promise<void> {
    return Promise.reject(new Error('this account has no clock to move'))
  }

  async operator(operation: string, args: JsonObject): Promise<CallResult> {
    return await this.#call('iot', operation, args)
  }

  async deviceHttps(operation: string, args: JsonObject): Promise<CallResult> {
    return await this.#call('iot-jobs-data', operation, args)
  }

  async connect(client: string, _thing: string, filters: readonly string[]): Promise<void> {
    await this.#open(
      client,
      filters.map((filter) => this.#names.topic(filter)),
      isServiceMessage,
    )
  }

  async publish(client: string, topic: string, payload: string): Promise<void> {
    const open = this.#clients.get(client)
    if (open === undefined) throw new Error(`no client \`${client}\` is connected`)
    await open.publish(this.#names.topic(topic), payload)
  }

  /** Nothing is attached to its things: one certificate is enough for all devices. */
  async beforeDeleteThing(): Promise<void> {}

  async settle(): Promise<void> {
    const { quietMs } = this.#stay.options
    const beganMs = performance.now()
    for (;;) {
      await Promise.all([...this.#clients.values()].map((client) => client.barrier()))
      const nowMs = performance.now()
      const heard = [...this.#clients.values()].map((client) => client.lastReceivedMs)
      const lastMs = Math.max(beganMs, ...heard)
      if (nowMs - lastMs >= quietMs || nowMs - beganMs >= quietMs + SETTLE_MS_MAX) return
      await new Promise((resolve) => setTimeout(resolve, quietMs - (nowMs - lastMs)))
    }
  }

  takeReceived(client: string): readonly ReceivedMessage[] {
    return (this.#clients.get(client)?.take() ?? []).map(({ topic, payload }) => ({
      topic: this.#names.backText(topic),
      payload: this.#names.back(payload),
    }))
  }

  /** Events of its own; what others do in the account is their affair. */
  takeEvents(): readonly ReceivedMessage[] {
    const own = this.#clients
      .get(OBSERVER)
      ?.take()
      .filter(({ topic, payload }) => this.#names.isOwn(topic + JSON.stringify(payload)))
    return (own ?? []).map(({ topic, payload }) => ({
      topic: this.#names.backText(topic),
      payload: this.#names.back(payload),
    }))
  }

  /** Leaves the wire; what is in the account is its stay's to remove. */
  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.close()))
    this.#clients.clear()
  }

  async #call(service: string, operation: string, args: JsonObject): Promise<CallResult> {
    const names = this.#names
    const result = await this.#stay.call(service, operation, names.out(args))
    const { message } = result
    return {
      ...result,
      body: names.back(result.body),
      ...(message !== undefined && { message: names.backText(message) }),
    }
  }

  async #open(
    client: string,
    filters: readonly string[],
    keeps: (topic: string) => boolean,
  ): Promise<void> {
    const { mqtt } = this.#stay.options
    await this.#clients.get(client)?.close()
    const clientId = `${this.#names.head}${client}`.slice(0, CLIENT_ID_LENGTH_MAX)
    const { barrier, identity } = this.#stay
    this.#clients.set(
      client,
      await WireClient.open(mqtt, identity, clientId, filters, keeps, barrier),
    )
  }

  #namesOf(scenarioId: string): OwnNames {
    const { prefix, run, place } = this.#stay.options
    return new OwnNames(`${prefix}-${run}-${scenarioId}-`, place)
  }
}

/** Replies and notifications; requests that a filter also matches do not count. */
function isServiceMessage(topic: string): boolean {
  return /\/(accepted|rejected|notify|notify-next|notify-namespace-[^/]+)$/.test(topic)
}

/** The runner's own clients come and go: their presence is not part of a scenario. */
function isObservedEvent(topic: string): boolean {
  return !/^\$aws\/events\/(presence|subscriptions)\//.test(topic)
}
