/** Stands in for `k6/x/mqtt`. */
import { promised, target, tell, wait } from './bridge.ts'

type Listener = (...said: unknown[]) => void

export class Client {
  readonly #listeners = new Map<string, Listener>()
  readonly #name: string

  constructor(options: { readonly client_id?: string } = {}) {
    this.#name = target(({ event, topic, payload }) => {
      const listener = this.#listeners.get(String(event))
      if (event === 'message') listener?.(topic, bytes(String(payload)))
      else listener?.()
    })
    tell({ op: 'mqtt client', target: this.#name, clientId: options.client_id })
  }

  on(event: string, listener: Listener): void {
    this.#listeners.set(event, listener)
  }

  connect(url: string, options: object = {}): void {
    const { error } = wait({ op: 'mqtt connect', client: this.#name, url, ...options })
    if (error !== undefined) throw new Error(String(error))
  }

  publishAsync(
    topic: string,
    payload: string,
    options: { readonly qos?: 0 | 1 } = {},
  ): Promise<void> {
    return promised({ op: 'mqtt publish', client: this.#name, topic, payload, ...options })
  }

  subscribeAsync(topics: string[], options: { readonly qos?: 0 | 1 } = {}): Promise<void> {
    return promised({ op: 'mqtt subscribe', client: this.#name, topics, ...options })
  }

  end(): void {
    const { error } = tell({ op: 'mqtt end', client: this.#name })
    if (error !== undefined) throw new Error(String(error))
  }
}

function bytes(latin1: string): ArrayBuffer {
  return Uint8Array.from(latin1, (character) => character.charCodeAt(0)).buffer
}
