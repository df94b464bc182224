/**
 * Scenarios against an engine in the same process: no wire, virtual time, any state.
 */
import type {
  CallResult,
  Json,
  JsonObject,
  ReceivedMessage,
  ScenarioTarget,
} from '@muster/conformance'
import { EXCEPTION_STATUSES, type Outcome } from '@muster/model'
import { JobsEngine, type JobsLimits, type JobsMessage, type JobsState } from '../src/index.ts'
import { callEngine, type JobsService } from './call-engine.ts'
import { FakeRegistry } from './fake-registry.ts'

/** An MQTT client: whose it is and which whole filters it subscribed to. */
interface Client {
  readonly filters: readonly string[]
  readonly received: ReceivedMessage[]
}

/** What a run may set. */
export interface EngineTargetOptions {
  readonly newState: () => JobsState
  readonly limits?: Partial<JobsLimits>
}

/** An engine with a fake registry and a broker of a few lines. */
export class EngineTarget implements ScenarioTarget {
  readonly region = 'us-east-1'
  readonly accountId = '123456789012'
  readonly #options: EngineTargetOptions
  readonly #clients = new Map<string, Client>()
  #events: ReceivedMessage[] = []
  #clockMs = 0
  #ids = 0
  #enabled = new Set<string>()
  registry: FakeRegistry = new FakeRegistry()
  engine: JobsEngine

  constructor(options: EngineTargetOptions) {
    this.#options = options
    this.engine = this.#newEngine()
  }

  async reset(): Promise<void> {
    this.#clockMs = Date.UTC(2026, 10, 22, 10, 20, 30, 400)
    this.#clients.clear()
    this.#events = []
    this.#enabled = new Set()
    this.registry = new FakeRegistry()
    this.engine = this.#newEngine()
  }

  async nowMs(): Promise<number> {
    return this.#clockMs
  }

  async advance(seconds: number): Promise<void> {
    const untilMs = this.#clockMs + seconds * 1000
    for (;;) {
      await this.settle()
      const dueAtMs = this.engine.nextDueAtMs()
      if (dueAtMs === undefined || dueAtMs > untilMs) break
      this.#clockMs = Math.max(this.#clockMs, dueAtMs)
    }
    this.#clockMs = untilMs
  }

  async operator(operation: string, args: JsonObject): Promise<CallResult> {
    return toResult(this.#operate(operation, args))
  }

  async deviceHttps(operation: string, args: JsonObject): Promise<CallResult> {
    return toResult(this.#call('iot-jobs-data', operation, args))
  }

  async connect(client: string, _thingName: string, filters: readonly string[]): Promise<void> {
    this.#clients.set(client, { filters, received: [] })
  }

  async publish(client: string, topic: string, payload: string): Promise<void> {
    const bytes = new TextEncoder().encode(payload)
    const answer = this.engine.mqttCall(topic)?.(bytes, this.#clockMs)
    if (answer === undefined) return
    this.#clients.get(client)?.received.push(parsed(answer.reply))
    for (const message of answer.messages) this.#route(message)
  }

  async beforeDeleteThing(): Promise<void> {}

  async settle(): Promise<void> {
    while (this.engine.runDue(this.#clockMs, 10)) continue
  }

  takeReceived(client: string): readonly ReceivedMessage[] {
    return this.#clients.get(client)?.received.splice(0) ?? []
  }

  takeEvents(): readonly ReceivedMessage[] {
    return this.#events.splice(0)
  }

  async close(): Promise<void> {}

  #newEngine(): JobsEngine {
    return new JobsEngine({
      account: this,
      state: this.#options.newState(),
      registry: this.registry,
      publish: (message) => this.#route(message),
      newId: () => `id-${(this.#ids += 1)}`,
      presign: (method, url, expiresInSec, nowMs) =>
        `${decodeURIComponent(url)}?X-Amz-Signature=${method}-${nowMs}-${expiresInSec}`,
      eventsEnabled: (eventType) => this.#enabled.has(eventType),
      ...(this.#options.limits !== undefined && { limits: this.#options.limits }),
    })
  }

  #operate(operation: string, args: JsonObject): Outcome<object> {
    const { registry, engine } = this
    const thingName = String(args['thingName'])
    const group = String(args['thingGroupName'])
    const done: Outcome<object> = { ok: true, value: {} }
    switch (operation) {
      case 'CreateThing':
        registry.things.add(thingName)
        return done
      case 'DeleteThing':
        for (const [name, members] of registry.members) {
          if (members.delete(thingName)) {
            engine.onMembershipChanged(thingName, name, false, this.#clockMs)
          }
        }
        registry.things.delete(thingName)
        engine.onThingDeleted(thingName, this.#clockMs)
        return done
      case 'CreateThingGroup': {
        const parent = args['parentGroupName']
        registry.addGroup(group, typeof parent === 'string' ? parent : undefined)
        return done
      }
      case 'AddThingToThingGroup':
        if (registry.members.get(group)?.has(thingName) === false) {
          registry.members.get(group)?.add(thingName)
          engine.onMembershipChanged(thingName, group, true, this.#clockMs)
        }
        return done
      case 'RemoveThingFromThingGroup':
        registry.members.get(group)?.delete(thingName)
        engine.onMembershipChanged(thingName, group, false, this.#clockMs)
        return done
      case 'UpdateEventConfigurations': {
        const given = args['eventConfigurations'] as Record<string, { Enabled: boolean }>
        for (const [type, { Enabled }] of Object.entries(given)) {
          if (Enabled) this.#enabled.add(type)
          else this.#enabled.delete(type)
        }
        return done
      }
      default:
        return this.#call('iot', operation, args)
    }
  }

  #call(service: JobsService, operation: string, args: JsonObject): Outcome<object> {
    return callEngine(this.engine, service, operation, args, this.#clockMs)
  }

  #route(message: JobsMessage): void {
    if (message.topic.startsWith('$aws/events/')) {
      this.#events.push(parsed(message))
      return
    }
    for (const { filters, received } of this.#clients.values()) {
      if (filters.includes(message.topic)) received.push(parsed(message))
    }
  }
}

function parsed({ topic, payload }: JobsMessage): ReceivedMessage {
  return { topic, payload: JSON.parse(payload) as Json }
}

/** As the wire would show it: dates are epoch seconds. */
function toResult(outcome: Outcome<object>): CallResult {
  if (outcome.ok) return { status: 200, body: wire(outcome.value) }
  const { code, message, members } = outcome.error
  return { status: EXCEPTION_STATUSES[code], error: code, body: wire({ message, ...members }) }
}

function wire(value: object): Json {
  const text = JSON.stringify(value, function (this: Record<string, unknown>, key, given: unknown) {
    const own = this[key]
    return own instanceof Date ? own.getTime() / 1000 : given
  })
  return JSON.parse(text) as Json
}
