/**
 * The pace of a held connection: an open loop, in which a slow answer or a lost connection does not
 * move the next request. What cannot be sent within a second of its time never is: it counts as not
 * offered.
 */
import { plannedBy, totalSeconds, type Profile } from './profile.ts'

/** What to do at one look at the clock. */
export interface Turn {
  /** Requests to send now. */
  readonly send: number
  /** Requests whose time has passed. */
  readonly notOffered: number
}

const LATE_SECONDS = 1

/** Every request of the profile is given out once, to be sent or as not offered. */
export class Pace {
  readonly #profile: Pick<Profile, 'stages'>
  #given = 0

  constructor(profile: Pick<Profile, 'stages'>) {
    this.#profile = profile
  }

  /**
   * @param elapsedSeconds - since the pace began
   * @param room - how many requests may be sent now: none while there is no connection
   */
  at(elapsedSeconds: number, room: number): Turn {
    const notOffered = this.#due(elapsedSeconds - LATE_SECONDS)
    this.#given += notOffered
    const send = Math.min(this.#due(elapsedSeconds), Math.max(0, room))
    this.#given += send
    return { send, notOffered }
  }

  /** Whether nothing is left to give out. */
  isOver(elapsedSeconds: number): boolean {
    return elapsedSeconds >= totalSeconds(this.#profile) && this.#due(elapsedSeconds) === 0
  }

  /** What was not given out, at an end that came early: none of it will be offered. */
  rest(): number {
    const rest = this.#due(totalSeconds(this.#profile))
    this.#given += rest
    return rest
  }

  #due(elapsedSeconds: number): number {
    // A hair above, or the last of a stage is missed: the sum is one of fractions.
    return Math.max(0, Math.floor(plannedBy(this.#profile, elapsedSeconds) + 1e-6) - this.#given)
  }
}
