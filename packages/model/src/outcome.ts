/**
 * Expected failures as values: a rule never throws for what a caller may do wrong.
 */
import type { ExceptionName } from './exception.ts'

/**
 * A refusal in AWS's words.
 *
 * @typeParam Code - the codes that may occur: AWS's exceptions, or those of a protocol of its own
 */
export interface Refusal<Code extends string = ExceptionName> {
  /** AWS exception or data-plane code: `ResourceNotFoundException`, `VersionMismatch`. */
  readonly code: Code
  /** For the caller to read: what was expected, with the offending input in it. */
  readonly message: string
  /** Modelled members of the exception besides `message`: `resourceId`, `executionState`. */
  readonly members?: Readonly<Record<string, unknown>>
}

/** A refusal as an outcome. */
export interface Refused<Code extends string = ExceptionName> {
  readonly ok: false
  readonly error: Refusal<Code>
}

/** What a rule answers: a value or a refusal. */
export type Outcome<T, Code extends string = ExceptionName> =
  | { readonly ok: true; readonly value: T }
  | Refused<Code>

/** An accepted outcome. */
export function accept<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value }
}

/**
 * A refused outcome. The codes allowed are those of the outcome that is returned, AWS's exceptions
 * where nothing says more: a misspelt one is a type error.
 *
 * @param code - AWS exception name or data-plane code
 * @param message - what was expected, in one sentence
 * @param members - modelled members of the exception besides `message`
 */
export function refuse<Code extends string = ExceptionName>(
  code: NoInfer<Code>,
  message: string,
  members?: Readonly<Record<string, unknown>>,
): Refused<Code> {
  return {
    ok: false,
    error: members === undefined ? { code, message } : { code, message, members },
  }
}

/** 400 in AWS's general exception for a bad request. */
export function invalidRequest(message: string): Refused {
  return refuse('InvalidRequestException', message)
}
