/**
 * Expected failures as values: a rule never throws for what a caller may do wrong.
 */

/** A refusal in AWS's words. */
export interface Refusal {
  /** AWS exception or data-plane code: `ResourceNotFoundException`, `VersionMismatch`. */
  readonly code: string
  /** For the caller to read: what was expected, with the offending input in it. */
  readonly message: string
  /** Modelled members of the exception besides `message`: `resourceId`, `executionState`. */
  readonly members?: Readonly<Record<string, unknown>>
}

/** What a rule answers: a value or a refusal. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Refusal }

/** An accepted outcome. */
export function accept<T>(value: T): Outcome<T> {
  return { ok: true, value }
}

/**
 * A refused outcome.
 *
 * @param code - AWS exception name or data-plane code
 * @param message - what was expected, in one sentence
 * @param members - modelled members of the exception besides `message`
 */
export function refuse(
  code: string,
  message: string,
  members?: Readonly<Record<string, unknown>>,
): { readonly ok: false; readonly error: Refusal } {
  return {
    ok: false,
    error: members === undefined ? { code, message } : { code, message, members },
  }
}
