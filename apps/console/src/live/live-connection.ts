/**
 * The page's MQTT connection: signed WebSocket, the event topics, and a new signature for every
 * attempt to connect again.
 */
import mqtt, { type MqttClient } from 'mqtt'
import { errorInWords } from '../aws/aws-error.ts'
import { mqttUrl } from '../aws/mqtt-url.ts'
import type { Session } from '../session/session.ts'
import { liveEvent, liveTopicFilters, type LiveEvent } from './live-event.ts'

/** How the connection is doing, with the reason when it is not live. */
export type LiveState =
  | { readonly name: 'connecting' }
  | { readonly name: 'live' }
  | { readonly name: 'offline'; readonly reason: string }

type Listener = (event: LiveEvent) => void

/** Milliseconds between attempts to connect. */
const reconnectPeriodMs = 3000

/** A connection that keeps itself up until it is closed. */
export class LiveConnection {
  readonly #session: () => Promise<Session>
  readonly #listeners = new Set<Listener>()
  readonly #watchers = new Set<() => void>()
  #state: LiveState = { name: 'connecting' }
  #client: MqttClient | undefined
  #closed = false

  /** @param session - finds the session, its data endpoint included; asked again after a failure */
  constructor(session: () => Promise<Session>) {
    this.#session = session
  }

  get state(): LiveState {
    return this.#state
  }

  /** Calls `listener` with each event; the returned function ends that. */
  onEvent(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Calls `watcher` after each change of {@link state}; the returned function ends that. */
  onState(watcher: () => void): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /** Connects and stays connected. A failure shows in {@link state} and is tried again. */
  async open(): Promise<void> {
    let url: string
    try {
      url = await this.#sign()
    } catch (cause) {
      this.#become({ name: 'offline', reason: errorInWords(cause).message })
      if (!this.#closed) setTimeout(() => void this.open(), reconnectPeriodMs)
      return
    }
    if (this.#closed) return
    const client = mqtt.connect(url, {
      clientId: `muster-console-${crypto.randomUUID()}`,
      protocolVersion: 4,
      clean: true,
      keepalive: 30,
      reconnectPeriod: reconnectPeriodMs,
      transformWsUrl: () => url,
    })
    this.#client = client
    client.on('connect', () => void this.#subscribe(client))
    client.on('message', (topic, payload) => this.#receive(topic, payload))
    client.on('error', (error) => this.#become({ name: 'offline', reason: error.message }))
    client.on('close', () => {
      if (this.#closed) return
      if (this.#state.name !== 'offline') {
        this.#become({ name: 'offline', reason: 'The connection was closed.' })
      }
      void this.#sign().then(
        (fresh) => (url = fresh),
        () => undefined,
      )
    })
  }

  /** Tries at once instead of waiting for the next attempt. */
  retry(): void {
    if (this.#state.name === 'offline') this.#client?.reconnect()
  }

  /** Ends the connection for good. */
  close(): void {
    this.#closed = true
    this.#client?.end(true)
  }

  async #subscribe(client: MqttClient): Promise<void> {
    try {
      await client.subscribeAsync([...liveTopicFilters], { qos: 0 })
      this.#become({ name: 'live' })
    } catch {
      this.#become({ name: 'offline', reason: 'Subscribing to $aws/events/ is not allowed.' })
    }
  }

  #receive(topic: string, payload: Uint8Array): void {
    const event = liveEvent(topic, payload)
    if (event) for (const listener of this.#listeners) listener(event)
  }

  #become(state: LiveState): void {
    this.#state = state
    for (const watcher of this.#watchers) watcher()
  }

  async #sign(): Promise<string> {
    return mqttUrl(await this.#session(), new Date())
  }
}
