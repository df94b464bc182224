/** The port between a link's end and what takes its frames to the other one. */

/** Told by a carrier. */
export interface CarrierEvents {
  /** A frame came; the bytes are the receiver's. */
  frame(bytes: Uint8Array): void
  /** Nothing will come or leave any more. */
  closed(why: string): void
}

/**
 * Takes the frames of one link both ways, each way in order and each frame whole or not at all. What
 * gets lost is seen by the frames' numbers.
 */
export interface Carrier {
  /** Silence after which the other end counts as gone; two seconds where this says nothing. */
  readonly patienceMs?: number
  send(frame: Uint8Array): void
  /** Starts to receive; once. */
  receive(events: CarrierEvents): void
  /** Stops; `closed` is not told. */
  close(): void
}
