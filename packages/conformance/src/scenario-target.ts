/**
 * What a scenario is run against: a server over its wire, or an engine in the same process.
 */
import type { Json, JsonObject } from './scenario-format.ts'

/** The answer to one call. */
export interface CallResult {
  /** HTTP status. */
  readonly status: number
  /** Exception name, on failure. */
  readonly error?: string
  /** What a refusal says. */
  readonly message?: string
  /** By lower-case name. */
  readonly headers?: Readonly<Record<string, string>>
  /** The response body as JSON. */
  readonly body: Json
}

/** A message that a client received: its topic whole, its payload parsed when it is JSON. */
export interface ReceivedMessage {
  readonly topic: string
  readonly payload: Json
}

/** Everything scenarios act on and look at. */
export interface ScenarioTarget {
  readonly region: string
  readonly accountId: string
  /** How long a step may take to bring about what it must, beyond settling; none when absent. */
  readonly patienceMs?: number
  /** Empties the account. */
  reset(): Promise<void>
  /** The server's clock, epoch milliseconds. */
  nowMs(): Promise<number>
  advance(seconds: number): Promise<void>
  operator(operation: string, args: JsonObject): Promise<CallResult>
  deviceHttps(operation: string, args: JsonObject): Promise<CallResult>
  /** Opens an MQTT client of a thing, subscribed to whole filters with QoS 1. */
  connect(client: string, thingName: string, filters: readonly string[]): Promise<void>
  publish(client: string, topic: string, payload: string): Promise<void>
  /** Before DeleteThing: detaches the thing's certificate. */
  beforeDeleteThing(thingName: string): Promise<void>
  /** Waits until nothing moves any more. */
  settle(): Promise<void>
  /** Takes what a client received since the last call, in order. */
  takeReceived(client: string): readonly ReceivedMessage[]
  /** Takes what was seen on `$aws/events/#` since the last call. */
  takeEvents(): readonly ReceivedMessage[]
  close(): Promise<void>
}
