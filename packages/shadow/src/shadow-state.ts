/**
 * Where shadows are kept: the port of the rules. Synchronous; what is put is seen at once.
 */

/** Texts are JSON without blanks, as they are sent: a get reads nothing of them. */
export interface LiveShadow {
  readonly version: number
  /** `{"desired":{…},"reported":{…}}`. */
  readonly state: string
  /** Of the same form, every value's time. */
  readonly metadata: string
  /** Desired minus reported; undefined while they agree. */
  readonly delta: string | undefined
}

/** A shadow that was deleted: its versions go on for a while (neighbours N23). */
export interface DeletedShadow {
  /** That it had when it was deleted. */
  readonly version: number
  /** Epoch milliseconds. */
  readonly deletedAtMs: number
}

/** What is kept under a name. */
export type KeptShadow = LiveShadow | DeletedShadow

/** Shadows by thing and name; the classic one's name is empty. */
export interface ShadowState {
  get(thingName: string, shadowName: string): KeptShadow | undefined
  put(thingName: string, shadowName: string, shadow: KeptShadow): void
  /**
   * Names of a thing's live named shadows, in order.
   *
   * @param after - the last one that is not wanted any more
   */
  names(thingName: string, after: string, limit: number): readonly string[]
  /** Forgets what was deleted at this time or before, epoch milliseconds. */
  forgetDeleted(untilMs: number): void
}

export function isLive(shadow: KeptShadow | undefined): shadow is LiveShadow {
  return shadow !== undefined && 'state' in shadow
}
