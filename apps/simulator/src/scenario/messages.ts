/** What devices of a group publish and listen to, beside their jobs. */
import type { Shape } from './shape.ts'

/** How often a device does something. */
export interface Rate {
  /** Of each device, wall time, before the shape. */
  readonly perSecond: number
  /**
   * `constant` (default): at even distances, each device from a moment of its own. `poisson`: by
   * chance. `bursts`: so many at once, then nothing for as long.
   */
  readonly distribution?: 'constant' | 'poisson' | 'bursts'
  /** `bursts`: messages of each; default 10. */
  readonly burstMessages?: number
  /** Times count from the beginning of the `telemetry` phase. */
  readonly shape?: Shape
}

/** One kind of message that each device of a group sends. */
export interface Telemetry {
  /** A template. */
  readonly topic: string
  /** A template; what is not text is sent as JSON. Default: thing, counter and `sentMs`. */
  readonly payload?: unknown
  /** MQTT 5 only; values are templates. */
  readonly userProperties?: Readonly<Record<string, string>>
  /** Default 1. */
  readonly qos?: 0 | 1
  readonly rate: Rate
}

/** What devices of a group listen to. */
export interface Subscription {
  /** A template of an MQTT filter; `${thing}` and `${group}` alone. */
  readonly filter: string
  /**
   * Where a message says when it was sent: an MQTT 5 user property of this name, or else this member
   * of its JSON, members of members with dots. Default `sentMs`.
   */
  readonly sentAt?: string
}

/** What a device sends unless it is told. */
export const DEFAULT_PAYLOAD = {
  thing: '${thing}',
  counter: '${counter}',
  sentMs: '${sentMs}',
}
