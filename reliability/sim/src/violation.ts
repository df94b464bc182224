/** An invariant that does not hold: the run ends here. */
export class Violation extends Error {
  override readonly name = 'Violation'
  /** Which one, as the guide names it. */
  readonly invariant: string

  constructor(invariant: string, detail: string) {
    super(detail)
    this.invariant = invariant
    first ??= this
  }
}

/** The server catches what it calls; what was found must be seen all the same. */
let first: Violation | undefined

/** The first violation since the last call. */
export function takeViolation(): Violation | undefined {
  const found = first
  first = undefined
  return found
}

/** A server whose commit failed is ahead of its disk until it ends: nothing of it is judged. */
let isMuted = false

/** Judges again, or no more. */
export function muteViolations(muted: boolean): void {
  isMuted = muted
}

/** @throws Violation unless `holds` */
export function must(holds: boolean, invariant: string, detail: () => string): asserts holds {
  if (!holds && !isMuted) throw new Violation(invariant, detail())
}
