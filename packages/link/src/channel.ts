/**
 * One client's connection, seen from one end of a link. Bytes flow by credit: what the other end has
 * not room for waits here, where the sender can see it, and nowhere between.
 */
import { entryKind, payloadBytesMax, type EntryKind } from './frame.ts'
import type { Opening } from './opening.ts'

/** What a channel tells its owner; nothing more after `reset`. */
export interface ChannelReceiver {
  /** A view of a frame: who keeps it keeps the frame. */
  bytes(bytes: Uint8Array): void
  /** The other end will send no more bytes. */
  ended(): void
  /** What waited for credit has left. */
  drained(): void
  /** The connection is gone. */
  reset(): void
}

/** Where a channel's entries go. */
export interface ChannelWriter {
  write(kind: EntryKind, connection: number, payload: Uint8Array): void
  /** The channel is done with. */
  forget(connection: number): void
}

/** Bytes that an end may send before it is told that there is room again. */
export const windowBytes = 65_536

const noBytes = new Uint8Array(0)
const silent: ChannelReceiver = { bytes() {}, ended() {}, drained() {}, reset() {} }

export class Channel {
  readonly connection: number
  readonly opening: Opening
  receiver: ChannelReceiver = silent
  readonly #writer: ChannelWriter
  /** Bytes that the other end has room for. */
  #credit = windowBytes
  /** Bytes that the other end may still send. */
  #room = windowBytes
  /** Bytes received and taken that the other end was not told of yet. */
  #taken = 0
  /** Waits for credit. */
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #ending = false
  #gone = false

  constructor(connection: number, opening: Opening, writer: ChannelWriter) {
    this.connection = connection
    this.opening = opening
    this.#writer = writer
  }

  /** Bytes sent that wait for credit. */
  get unsentBytes(): number {
    return this.#waitingBytes
  }

  /** Whether the connection is gone: nothing is sent or received any more. */
  get gone(): boolean {
    return this.#gone
  }

  /** Sends bytes in order; they must not change any more. */
  send(bytes: Uint8Array): void {
    if (this.#gone || this.#ending || bytes.byteLength === 0) return
    if (this.#waitingBytes === 0 && bytes.byteLength <= this.#credit) {
      this.#write(bytes)
      return
    }
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.byteLength
    this.#writeWaiting()
  }

  /** Says that no more bytes will come, once those sent have left. */
  end(): void {
    if (this.#gone || this.#ending) return
    this.#ending = true
    if (this.#waitingBytes === 0) this.#writer.write(entryKind.end, this.connection, noBytes)
  }

  /** Gives the connection up, with what still waits. */
  reset(): void {
    if (this.#gone) return
    this.#writer.write(entryKind.reset, this.connection, noBytes)
    this.abandon()
  }

  /** Tells that bytes received were taken: so many more may come. */
  took(bytes: number): void {
    this.#taken += bytes
    if (this.#gone || this.#taken < windowBytes / 2) return
    const credit = Buffer.allocUnsafe(4)
    credit.writeUInt32LE(this.#taken)
    this.#room += this.#taken
    this.#taken = 0
    this.#writer.write(entryKind.credit, this.connection, credit)
  }

  /**
   * Bytes came; the link calls it.
   *
   * @returns false for more than there was room for
   */
  arrived(bytes: number): boolean {
    this.#room -= bytes
    return this.#room >= 0
  }

  /** The other end took bytes; the link calls it. */
  credited(bytes: number): void {
    this.#credit += bytes
    if (this.#waitingBytes === 0) return
    this.#writeWaiting()
    if (this.#waitingBytes > 0) return
    if (this.#ending) this.#writer.write(entryKind.end, this.connection, noBytes)
    else this.receiver.drained()
  }

  /** Ends this end without a word to the other, which knows or cannot be told. */
  abandon(): void {
    if (this.#gone) return
    this.#gone = true
    this.#waiting = []
    this.#waitingBytes = 0
    this.#writer.forget(this.connection)
  }

  #writeWaiting(): void {
    let sent = 0
    for (const bytes of this.#waiting) {
      const part = Math.min(bytes.byteLength, this.#credit)
      if (part === 0) break
      this.#waitingBytes -= part
      this.#write(part < bytes.byteLength ? bytes.subarray(0, part) : bytes)
      if (part < bytes.byteLength) {
        this.#waiting[sent] = bytes.subarray(part)
        break
      }
      sent += 1
    }
    if (sent > 0) this.#waiting = this.#waiting.slice(sent)
  }

  #write(bytes: Uint8Array): void {
    this.#credit -= bytes.byteLength
    for (let at = 0; at < bytes.byteLength; at += payloadBytesMax) {
      const part =
        bytes.byteLength <= payloadBytesMax ? bytes : bytes.subarray(at, at + payloadBytesMax)
      this.#writer.write(entryKind.bytes, this.connection, part)
    }
  }
}
