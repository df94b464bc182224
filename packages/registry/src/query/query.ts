/**
 * A fleet query as a tree (gateway G79).
 */

/** What a thing must be to be found. */
export type Query =
  /** A bare `*`: every thing. */
  | { readonly kind: 'all' }
  | { readonly kind: 'and'; readonly operands: readonly Query[] }
  | { readonly kind: 'or'; readonly operands: readonly Query[] }
  | { readonly kind: 'not'; readonly operand: Query }
  | {
      readonly kind: 'term'
      /** `thingName`, `attributes.X`, …; undefined: any field of the registry. */
      readonly field: string | undefined
      readonly condition: Condition
    }

/** What one value of a field must be; texts are in lower case. */
export type Condition =
  | { readonly kind: 'exists' }
  | { readonly kind: 'equals'; readonly text: string }
  /** Literal runs, with one of any characters or any run of them in between. */
  | { readonly kind: 'like'; readonly pattern: readonly PatternPart[] }
  | { readonly kind: 'range'; readonly from?: Bound; readonly to?: Bound }

/** One character of a pattern, `?` or `*`. */
export type PatternPart =
  | { readonly kind: 'character'; readonly character: string }
  | { readonly kind: 'anyCharacter' }
  | { readonly kind: 'anyRun' }

/** One end of a range. */
export interface Bound {
  readonly text: string
  readonly included: boolean
  /** A quoted bound is a text even if it reads as a number. */
  readonly quoted: boolean
}
