/**
 * How much a statement's resources cover, for checks that ask whether a grant is broad.
 */
import {
  coversAction,
  type CompiledPolicy,
  type CompiledStatement,
} from '../compile/compiled-policy.ts'
import type { ArnPattern } from '../compile/arn-pattern.ts'
import { encode, type Token } from '../compile/template.ts'
import { withoutPrefix } from '../compile/topic-trie.ts'

/** A statement and its place. */
export interface PlacedStatement {
  readonly index: number
  readonly statement: CompiledStatement
}

/** Statements of one effect about an action. */
export function statementsAbout(
  policy: CompiledPolicy,
  action: string,
  effect: 'Allow' | 'Deny',
): readonly PlacedStatement[] {
  return policy.statements
    .map((statement, index) => ({ index, statement }))
    .filter(
      ({ statement }) => statement.source.effect === effect && coversAction(statement, action),
    )
}

/** What an entry leaves after a prefix of the resource part; empty when it does not reach there. */
export function afterPrefix(pattern: ArnPattern, prefix: string): readonly (readonly Token[])[] {
  if (pattern.everything) return [[{ type: 'any' }]]
  return withoutPrefix(pattern.resource, encode(prefix)) ?? []
}

/** Tokens up to the first `/`. */
export function firstSegment(tokens: readonly Token[]): readonly Token[] {
  const segment: Token[] = []
  for (const token of tokens) {
    if (token.type === 'text' && token.text.includes('/')) {
      const text = token.text.slice(0, token.text.indexOf('/'))
      if (text !== '') segment.push({ type: 'text', text, bytes: encode(text) })
      break
    }
    segment.push(token)
  }
  return segment
}

/** Whether tokens are wildcards only, at least one. */
export function onlyWildcards(tokens: readonly Token[]): boolean {
  return tokens.length > 0 && tokens.every(({ type }) => type === 'any' || type === 'one')
}

/**
 * The first entry for which `broad` holds after the prefix. `NotResource` is broad unless one of
 * its entries takes the whole prefix away.
 *
 * @returns the entry, `NotResource`, or undefined
 */
export function broadEntry(
  statement: CompiledStatement,
  prefix: string,
  broad: (tokens: readonly Token[]) => boolean,
): string | undefined {
  if (statement.source.resource.not) {
    const taken = statement.resources.some((pattern) =>
      afterPrefix(pattern, prefix).some((rest) => rest.length === 1 && rest[0]?.type === 'any'),
    )
    return taken ? undefined : 'NotResource'
  }
  return statement.resources.find((pattern) => afterPrefix(pattern, prefix).some(broad))?.text
}

/** Whether a statement counts only for connections whose thing is attached (authz L2). */
export function requiresAttachedThing(statement: CompiledStatement): boolean {
  return statement.conditions.some(({ key, source }) => {
    const { comparison, quantifier, ifExists } = source.operator
    return (
      key === 'iot:connection.thing.isattached' &&
      comparison === 'Bool' &&
      quantifier !== 'ForAllValues' &&
      !ifExists &&
      source.values.length > 0 &&
      source.values.every((value) => value.toLowerCase() === 'true')
    )
  })
}
