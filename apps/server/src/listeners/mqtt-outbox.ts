/**
 * What leaves on MQTT sockets: nothing before what it tells of is committed, and one write a socket
 * a turn, because a TLS record a packet is what costs. Only answers to the client that is being read
 * leave before the turn ends, since they would wait there for everybody else who is read in it.
 */
import type { Turn } from '../turn.ts'

/** A socket with bytes to write. */
export interface Outgoing {
  /** Writes everything that was sent until now. */
  flush(): void
  /** The commit failed: what was sent must not leave. */
  fail(): void
}

/** Collects sockets with something to write until the turn is committed. */
export class MqttOutbox {
  readonly #turn: Turn
  #outgoing: Outgoing[] = []

  constructor(turn: Turn) {
    this.#turn = turn
  }

  /** Nothing waits for a commit now: what a client asked for may leave before the turn ends. */
  get durable(): boolean {
    return this.#turn.durable
  }

  /** Flushes after the commit; the caller asks once until it is flushed. */
  add(outgoing: Outgoing): void {
    this.#outgoing.push(outgoing)
    if (this.#outgoing.length > 1) return
    this.#turn.committed().then(
      () => {
        for (const one of this.#take()) one.flush()
      },
      () => {
        for (const one of this.#take()) one.fail()
      },
    )
  }

  #take(): Outgoing[] {
    const outgoing = this.#outgoing
    this.#outgoing = []
    return outgoing
  }
}
