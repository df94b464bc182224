/**
 * One end of a link between a gateway and its core: channels over numbered frames. No sockets, no
 * timers: a carrier takes frames, whoever drives it calls {@link LinkEnd.take} and
 * {@link LinkEnd.tick}.
 *
 * Frames may get lost where the carrier is a message bus. Who sees a gap, or hears nothing for too
 * long, ends the link and with it every connection on it: bytes of a client that are missing cannot
 * be made up for, and a client that is cut off comes back and says again what was not acknowledged.
 */
import { Channel, windowBytes, type ChannelReceiver, type ChannelWriter } from './channel.ts'
import { entryKind, FrameWriter, readFrame, type Entry, type EntryKind } from './frame.ts'
import { decodeOpening, encodeOpening, type Opening } from './opening.ts'

/** Takes frames to the other end, in order; some may get lost. */
export interface FrameSink {
  send(frame: Uint8Array): void
}

/** What an end of a link is made of. */
export interface LinkEndOptions {
  readonly session: bigint
  readonly sink: FrameSink
  /** Calls back when what happens now has happened: the frame of this turn is written then. */
  readonly atTurnEnd: (flush: () => void) => void
  /** Ticks without a frame after which the link has ended. */
  readonly silentTicksMax: number
  /** Takes clients that the other end opened; absent: it may open none, as on a gateway. */
  readonly opened?: (channel: Channel) => void
  /** Takes what is said about the link itself. */
  readonly noticed: (notice: unknown) => void
  /**
   * The link has ended and its channels are gone. Told once.
   *
   * @param cut - who was on them: the owner resets each, some at a time where there are many
   */
  readonly ended: (why: string, cut: readonly ChannelReceiver[]) => void
}

export class LinkEnd {
  readonly #options: LinkEndOptions
  readonly #writer: FrameWriter
  readonly #channels = new Map<number, Channel>()
  readonly #channelWriter: ChannelWriter
  #sent = 0
  #received = 0
  #lastOpened = 0
  #scheduled = false
  #sentThisTick = false
  #silentTicks = 0
  #over = false

  constructor(options: LinkEndOptions) {
    this.#options = options
    this.#writer = new FrameWriter(options.session)
    this.#channelWriter = {
      write: (kind, connection, payload) => this.#add(kind, connection, payload),
      forget: (connection) => void this.#channels.delete(connection),
    }
  }

  /** Open connections. */
  get size(): number {
    return this.#channels.size
  }

  get over(): boolean {
    return this.#over
  }

  channels(): Iterable<Channel> {
    return this.#channels.values()
  }

  /** Opens a channel for a client; a gateway does. */
  open(opening: Opening): Channel {
    do this.#lastOpened = (this.#lastOpened + 1) >>> 0
    while (this.#lastOpened === 0 || this.#channels.has(this.#lastOpened))
    const channel = this.#channel(this.#lastOpened, opening)
    this.#add(entryKind.open, channel.connection, encodeOpening(opening))
    return channel
  }

  /** Says something about the link itself. */
  notice(notice: object): void {
    this.#add(entryKind.notice, 0, Buffer.from(JSON.stringify(notice)))
  }

  /** Takes a frame from the carrier. One of another session is an echo of a link that has ended. */
  take(bytes: Uint8Array): void {
    if (this.#over) return
    const frame = readFrame(bytes)
    if (frame === undefined) {
      this.end('a frame that cannot be read')
      return
    }
    if (frame.session !== this.#options.session) return
    const expected = (this.#received + 1) >>> 0
    if (frame.sequence !== expected) {
      this.end(`frame ${expected} is missing: ${frame.sequence} came`)
      return
    }
    this.#received = frame.sequence
    this.#silentTicks = 0
    for (const entry of frame.entries) {
      this.#handle(entry)
      if (this.#over) return
    }
  }

  /**
   * A fixed part of the time after which silence means that the other end is gone. Counted in ticks,
   * not by a clock: an end that was itself held up has heard nothing because it did not listen.
   */
  tick(): void {
    if (this.#over) return
    this.#silentTicks += 1
    if (this.#silentTicks > this.#options.silentTicksMax) {
      this.end('nothing was heard from the other end')
      return
    }
    if (!this.#sentThisTick && this.#writer.isEmpty) this.#write()
    this.#sentThisTick = false
  }

  /** Writes what waits for the end of the turn now. */
  flush(): void {
    this.#scheduled = false
    if (!this.#over && !this.#writer.isEmpty) this.#write()
  }

  /** Ends the link and its channels; the other end is told why where it still listens. */
  end(why: string): void {
    if (this.#over) return
    this.#add(entryKind.bye, 0, Buffer.from(why))
    this.flush()
    this.#finish(why)
  }

  #finish(why: string): void {
    if (this.#over) return
    this.#over = true
    const cut: ChannelReceiver[] = []
    for (const channel of this.#channels.values()) {
      cut.push(channel.receiver)
      channel.abandon()
    }
    this.#options.ended(why, cut)
  }

  #handle({ kind, connection, payload }: Entry): void {
    switch (kind) {
      case entryKind.open:
        this.#opened(connection, payload)
        return
      case entryKind.notice:
        this.#noticed(payload)
        return
      case entryKind.bye:
        this.#finish(Buffer.from(payload).toString('utf8'))
        return
    }
    // An entry for a channel that was reset here while it was on its way.
    const channel = this.#channels.get(connection)
    if (channel === undefined) return
    const { receiver } = channel
    switch (kind) {
      case entryKind.bytes:
        if (channel.arrived(payload.byteLength)) receiver.bytes(payload)
        else this.end('more bytes than there was room for')
        return
      case entryKind.end:
        receiver.ended()
        return
      case entryKind.reset:
        channel.abandon()
        receiver.reset()
        return
      case entryKind.credit: {
        const credit = payload.byteLength === 4 ? Buffer.from(payload).readUInt32LE(0) : 0
        if (credit === 0 || credit > windowBytes) this.end('a credit that cannot be read')
        else channel.credited(credit)
      }
    }
  }

  #opened(connection: number, payload: Uint8Array): void {
    const { opened } = this.#options
    const opening = decodeOpening(payload)
    if (opened === undefined || opening === undefined || this.#channels.has(connection)) {
      this.end('a client that cannot be opened')
      return
    }
    opened(this.#channel(connection, opening))
  }

  #noticed(payload: Uint8Array): void {
    let notice: unknown
    try {
      notice = JSON.parse(Buffer.from(payload).toString('utf8'))
    } catch {
      this.end('a notice that cannot be read')
      return
    }
    this.#options.noticed(notice)
  }

  #channel(connection: number, opening: Opening): Channel {
    const channel = new Channel(connection, opening, this.#channelWriter)
    this.#channels.set(connection, channel)
    return channel
  }

  #add(kind: EntryKind, connection: number, payload: Uint8Array): void {
    if (this.#over) return
    if (!this.#writer.fits(payload.byteLength)) this.#write()
    this.#writer.add(kind, connection, payload)
    if (this.#scheduled) return
    this.#scheduled = true
    this.#options.atTurnEnd(() => this.flush())
  }

  #write(): void {
    // Counts on from 0 after four thousand million frames, some days under full load.
    this.#sent = (this.#sent + 1) >>> 0
    this.#sentThisTick = true
    this.#options.sink.send(this.#writer.take(this.#sent))
  }
}
