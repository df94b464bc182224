/**
 * Messages that wait for sessions, or are in flight to them: each is kept once, in memory and as a
 * record, however many sessions it goes to.
 */
import { messageBytes, type Message } from './message.ts'
import { decodeMessage, encodeMessage } from './message-record.ts'
import type { Records } from './ports.ts'

const messageKind = 'mqtt-message'

interface Stored {
  readonly key: string
  readonly bytes: number
  /** Deliveries that refer to it. */
  references: number
}

/** The messages of an account that wait. */
export class StoredMessages {
  readonly #records: Records
  readonly #stored = new Map<Message, Stored>()
  /** What {@link restore} read and nobody has asked for yet. */
  #restored = new Map<string, Message>()
  #bytes = 0
  #references = 0

  constructor(records: Records) {
    this.#records = records
  }

  /** Bytes of all messages, topics and properties included. */
  get bytes(): number {
    return this.#bytes
  }

  /** Deliveries that wait or are in flight. */
  get references(): number {
    return this.#references
  }

  /**
   * Refers to a message; the first time it is written down.
   *
   * @param newKey - makes the key of its record
   * @returns that key
   */
  hold(message: Message, newKey: () => string): string {
    const known = this.#stored.get(message)
    if (known !== undefined) {
      known.references++
      this.#references++
      return known.key
    }
    const key = newKey()
    this.#records.put(messageKind, key, encodeMessage(message))
    this.#add(message, key)
    return key
  }

  /** Lets go of a message; with the last reference its record goes. */
  release(message: Message): void {
    const stored = this.#stored.get(message)
    if (stored === undefined) return
    stored.references--
    this.#references--
    if (stored.references > 0) return
    this.#stored.delete(message)
    this.#bytes -= stored.bytes
    this.#records.delete(messageKind, stored.key)
  }

  /** Reads all messages, for {@link take} to hand out. @returns their keys */
  restore(): Iterable<string> {
    for (const { key, value } of this.#records.load(messageKind)) {
      this.#restored.set(key, decodeMessage(value, `record ${messageKind} ${key}`))
    }
    return this.#restored.keys()
  }

  /** Refers to a message that {@link restore} read; undefined when there is none of that key. */
  take(key: string): Message | undefined {
    const message = this.#restored.get(key)
    if (message === undefined) return undefined
    const known = this.#stored.get(message)
    if (known === undefined) this.#add(message, key)
    else {
      known.references++
      this.#references++
    }
    return message
  }

  /** Ends the restoring: what nobody refers to goes. */
  restored(): void {
    for (const [key, message] of this.#restored) {
      if (!this.#stored.has(message)) this.#records.delete(messageKind, key)
    }
    this.#restored = new Map()
  }

  #add(message: Message, key: string): void {
    const bytes = messageBytes(message)
    this.#stored.set(message, { key, bytes, references: 1 })
    this.#bytes += bytes
    this.#references++
  }
}
