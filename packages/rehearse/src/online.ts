/** When a device is online: by hour of its day, in sessions, always, or never again. */
import { draw, type Random } from '@muster/clock'
import { GROUP_DEFAULTS, type FleetGroup } from './fleet.ts'
import { TOPIC, type Lot } from './lot.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A pattern that is never online is given up after so long. */
const SEARCHED_MS = 400 * DAY_MS
/** Sessions shorter than this would be walked for ever. */
const SESSION_MS_MIN = 1000

/** A device's comings and goings, one look after the other. */
export interface Presence {
  /**
   * The first moment at or after `fromMs` at which the device is online; Infinity when none comes. Asked
   * of each device with rising times.
   */
  onlineFromMs(device: number, group: FleetGroup, fromMs: number): number
}

/** Presence of the devices of one run. */
export class DrawnPresence implements Presence {
  readonly #lot: Lot
  readonly #startMs: number
  /** Where the walk along a device's sessions stands: the end of the session that was looked at last. */
  readonly #sessionEndMs: Float64Array
  readonly #sessions: Int32Array

  constructor(lot: Lot, devices: number, startMs: number) {
    this.#lot = lot
    this.#startMs = startMs
    this.#sessionEndMs = new Float64Array(devices)
    this.#sessions = new Int32Array(devices)
  }

  onlineFromMs(device: number, group: FleetGroup, fromMs: number): number {
    const { lostShare = 0, online = 'always' } = group
    if (lostShare > 0 && this.#lot.at(device, TOPIC.lost) < lostShare) return Infinity
    if (online === 'always') return fromMs
    if ('byHour' in online) {
      const habit = online.habit ?? GROUP_DEFAULTS.habit
      return this.#byHour(device, online.byHour, habit, group.utcOffsetHours ?? 0, fromMs)
    }
    return this.#inSessions(device, online, fromMs)
  }

  #byHour(
    device: number,
    byHour: readonly number[],
    habit: number,
    utcOffsetHours: number,
    fromMs: number,
  ): number {
    const offsetMs = utcOffsetHours * HOUR_MS
    const lastMs = fromMs + SEARCHED_MS
    for (let atMs = fromMs; atMs < lastMs;) {
      const hours = Math.floor((atMs + offsetMs) / HOUR_MS)
      const hour = ((hours % 24) + 24) % 24
      const day = Math.floor(hours / 24)
      if (this.#isOnline(device, hour, day, byHour[hour] ?? 0, habit)) return atMs
      atMs = (hours + 1) * HOUR_MS - offsetMs
    }
    return Infinity
  }

  /** A device that keeps its hours draws them once; another one draws each day anew. */
  #isOnline(device: number, hour: number, day: number, share: number, habit: number): boolean {
    if (share >= 1) return true
    if (share <= 0) return false
    const keeps = this.#lot.at(device, TOPIC.habit, day * 24 + hour) < habit
    return this.#lot.at(device, TOPIC.hours, keeps ? hour : (day + 1) * 24 + hour) < share
  }

  #inSessions(
    device: number,
    sessions: Exclude<FleetGroup['online'], 'always' | undefined | { byHour: readonly number[] }>,
    fromMs: number,
  ): number {
    const { offlineSeconds, onlineSeconds } = sessions
    const length = (random: Random, isOnline: boolean): number =>
      Math.max(
        SESSION_MS_MIN,
        Math.round(draw(isOnline ? onlineSeconds : offlineSeconds, random) * 1000),
      )
    let endMs = this.#sessionEndMs[device] as number
    let session = this.#sessions[device] as number
    if (endMs === 0) {
      // The run begins somewhere in a session, online as often as the means say.
      const random = this.#lot.stream(device, TOPIC.session)
      const [on, off] = [length(random, true), length(random, false)]
      session = random() < on / (on + off) ? 0 : 1
      endMs = this.#startMs + Math.ceil(random() * (session === 0 ? on : off))
    }
    while (endMs <= fromMs) {
      session += 1
      endMs += length(this.#lot.stream(device, TOPIC.session, session), session % 2 === 0)
    }
    this.#sessionEndMs[device] = endMs
    this.#sessions[device] = session
    return session % 2 === 0 ? fromMs : endMs
  }
}
