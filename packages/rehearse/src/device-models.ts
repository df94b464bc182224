/** What each device is and does in one run: decided by fleet, seed and its place. */
import { draw } from '@muster/clock'
import {
  GROUP_DEFAULTS,
  type AttemptKind,
  type BadDevices,
  type Behaviour,
  type DevicesWhere,
  type Fleet,
  type FleetGroup,
} from './fleet.ts'
import { Lot, TOPIC } from './lot.ts'
import { DrawnPresence } from './online.ts'

const NOT_BAD = 255

/** Devices of a registry, where they are not drawn. */
export interface KnownDevices {
  /** Place of each device's group among the fleet's. */
  readonly groups: Uint8Array
  /** Whether a device is meant; without it a fleet's groups and attributes are drawn. */
  matches(device: number, where: DevicesWhere): boolean
}

/** What an attempt will come to. */
export interface Attempt {
  readonly behaviour: Behaviour
  readonly durationMs: number
}

/** The devices of one run. */
export class DeviceModels {
  readonly count: number
  readonly #fleet: Fleet
  readonly #lot: Lot
  readonly #presence: DrawnPresence
  readonly #groups: Uint8Array
  readonly #bad: readonly BadDevices[]
  /** Which entry of the bad ones a device is, or {@link NOT_BAD}. */
  readonly #badness: Uint8Array

  /** @param bad - whom the job fails on */
  constructor(
    fleet: Fleet,
    bad: readonly BadDevices[],
    seed: number,
    startMs: number,
    known?: KnownDevices,
  ) {
    this.count = known?.groups.length ?? fleet.devices
    this.#fleet = fleet
    this.#bad = bad
    this.#lot = new Lot(seed)
    this.#presence = new DrawnPresence(this.#lot, this.count, startMs)
    this.#groups = known?.groups ?? drawGroups(fleet.groups, this.count, seed)
    this.#badness = this.#drawBadness(known)
  }

  groupOf(device: number): FleetGroup {
    return this.#fleet.groups[this.#groups[device] as number] as FleetGroup
  }

  /** Whether the job is bad for the device. */
  isBad(device: number): boolean {
    return this.#badness[device] !== NOT_BAD
  }

  /** See {@link Presence}. */
  onlineFromMs(device: number, fromMs: number): number {
    return this.#presence.onlineFromMs(device, this.groupOf(device), fromMs)
  }

  /** From hearing of something to asking for it. */
  reactionMs(device: number, place: number): number {
    const { reactionSeconds = GROUP_DEFAULTS.reactionSeconds } = this.groupOf(device)
    const seconds = draw(reactionSeconds, this.#lot.stream(device, TOPIC.reaction, place))
    return Math.round(seconds * 1000)
  }

  /** What the device makes of its n-th execution. */
  attempt(device: number, executionNumber: number): Attempt {
    const badness = this.#badness[device] as number
    const kind = this.#bad[badness] ?? this.#kindOf(device, executionNumber)
    const { behaviour, durationSeconds = GROUP_DEFAULTS.durationSeconds } = kind
    const random = this.#lot.stream(device, TOPIC.duration, executionNumber)
    return { behaviour, durationMs: Math.round(draw(durationSeconds, random) * 1000) }
  }

  #kindOf(device: number, executionNumber: number): AttemptKind {
    const kinds: readonly AttemptKind[] = this.groupOf(device).jobs ?? GROUP_DEFAULTS.jobs
    const at = this.#lot.at(device, TOPIC.attempt, executionNumber)
    return kinds[weighted(kinds, at)] as AttemptKind
  }

  #drawBadness(known: KnownDevices | undefined): Uint8Array {
    const badness = new Uint8Array(this.count).fill(NOT_BAD)
    if (this.#bad.length === 0) return badness
    for (let device = 0; device < this.count; device += 1) {
      const entry = this.#bad.findIndex(({ share = 1, where = {} }, place) => {
        const isMeant = known?.matches(device, where) ?? this.#matches(device, where)
        return isMeant && this.#lot.at(device, TOPIC.bad, place) < share
      })
      if (entry >= 0) badness[device] = entry
    }
    return badness
  }

  #matches(device: number, { attributes = {}, group }: DevicesWhere): boolean {
    const own = this.groupOf(device)
    if (group !== undefined && own.name !== group) return false
    return Object.entries(attributes).every(
      ([name, value]) => this.#attribute(device, own, name) === value,
    )
  }

  #attribute(device: number, group: FleetGroup, name: string): string | undefined {
    const shares = Object.entries(group.attributes?.[name] ?? {})
    // The place keeps attributes of other names apart.
    const at = this.#lot.at(device, TOPIC.attribute, textPlace(name))
    return shares[
      weighted(
        shares.map(([, share]) => ({ share })),
        at,
      )
    ]?.[0]
  }
}

/** Which group each of so many devices is in, by the groups' shares. */
export function drawGroups(
  groups: readonly FleetGroup[],
  devices: number,
  seed: number,
): Uint8Array {
  const lot = new Lot(seed)
  const drawn = new Uint8Array(devices)
  for (let device = 0; device < devices; device += 1) {
    drawn[device] = weighted(groups, lot.at(device, TOPIC.group))
  }
  return drawn
}

/** Which of the entries a number in [0, 1) falls on. */
function weighted(entries: readonly { readonly share?: number }[], at: number): number {
  let total = 0
  for (const { share = 1 } of entries) total += share
  let left = at * total
  for (let place = 0; place < entries.length - 1; place += 1) {
    left -= entries[place]?.share ?? 1
    if (left < 0) return place
  }
  return entries.length - 1
}

function textPlace(text: string): number {
  let place = 0
  for (const character of text) place = (Math.imul(place, 31) + (character.codePointAt(0) ?? 0)) | 0
  return place
}
