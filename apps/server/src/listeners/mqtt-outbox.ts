/**
 * What leaves on MQTT sockets: nothing before what it tells of is committed, and one write a socket
 * a turn, because a TLS record a packet is what costs. Only answers to the client that is being read
 * leave before the turn ends, since they would wait there for everybody else who is read in it.
 */
import type { Turn } from '../turn.ts'

/** A socket with bytes to write. */
export interface Outgoing {
  /** Writes everything that was sent until a turn, and in it. @param turn - its number */
  flush(turn: number): void
  /** The commit failed: what was sent must not leave. */
  fail(): void
}

/**
 * Collects sockets with something to write until the turn is committed. Where that is confirmed later
 * than the next turn begins, several turns wait, each for itself.
 */
export class MqttOutbox {
  readonly #turn: Turn
  /** By the number of the turn. */
  readonly #waiting = new Map<number, Outgoing[]>()

  constructor(turn: Turn) {
    this.#turn = turn
  }

  /** Nothing waits for a commit now: what a client asked for may leave before the turn ends. */
  get durable(): boolean {
    return this.#turn.durable
  }

  /** Number of the turn that what is sent now waits for. */
  get turn(): number {
    return this.#turn.number
  }

  /** Flushes after the commit of a turn; the caller asks once for each turn. */
  add(outgoing: Outgoing, turn: number): void {
    const waiting = this.#waiting.get(turn)
    if (waiting !== undefined) {
      waiting.push(outgoing)
      return
    }
    this.#waiting.set(turn, [outgoing])
    this.#turn.committed().then(
      () => {
        for (const one of this.#take(turn)) one.flush(turn)
      },
      () => {
        for (const one of this.#take(turn)) one.fail()
      },
    )
  }

  #take(turn: number): Outgoing[] {
    const outgoing = this.#waiting.get(turn) ?? []
    this.#waiting.delete(turn)
    return outgoing
  }
}
