/**
 * Patterns as proofs see them: a template whose variables have become text or symbols.
 */
import type { CharacterClass } from './letters.ts'

/** A part of a pattern. */
export type Piece =
  | { readonly type: 'text'; readonly text: string; readonly anyCase?: boolean }
  /** `*`. */
  | { readonly type: 'any' }
  /** `*` within one segment of an ARN. */
  | { readonly type: 'anyButColon' }
  /** `?`. */
  | { readonly type: 'one' }
  /** One or more characters of a class. */
  | { readonly type: 'class'; readonly class: CharacterClass }
  /** The unknown value that a symbol stands for. */
  | { readonly type: 'symbol'; readonly symbol: number }

/** Pieces one after the other. */
export type Pattern = readonly Piece[]

/** A value that is only partly known: texts and symbols. */
export type SymbolicText = readonly Extract<Piece, { type: 'text' | 'symbol' }>[]

/** A literal pattern. */
export function literal(text: string): SymbolicText {
  return text === '' ? [] : [{ type: 'text', text }]
}

/** Whether a pattern has symbols. */
export function hasSymbols(pattern: Pattern): boolean {
  return pattern.some(({ type }) => type === 'symbol')
}

/** Texts in patterns, for the alphabet. */
export function textsOf(pattern: Pattern): readonly string[] {
  return pattern.flatMap((piece) => (piece.type === 'text' ? [piece.text] : []))
}

/** Joins neighbouring texts, so that equal values look equal. */
export function joined(value: SymbolicText): SymbolicText {
  const pieces: SymbolicText[number][] = []
  for (const piece of value) {
    const last = pieces.at(-1)
    if (piece.type === 'text' && piece.text === '') continue
    if (piece.type === 'text' && last?.type === 'text') {
      pieces[pieces.length - 1] = { type: 'text', text: last.text + piece.text }
    } else pieces.push(piece)
  }
  return pieces
}
