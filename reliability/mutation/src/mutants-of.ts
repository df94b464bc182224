/** The mutants of a source: each one small mistake that somebody could make. */
import { stripTypeScriptTypes } from 'node:module'
import { parseSync, Visitor } from 'rolldown/utils'

/** One mistake. */
export interface Mutant {
  readonly kind: 'boundary' | 'equality' | 'logic' | 'condition' | 'constant' | 'statement'
  readonly start: number
  readonly end: number
  /** What stands there instead. */
  readonly text: string
}

const OPERATORS: Readonly<Record<string, readonly [Mutant['kind'], string]>> = {
  '<': ['boundary', '<='],
  '<=': ['boundary', '<'],
  '>': ['boundary', '>='],
  '>=': ['boundary', '>'],
  '===': ['equality', '!=='],
  '!==': ['equality', '==='],
  '&&': ['logic', '||'],
  '||': ['logic', '&&'],
  '+': ['constant', '-'],
  '-': ['constant', '+'],
}

/** In the order in which they stand. Positions are those of the TypeScript itself. */
export function mutantsOf(source: string): readonly Mutant[] {
  // Types become blanks, so that everything else stays where it is.
  const stripped = stripTypeScriptTypes(source)
  const { program } = parseSync('module.js', stripped)
  const mutants: Mutant[] = []
  const operator = (left: { end: number }, right: { start: number }, written: string): void => {
    const known = OPERATORS[written]
    const at = stripped.indexOf(written, left.end)
    if (known === undefined || at < 0 || at >= right.start) return
    mutants.push({ kind: known[0], start: at, end: at + written.length, text: known[1] })
  }
  const negated = (node: { start: number; end: number }): void => {
    const text = `!(${source.slice(node.start, node.end)})`
    mutants.push({ kind: 'condition', start: node.start, end: node.end, text })
  }
  new Visitor({
    BinaryExpression: ({ left, operator: written, right }) => operator(left, right, written),
    LogicalExpression: ({ left, operator: written, right }) => operator(left, right, written),
    IfStatement: ({ test }) => negated(test),
    ConditionalExpression: ({ test }) => negated(test),
    Literal: ({ end, start, value }) => {
      if (typeof value === 'boolean') {
        mutants.push({ kind: 'constant', start, end, text: String(!value) })
      } else if (typeof value === 'number') {
        mutants.push({ kind: 'constant', start, end, text: String(value + 1) })
      }
    },
    ExpressionStatement: ({ end, start }) =>
      mutants.push({ kind: 'statement', start, end, text: ';' }),
  }).visit(program)
  return mutants.toSorted((one, other) => one.start - other.start)
}

/** The source with the mistake in it. */
export function withMutant(source: string, { end, start, text }: Mutant): string {
  return source.slice(0, start) + text + source.slice(end)
}
