/** Short forms for the tables. */
import type { Constraint } from '../constraint.ts'

/** No demand. */
export const any: Constraint = {}

/**
 * Text of a length in code points, or bytes of a length.
 *
 * @param printed - the pattern as AWS prints it, where that is not `pattern` without its anchors
 */
export function text(min: number, max: number, pattern?: RegExp, printed?: string): Constraint {
  if (pattern === undefined) return { min, max }
  return printed === undefined ? { min, max, pattern } : { min, max, pattern, printed }
}

/** One of these texts. */
export function anyOf(...values: readonly string[]): Constraint {
  return { oneOf: values }
}

/** A whole number. */
export function whole(min: number = -Infinity, max: number = Infinity): Constraint {
  return { whole: true, min, max }
}

/** A double. */
export function real(min: number, max: number): Constraint {
  return { double: true, min, max }
}

/** A list of a length. */
export function list(min: number, max: number, each: Constraint = any): Constraint {
  return { min, max, each }
}

/** A map of a size. */
export function map(
  min: number,
  max: number,
  key: Constraint = any,
  each: Constraint = any,
): Constraint {
  return { min, max, key, each }
}
