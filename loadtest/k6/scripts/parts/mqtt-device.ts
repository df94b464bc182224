/**
 * One device's connection through k6's MQTT extension.
 *
 * Nobody listens to its `error` event here: with a listener the extension reports a failed request
 * there and calls it done, without one the request's promise is rejected.
 *
 * After a lost connection the extension connects again by itself and sends what was not acknowledged
 * once more. A forbidden publish therefore has to have QoS 0, or it would come back for ever.
 */
import { Client } from 'k6/x/mqtt'

/** What happens to a connection. */
export interface Connection {
  /** The connection is there, for the first time. */
  opened(): void
  /** A message has come; `body` is its bytes as Latin-1, which JSON of the jobs service is. */
  received?(topic: string, body: string): void
  /** The server, or the network, has ended the connection. The extension tries to get it back. */
  lost?(): void
  /** The connection is back; subscriptions are gone. */
  reopened?(): void
}

/** A device that connects once. */
export class MqttDevice {
  readonly #client: Client
  readonly #url: string
  #opened = false
  #isOpen = false

  /** @param settings - whose certificate k6's `tlsAuth` shows; the client ID is the thing's name */
  constructor(settings: {
    readonly thingName: string
    readonly host: string
    readonly port: number
  }) {
    this.#client = new Client({ client_id: settings.thingName })
    this.#url = `mqtts://${settings.host}:${settings.port}`
  }

  /** Whether requests can be sent now. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Connects; false when the server, or the network, does not let it. */
  connect(connection: Connection): boolean {
    this.#client.on('connect', () => {
      this.#isOpen = true
      if (this.#opened) {
        connection.reopened?.()
        return
      }
      this.#opened = true
      connection.opened()
    })
    this.#client.on('reconnect', () => {
      if (!this.#isOpen) return
      this.#isOpen = false
      connection.lost?.()
    })
    this.#client.on('message', (topic, payload) => {
      connection.received?.(topic, String.fromCharCode(...new Uint8Array(payload)))
    })
    try {
      this.#client.connect(this.#url, { clean_session: true })
      return true
    } catch {
      return false
    }
  }

  /** @returns whether the message left (QoS 0), or was acknowledged (QoS 1) */
  async publish(topic: string, payload: string, qos: 0 | 1): Promise<boolean> {
    try {
      await this.#client.publishAsync(topic, payload, { qos })
      return true
    } catch {
      return false
    }
  }

  /** @returns whether the server answered; one that denies it ends the connection instead */
  async subscribe(topics: string[]): Promise<boolean> {
    try {
      await this.#client.subscribeAsync(topics, { qos: 1 })
      return true
    } catch {
      return false
    }
  }

  /** Ends the connection, or the attempts to get it back. Not while a publish of QoS 1 is open. */
  leave(): void {
    this.#isOpen = false
    try {
      this.#client.end()
    } catch {
      // There is none to end.
    }
  }
}
