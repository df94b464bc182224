/**
 * A policy's and a property's resources as patterns, once the values of their variables are known
 * or named.
 */
import type { Account } from '@muster/model'
import { compileArnPattern, headerMatches, type ArnPattern } from '../compile/arn-pattern.ts'
import {
  parseTemplate,
  VariableTable,
  type Token,
  type VariableToken,
} from '../compile/template.ts'
import { literal, type Pattern, type Piece, type SymbolicText } from './pattern.ts'
import { placeholderClasses } from './property.ts'

/** Values of variables; undefined: the variable has none, and what uses it matches nothing. */
export type VariableLookup = (variable: VariableToken) => SymbolicText | undefined

/** Tokens as a pattern; undefined when it matches nothing. */
export function patternOf(tokens: readonly Token[], lookup: VariableLookup): Pattern | undefined {
  const pieces: Piece[] = []
  for (const token of tokens) {
    if (token.type === 'text') pieces.push({ type: 'text', text: token.text })
    else if (token.type === 'any' || token.type === 'one') pieces.push({ type: token.type })
    else if (token.type === 'never') return undefined
    else {
      const value = lookup(token)
      if (value === undefined) return undefined
      pieces.push(...value)
    }
  }
  return pieces
}

/**
 * A resource entry as a pattern of what stands after the fifth colon, for requests in an account;
 * undefined when none of those can match.
 */
export function resourcePattern(
  entry: ArnPattern,
  account: ProvenAccount,
  lookup: VariableLookup,
): Pattern | undefined {
  if (entry.everything) return [{ type: 'any' }]
  const header = ['arn', account.partition, 'iot', account.region, account.accountId]
  if (!headerMatches(entry, header)) return undefined
  return patternOf(entry.resource, lookup)
}

/** The entries of a statement that can match requests in an account. */
export function resourcePatterns(
  entries: readonly ArnPattern[],
  account: ProvenAccount,
  lookup: VariableLookup,
): readonly Pattern[] {
  return entries
    .map((entry) => resourcePattern(entry, account, lookup))
    .filter((one) => one !== undefined)
}

/** Where requests are made. */
export interface ProvenAccount extends Account {
  readonly partition: string
}

/** The ARN of a resource. */
export function arnIn({ partition, region, accountId }: ProvenAccount, resource: string): string {
  return `arn:${partition}:iot:${region}:${accountId}:${resource}`
}

/** Values of a property's placeholders. */
export interface PropertyValues {
  readonly own: SymbolicText | undefined
  readonly client: SymbolicText | undefined
}

/** A property's resource as a pattern; undefined when a placeholder of it has no value. */
export function propertyPattern(text: string, values: PropertyValues): Pattern | undefined {
  const pieces: Piece[] = []
  for (const part of text.split(/(\{[a-z]+\}|[*?])/)) {
    const name = /^\{([a-z]+)\}$/.exec(part)?.[1]
    const characters = placeholderClasses[name ?? '']
    if (part === '*') pieces.push({ type: 'any' })
    else if (part === '?') pieces.push({ type: 'one' })
    else if (characters !== undefined) pieces.push({ type: 'class', class: characters })
    else if (name === undefined) pieces.push(...literal(part))
    else {
      const value = name === 'own' ? values.own : values.client
      if (value === undefined) return undefined
      pieces.push(...value)
    }
  }
  return pieces
}

/** Those of a property's resources whose placeholders have values. */
export function propertyPatterns(
  texts: readonly string[],
  values: PropertyValues,
): readonly Pattern[] {
  return texts.map((text) => propertyPattern(text, values)).filter((one) => one !== undefined)
}

/** `{own}` and `{client}` of an example replaced by their values. */
export function exampleText(
  text: string,
  values: { readonly own: string | undefined; readonly client: string | undefined },
): string | undefined {
  let missing = false
  const written = text.replaceAll(/\{(own|client)\}/g, (_, name: 'own' | 'client') => {
    const value = values[name]
    if (value === undefined) missing = true
    return value ?? ''
  })
  return missing ? undefined : written
}

/** A value of an ARN condition as a pattern over whole texts (authz X9). */
export function arnConditionPattern(value: string): Pattern {
  const { header, resource, everything } = compileArnPattern(value, false, new VariableTable())
  if (everything) return [{ type: 'any' }]
  const pieces: Piece[] = []
  for (const [index, segment] of header.entries()) {
    if (index === 0 && typeof segment !== 'string') pieces.push(...literal('arn'))
    else pieces.push(...segmentPattern(segment))
    pieces.push(...literal(':'))
  }
  return [...pieces, ...(patternOf(resource, () => undefined) ?? [])]
}

function segmentPattern(segment: readonly Token[] | string | undefined): Pattern {
  if (segment === undefined) return [{ type: 'anyButColon' }]
  if (typeof segment === 'string') return literal(segment)
  const pieces = patternOf(segment, () => undefined) ?? []
  return pieces.map((piece): Piece => (piece.type === 'any' ? { type: 'anyButColon' } : piece))
}

/** A value of a string condition as a pattern. */
export function likePattern(value: string): Pattern {
  const rules = { wildcards: true, variables: false }
  return patternOf(parseTemplate(value, rules, new VariableTable()), () => undefined) ?? []
}
