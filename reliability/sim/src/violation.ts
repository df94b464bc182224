/**
 * Invariants that do not hold. The server catches much of what it calls, and a violation may be found
 * deep below it: the first one is kept, and the run asks for it.
 */

/** An invariant that does not hold: the run ends here. */
export class Violation extends Error {
  override readonly name = 'Violation'
  /** Which one, as the guide names it. */
  readonly invariant: string

  constructor(invariant: string, detail: string) {
    super(detail)
    this.invariant = invariant
  }
}

const found: { first: Violation | undefined; isMuted: boolean } = {
  first: undefined,
  isMuted: false,
}

/** The first violation since the last call. */
export function takeViolation(): Violation | undefined {
  const { first } = found
  found.first = undefined
  return first
}

/**
 * A server whose commit failed is ahead of its disk until it ends: what it knows is not judged, only what
 * it says.
 */
export function muteViolations(muted: boolean): void {
  found.isMuted = muted
}

/** Keeps a violation that must not be thrown where it was found; it counts even when muted. */
export function reportViolation(invariant: string, detail: string): Violation {
  const violation = new Violation(invariant, detail)
  found.first ??= violation
  return violation
}

/** @throws Violation unless `holds` */
export function must(holds: boolean, invariant: string, detail: () => string): asserts holds {
  if (!holds && !found.isMuted) throw reportViolation(invariant, detail())
}
