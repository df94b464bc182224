/** What was sent to one client and has not left, by the turn whose commit it waits for. */

interface Segment {
  readonly turn: number
  readonly chunks: Uint8Array[]
  bytes: number
  /** Somebody will take it once its turn is durable. */
  awaited: boolean
}

const nothing = Buffer.alloc(0)

/** First in, first out. Nearly always of one turn. */
export class PendingBytes {
  #segments: Segment[] = []
  /** Of all turns. */
  bytes = 0

  /** Nothing is pending, a mark neither. */
  get isEmpty(): boolean {
    return this.#segments.length === 0
  }

  /** @param turn - number of the turn that these bytes may leave with, at the earliest */
  push(turn: number, bytes: Uint8Array): void {
    const segment = this.#segment(turn)
    segment.chunks.push(bytes)
    segment.bytes += bytes.byteLength
    this.bytes += bytes.byteLength
  }

  /** Has a turn taken though nothing was sent in it. */
  mark(turn: number): void {
    this.#segment(turn)
  }

  /** The last turn with something pending, once: the caller sees to it that it is taken. */
  unawaited(): number | undefined {
    const last = this.#segments.at(-1)
    if (last === undefined || last.awaited) return undefined
    last.awaited = true
    return last.turn
  }

  /** What a turn and those before it have may not leave yet: it has to be asked for again. */
  hold(turn: number): void {
    for (const segment of this.#segments) if (segment.turn <= turn) segment.awaited = false
  }

  /** Takes what was sent until a turn, and in it; undefined where nothing is pending of those. */
  take(turn: number): Uint8Array | undefined {
    const taken = this.#takeSegments(turn)
    const [first] = taken
    if (first === undefined) return undefined
    let bytes = 0
    for (const segment of taken) bytes += segment.bytes
    this.bytes -= bytes
    // One turn's list is taken as it is; thousands wait where a database is far away.
    const chunks = taken.length === 1 ? first.chunks : taken.flatMap((segment) => segment.chunks)
    const [only = nothing] = chunks
    return chunks.length > 1 ? Buffer.concat(chunks, bytes) : only
  }

  #takeSegments(turn: number): readonly Segment[] {
    const all = this.#segments
    const later = all.findIndex((segment) => segment.turn > turn)
    if (later >= 0) return all.splice(0, later)
    this.#segments = []
    return all
  }

  /** What comes later leaves later: a turn before that of the last bytes counts as theirs. */
  #segment(turn: number): Segment {
    const last = this.#segments.at(-1)
    if (last !== undefined && last.turn >= turn) return last
    const segment = { turn, chunks: [], bytes: 0, awaited: false }
    this.#segments.push(segment)
    return segment
  }
}
